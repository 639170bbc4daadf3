import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Stack, startStack } from '../../helpers/start-stack.ts';

let stack: Stack;
beforeAll(async () => {
  stack = await startStack({
    configure: ({ sources }) => {
      for (const source of sources.node) Object.assign(source, { retries: 0, deadlineMs: 60_000 });
    },
  });
});
afterAll(() => stack?.stop());

const TRANSFERS = '{ asperaNode(source: "london") { transfers { nodes { status } } } }';

it('what a query has still under way when it is answered is given up, and nobody joins it', async () => {
  const faults = stack.simulators.nodes[0]?.faults;
  // A page of transfers makes two calls at a time: one is never answered, and the other one fails.
  faults?.add({ kind: 'hang', path: '/ops/transfers', times: 1 });
  faults?.add({ kind: 'wrongJson', path: '/ops/transfers' });
  const { errors } = await stack.everything.send(TRANSFERS);
  expect(errors?.[0]?.extensions).toMatchObject({ code: 'SOURCE_BAD_ANSWER' });
  faults?.clear();
  const { data } = await stack.everything.send(TRANSFERS);
  expect(data).toEqual({ asperaNode: { transfers: { nodes: [] } } });
});

import type { ServerResponse } from 'node:http';
import { expect, test } from 'vitest';
import { createProgress } from '../../src/progress/progress.ts';
import { serve } from '../helpers/serve.ts';
import { openSource } from '../sources/node/odd-node.ts';
import { listen, settings, silent, until } from './watched-node.ts';

test('a node has four requests of polls at a time, one of each identity, and every identity has its turn', async () => {
  const held: { readonly url: string; readonly response: ServerResponse }[] = [];
  const callers: string[] = [];
  const server = await serve((request, response) => {
    const url = request.url ?? '';
    callers.push(url);
    held.push({ url, response });
  });
  const answer = () => {
    const link = '<http://node/ops/transfers?iteration_token=1>; rel="next"';
    const next = held.shift();
    const json = next?.url.startsWith('/info') ? '{"node_id":"n1"}' : '[]';
    next?.response.writeHead(200, { 'content-type': 'application/json', link }).end(json);
  };
  const source = openSource(server.origin, { circuitFailures: 1_000 });
  const progress = createProgress({ settings, logger: silent });
  const listeners = Array.from({ length: 9 }, (_, n) =>
    listen(progress.transfersOf(source, { key: `viewer ${n}`, subject: undefined })),
  );
  await until(() => held).toHaveLength(4);
  // Each of the nine begins with two requests, and none of them comes before another one has been answered.
  for (let answered = 1; answered <= 18; answered += 1) {
    answer();
    await until(() => callers.length).toBeGreaterThanOrEqual(4 + answered);
    expect(held).toHaveLength(4);
  }
  expect(callers.filter((url) => url.startsWith('/info')).length).toBe(9);
  await Promise.all(listeners.map(({ leave }) => leave()));
});

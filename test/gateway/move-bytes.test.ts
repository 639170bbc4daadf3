import { randomBytes } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readExample } from '../helpers/read-example.ts';
import { type Stack, startStack } from '../helpers/start-stack.ts';

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.stop());

const startExample = readExample('start-transfer');
const progressExample = readExample('transfer-progress');

interface Authorized {
  readonly authorizeUpload: { readonly spec: { readonly json: Record<string, unknown> }; readonly message?: string };
}
interface Started {
  readonly startTransfer: {
    readonly transfer: { readonly id: string; readonly status: string };
    readonly message?: string;
  };
}
interface Progressed {
  readonly transferProgress: {
    readonly cursor: string;
    readonly gap: boolean;
    readonly transfer: { readonly status: string; readonly progress: number | null; readonly bytesTransferred: number };
  };
}

const docroot = (name: string) => stack.simulators.nodes.find((node) => node.name === name)?.docroot ?? '';

async function startUpload(bytes: Buffer, options: { rateKbps?: number } = {}) {
  await mkdir(join(docroot('tokyo'), 'incoming'), { recursive: true });
  await writeFile(join(docroot('london'), 'master.mov'), bytes);
  const { authorizeUpload } = await stack.everything.data<Authorized>(
    startExample,
    { node: 'tokyo', destination: '/incoming' },
    'AuthorizeUpload',
  );
  const spec = { ...authorizeUpload.spec.json, ...(options.rateKbps ? { target_rate_kbps: options.rateKbps } : {}) };
  const variables = { node: 'london', spec, paths: [{ source: '/master.mov' }] };
  const { startTransfer } = await stack.everything.data<Started>(startExample, variables, 'StartTransfer');
  return startTransfer.transfer;
}

describe('a transfer between two nodes', () => {
  it('is authorized on one, started on the other, watched to its end, and its bytes arrive', async () => {
    const bytes = randomBytes(3_000_000);
    const { id } = await startUpload(bytes, { rateKbps: 40_000 });
    const events: Progressed['transferProgress'][] = [];
    for await (const answer of stack.everything.subscribe<Progressed>(progressExample, { id })) {
      expect(answer.errors).toBeUndefined();
      if (answer.data) events.push(answer.data.transferProgress);
    }
    const last = events.at(-1);
    expect(last?.transfer).toMatchObject({ status: 'COMPLETED', progress: 1 });
    expect(events.every(({ gap }) => !gap)).toBe(true);
    const arrived = await readFile(join(docroot('tokyo'), 'incoming', 'master.mov'));
    expect(arrived.equals(bytes)).toBe(true);
  });

  it('is followed by one poll of the node, however many subscribe', async () => {
    const { id } = await startUpload(randomBytes(2_000_000), { rateKbps: 12_000 });
    const london = stack.simulators.nodes[0];
    london?.requests.clear();
    const watch = async () => {
      let last: string | undefined;
      for await (const { data } of stack.everything.subscribe<Progressed>(progressExample, { id })) {
        last = data?.transferProgress.transfer.status;
      }
      return last;
    };
    const ends = await Promise.all(Array.from({ length: 25 }, watch));
    expect(ends).toEqual(Array.from({ length: 25 }, () => 'COMPLETED'));
    const polls = london?.requests.all().filter(({ path }) => path === '/ops/transfers') ?? [];
    // One poll at the start and about one a second after it, shared by all 25.
    expect(polls.length).toBeLessThan(10);
  });

  it('gives a subscriber that returns with its cursor the rest of the story', async () => {
    const { id } = await startUpload(randomBytes(2_000_000), { rateKbps: 8_000 });
    let cursor: string | undefined;
    for await (const { data } of stack.everything.subscribe<Progressed>(progressExample, { id })) {
      cursor = data?.transferProgress.cursor;
      break;
    }
    const statuses: (string | undefined)[] = [];
    for await (const { data } of stack.everything.subscribe<Progressed>(progressExample, { id, after: cursor })) {
      expect(data?.transferProgress.gap).toBe(false);
      statuses.push(data?.transferProgress.transfer.status);
    }
    expect(statuses.at(-1)).toBe('COMPLETED');
  });

  it('refuses a cursor that was never given for it', async () => {
    const { id } = await startUpload(randomBytes(10));
    const answers = [];
    for await (const answer of stack.everything.subscribe<Progressed>(progressExample, { id, after: 'AAAA' }))
      answers.push(answer);
    expect(answers[0]?.errors?.[0]?.extensions?.code).toBe('BAD_CURSOR');
  });

  it('is not there for a viewer who did not start it', async () => {
    const { id } = await startUpload(randomBytes(10));
    const answers = [];
    for await (const answer of stack.reader.subscribe<Progressed>(progressExample, { id })) answers.push(answer);
    expect(answers[0]?.errors?.[0]?.extensions?.code).toBe('NOT_FOUND');
    expect(await stack.reader.data('query ($id: ID!) { node(id: $id) { id } }', { id })).toEqual({ node: null });
    expect(await stack.everything.data('query ($id: ID!) { node(id: $id) { id } }', { id })).toEqual({ node: { id } });
  });

  it('says what to do when the spec has no paths', async () => {
    const { authorizeUpload } = await stack.everything.data<Authorized>(
      startExample,
      { node: 'tokyo', destination: '/' },
      'AuthorizeUpload',
    );
    const variables = { node: 'london', spec: { ...authorizeUpload.spec.json, paths: [] }, paths: [] };
    const { startTransfer } = await stack.everything.data<Started>(startExample, variables, 'StartTransfer');
    expect(startTransfer.message).toContain('say with `paths` what is transferred');
  });
});

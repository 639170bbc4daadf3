import { randomBytes } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createClient } from 'graphql-sse';
import { afterAll, afterEach, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { connectSocket } from '../helpers/raw-socket.ts';
import { readExample } from '../helpers/read-example.ts';
import { type Stack, startStack } from '../helpers/start-stack.ts';
import { type SilentServer, startSilentServer } from './silent-server.ts';
import { subscribe } from './socket-graph.ts';
import { keyOf } from './stack-key.ts';
import { PATIENCE } from './start-server.ts';

const POLL_MS = 50;
const DEADLINE_MS = 1_500;
/** What happens by then does not happen because of the deadline. */
const BEFORE_DEADLINE = { timeout: DEADLINE_MS - 200 };

let silent: SilentServer;
let stack: Stack;
beforeAll(async () => {
  silent = await startSilentServer();
  stack = await startStack({
    configure: (settings) => {
      settings.sources.faspex.push({ ...settings.sources.faspex[0], name: 'silent', url: silent.url });
      settings.progress = { intervalMs: POLL_MS, idleIntervalMs: POLL_MS };
      settings.limits = { upstreamRequests: 4, operationDeadlineMs: DEADLINE_MS };
    },
  });
});
afterEach(() => london()?.faults.clear());
afterAll(async () => {
  await stack?.stop();
  await silent?.close();
});

const london = () => stack?.simulators.nodes.find(({ name }) => name === 'london');
const polls = () => london()?.requests.count('GET', '/ops/transfers') ?? 0;

/** Resolves when no poll has come for the time of eight. */
async function pollingStops(): Promise<void> {
  let last = { count: polls(), at: performance.now() };
  await vi.waitFor(
    () => {
      if (polls() !== last.count) last = { count: polls(), at: performance.now() };
      expect(performance.now() - last.at).toBeGreaterThan(8 * POLL_MS);
    },
    { ...PATIENCE, interval: POLL_MS / 2 },
  );
}

async function pollingRuns(): Promise<void> {
  const before = polls();
  await vi.waitFor(() => expect(polls()).toBeGreaterThan(before + 2), PATIENCE);
}

const startExample = readExample('start-transfer');
const progressExample = readExample('transfer-progress');

interface Authorized {
  readonly authorizeUpload: { readonly spec: { readonly json: Record<string, unknown> } };
}
interface Started {
  readonly startTransfer: { readonly transfer: { readonly id: string } };
}

/** Starts a transfer from london to tokyo; the id of what london knows of it. */
async function startTransfer(bytes: number, rateKbps: number): Promise<string> {
  const [from, to] = stack.simulators.nodes;
  await mkdir(join(to?.docroot ?? '', 'incoming'), { recursive: true });
  await writeFile(join(from?.docroot ?? '', 'master.mov'), randomBytes(bytes));
  const { authorizeUpload } = await stack.everything.data<Authorized>(
    startExample,
    { node: 'tokyo', destination: '/incoming' },
    'AuthorizeUpload',
  );
  const spec = { ...authorizeUpload.spec.json, target_rate_kbps: rateKbps };
  const variables = { node: 'london', spec, paths: [{ source: '/master.mov' }] };
  return (await stack.everything.data<Started>(startExample, variables, 'StartTransfer')).startTransfer.transfer.id;
}

/** Each event of this asks tokyo for the other record of the transfer. */
const counterpartOf = `subscription ($id: ID!) {
  transferProgress(id: $id) { transfer { ... on NodeTransfer { status counterpart { source } } } }
}`;

/** One that takes longer than any test. */
const startEndless = () => startTransfer(1_000_000, 100);

async function watchOverSocket(id: string) {
  const socket = await connectSocket(stack.webSocketUrl, keyOf(stack));
  onTestFinished(() => socket.vanish());
  socket.send(subscribe('p', progressExample, { id }));
  expect(await socket.next()).toMatchObject({ type: 'next', payload: { data: { transferProgress: { gap: false } } } });
  return socket;
}

function watchOverEvents(id: string) {
  const headers = { authorization: `Bearer ${keyOf(stack)}` };
  const client = createClient({ url: stack.url, headers, retryAttempts: 0 });
  onTestFinished(() => client.dispose());
  return client.iterate<{ transferProgress: { transfer: { status: string } } }>({
    query: progressExample,
    variables: { id },
  });
}

describe('the poll behind a subscription', () => {
  it('ends when the client completes it', async () => {
    const socket = await watchOverSocket(await startEndless());
    await pollingRuns();
    socket.send({ type: 'complete', id: 'p' });
    await pollingStops();
  });

  it('ends when the socket is gone, and not before the last one is', async () => {
    const id = await startEndless();
    const first = await watchOverSocket(id);
    const second = await watchOverSocket(id);
    first.vanish();
    await pollingRuns();
    second.vanish();
    await pollingStops();
  });

  it('ends when a client of the event stream goes away', async () => {
    const events = watchOverEvents(await startEndless());
    await events.next();
    await pollingRuns();
    await events.return?.();
    await pollingStops();
  });
});

describe('progress over SSE', () => {
  it('is told to the end of the transfer, then the stream completes', async () => {
    const statuses: (string | undefined)[] = [];
    for await (const { data, errors } of watchOverEvents(await startTransfer(400_000, 8_000))) {
      expect(errors).toBeUndefined();
      statuses.push(data?.transferProgress.transfer.status);
    }
    expect(statuses.at(-1)).toBe('COMPLETED');
    await pollingStops();
  });
});

describe('a credential that the source stops accepting', () => {
  const refuse = () => london()?.faults.add({ kind: 'status', status: 401, path: '/ops/transfers' });
  const refused = [{ extensions: { code: 'SOURCE_UNAUTHENTICATED', source: 'london', retryable: false } }];

  it('ends a subscription over WebSocket with an error, and not the socket', async () => {
    const socket = await watchOverSocket(await startEndless());
    refuse();
    const frames = [];
    for (;;) {
      const frame = await socket.next();
      frames.push(frame);
      if (frame.type !== 'next') break;
    }
    expect(frames.at(-1)).toMatchObject({ type: 'error', id: 'p', payload: refused });
    socket.send(subscribe('q', '{ viewer { viewerId } }'));
    expect(await socket.next()).toMatchObject({ type: 'next', id: 'q' });
  });

  it('ends a subscription over SSE with an error', async () => {
    const events = watchOverEvents(await startEndless());
    await events.next();
    refuse();
    const results = [];
    for await (const result of events) results.push(result);
    expect(results.at(-1)).toMatchObject({ errors: refused });
  });
});

describe('an operation that takes too long', () => {
  const query = '{ viewer { viewerId } faspex(source: "silent") { account { name } } }';

  it('is given up at the deadline: upstream is told, the rest is answered', async () => {
    const before = silent.arrived;
    const started = performance.now();
    const { data, errors } = await stack.everything.send(query);
    const taken = performance.now() - started;
    expect(taken).toBeGreaterThanOrEqual(DEADLINE_MS - 20);
    expect(taken).toBeLessThan(DEADLINE_MS + 5_000);
    expect(data).toMatchObject({ viewer: { viewerId: 'key:everything' } });
    expect(errors).toMatchObject([
      {
        message: `This operation took longer than ${DEADLINE_MS} ms and was given up. Ask for less at once, or try again.`,
        path: ['faspex', 'account'],
        extensions: { code: 'OPERATION_TIMEOUT', retryable: true },
      },
    ]);
    expect(silent.arrived).toBeGreaterThan(before);
    await vi.waitFor(() => expect(silent.waiting).toBe(0), PATIENCE);
  });

  it('is given up at once when its HTTP client goes away', async () => {
    const aborter = new AbortController();
    const asked = fetch(stack.url, {
      method: 'POST',
      headers: { authorization: `Bearer ${keyOf(stack)}`, 'content-type': 'application/json' },
      body: JSON.stringify({ query }),
      signal: aborter.signal,
    });
    await vi.waitFor(() => expect(silent.waiting).toBe(1), PATIENCE);
    aborter.abort();
    await expect(asked).rejects.toThrow();
    await vi.waitFor(() => expect(silent.waiting).toBe(0), BEFORE_DEADLINE);
  });

  it('is given up at once when its WebSocket client completes it', async () => {
    const socket = await connectSocket(stack.webSocketUrl, keyOf(stack));
    onTestFinished(() => socket.vanish());
    socket.send(subscribe('1', query));
    await vi.waitFor(() => expect(silent.waiting).toBe(1), PATIENCE);
    socket.send({ type: 'complete', id: '1' });
    await vi.waitFor(() => expect(silent.waiting).toBe(0), BEFORE_DEADLINE);
  });

  it('is, for a subscription, each event by itself: the others go on', async () => {
    const tokyo = stack.simulators.nodes.find(({ name }) => name === 'tokyo');
    const id = await startEndless();
    tokyo?.faults.add({ kind: 'hang', path: '/ops/transfers', times: 1 });
    const answers = stack.everything.subscribe(counterpartOf, { id });
    const first = await answers.next();
    expect(first.value).toMatchObject({
      data: { transferProgress: { transfer: { status: 'RUNNING', counterpart: null } } },
      errors: [{ extensions: { code: 'OPERATION_TIMEOUT', retryable: true } }],
    });
    const second = await answers.next();
    expect(second.value.errors).toBeUndefined();
    expect(second.value).toMatchObject({
      data: { transferProgress: { transfer: { counterpart: { source: 'tokyo' } } } },
    });
    await answers.return?.();
    await pollingStops();
  });

  it('that nobody waits for is no failure of the gateway', () => {
    expect(stack.log.filter((line) => line.includes('unexpected failure'))).toEqual([]);
  });
});

describe('an operation that needs too many upstream requests', () => {
  it('gets null and REQUEST_LIMIT for what is beyond them, and everything else', async () => {
    const names = ['a', 'b', 'c', 'd', 'e', 'f'];
    const files = names.map((name) => `${name}: files(path: "/", first: 1) { nodes { name } }`);
    const query = `{ viewer { viewerId } asperaNode(source: "london") { ${files.join(' ')} } }`;
    const { data, errors = [] } = await stack.everything.send<{ asperaNode: Record<string, unknown> }>(query);
    expect(data).toMatchObject({ viewer: { viewerId: 'key:everything' } });
    const answered = names.filter((name) => data?.asperaNode[name] !== null);
    expect(answered).toHaveLength(4);
    expect(errors).toHaveLength(2);
    for (const { message, extensions } of errors) {
      expect(message).toBe(
        'This operation needs more than 4 requests to london. Ask for fewer items or fields at once.',
      );
      expect(extensions).toEqual({ code: 'REQUEST_LIMIT', source: 'london', retryable: false });
    }
  });

  it('has its allowance anew for each event, when it is a subscription', async () => {
    const answers = stack.everything.subscribe(counterpartOf, { id: await startEndless() });
    for (let events = 0; events < 7; events += 1) {
      const { value } = await answers.next();
      expect(value.errors).toBeUndefined();
      expect(value).toMatchObject({ data: { transferProgress: { transfer: { counterpart: { source: 'tokyo' } } } } });
    }
    await answers.return?.();
  });
});

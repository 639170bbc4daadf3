import { randomBytes } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pass } from 'node:timers/promises';
import { type Stack, startStack } from '../../test/helpers/start-stack.ts';
import { subscribe } from './subscribers.ts';

export interface PollsWanted {
  readonly histories: readonly number[];
  readonly subscribers: readonly number[];
  /** Until everybody has come and the first polls are over. */
  readonly settleMs: number;
  readonly measureMs: number;
}

/** What runs meanwhile: three transfers that are slow enough to outlast the bench. */
const RUNNING = 3;

const query = 'subscription { transfers(node: "london") { transfer { transferId status progress } cursor gap } }';

const start = `mutation ($name: String!) {
  transferBetweenNodes(input: {
    from: "london", to: "tokyo", paths: [{ source: $name }], destination: "/in", options: { targetRateKbps: 100 }
  }) { __typename ... on Error { message } }
}`;

async function startTransfers({ simulators, everything }: Stack): Promise<void> {
  const docroot = simulators.nodes[0]?.docroot ?? '';
  await mkdir(join(docroot, 'out'), { recursive: true });
  for (let n = 0; n < RUNNING; n += 1) {
    const name = `/out/${n}.bin`;
    await writeFile(join(docroot, name), randomBytes(4_000_000));
    const answer = await everything.data<{ transferBetweenNodes: { __typename: string } }>(start, { name });
    if (answer.transferBetweenNodes.__typename !== 'TransferBetweenNodesSuccess') {
      throw new Error(`no transfer was started: ${JSON.stringify(answer)}`);
    }
  }
}

export interface Polls {
  readonly history: number;
  readonly subscribers: number;
  /** Requests that the node received. */
  readonly upstreamPerSecond: number;
  readonly eventsPerSecond: number;
}

interface Measurement {
  readonly stack: Stack;
  readonly key: string;
  readonly history: number;
  readonly count: number;
  readonly wanted: PollsWanted;
}

async function measure({ stack, key, history, count, wanted }: Measurement): Promise<Polls> {
  const requests = stack.simulators.nodes[0]?.requests;
  const subscribers = await subscribe(stack.webSocketUrl, key, { count, query });
  await pass(wanted.settleMs);
  requests?.clear();
  const before = subscribers.events;
  await pass(wanted.measureMs);
  const seconds = wanted.measureMs / 1_000;
  const row = {
    history,
    subscribers: count,
    upstreamPerSecond: (requests?.count() ?? 0) / seconds,
    eventsPerSecond: (subscribers.events - before) / seconds,
  };
  await subscribers.close();
  return row;
}

async function measureHistory(history: number, wanted: PollsWanted): Promise<readonly Polls[]> {
  const key = `bench-${randomBytes(18).toString('base64url')}`;
  const stack = await startStack({
    configure: ({ viewers, ...settings }, _simulators, env) => {
      env.BENCH_KEY = key;
      viewers.apiKeys.push(Object.assign({ name: 'bench', scopes: ['*'] }, { key: { env: 'BENCH_KEY' } }));
      Object.assign(settings.sources.node[0] ?? {}, { visibility: 'all' });
    },
  });
  try {
    stack.simulators.nodes[0]?.seedTransfers(history);
    await startTransfers(stack);
    const rows: Polls[] = [];
    for (const count of wanted.subscribers) rows.push(await measure({ stack, key, history, count, wanted }));
    return rows;
  } finally {
    await stack.stop();
  }
}

/** Requests a second to the node, for subscribers × history: neither makes a difference. */
export async function measurePolls(wanted: PollsWanted): Promise<readonly Polls[]> {
  const rows: Polls[] = [];
  for (const history of wanted.histories) rows.push(...(await measureHistory(history, wanted)));
  return rows;
}

import { randomBytes } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished } from 'vitest';
import { createSecret } from '../../src/config/secret.ts';
import { createProgress } from '../../src/progress/progress.ts';
import type { Topic, WatchOptions } from '../../src/progress/types.ts';
import type { NodeSource } from '../../src/sources/node/source.ts';
import type { NodeTransfer } from '../../src/sources/node/types.ts';
import { changeTransferSpec, type JsonObject } from '../../src/transfer-spec/transfer-spec.ts';
import { type NodeCalls, startTwo } from '../simulators/node/start-nodes.ts';
import { openSource } from '../sources/node/odd-node.ts';

export const silent = { debug: () => undefined, warn: () => undefined };

/** Quick, so that tests are; the log remembers for an hour of the clock that tests move. */
export const settings = { intervalMs: 20, idleIntervalMs: 20, maxAgeMs: 3_600_000, maxEntries: 10_000 };

/** The gateway's clock, which a test may move without waiting. */
export function createMovableClock() {
  let offsetMs = 0;
  return {
    now: () => Date.now() + offsetMs,
    advance: (milliseconds: number) => {
      offsetMs += milliseconds;
    },
  };
}

/** The gateway's source for a simulated node, which never leaves it alone after failures. */
export function sourceOf({ node }: NodeCalls, more: Readonly<Record<string, unknown>> = {}): NodeSource {
  return openSource(node.url, {
    name: node.name,
    nodeUser: { username: node.username, password: createSecret(node.password) },
    circuitFailures: 1_000,
    ...more,
  });
}

/** What a subscriber is told, and what it costs it to be told no more. */
export interface Listener {
  readonly told: (NodeTransfer | 'gap')[];
  readonly cursors: string[];
  /** Why it ended, if it did. */
  end: { readonly error: unknown } | 'over' | undefined;
  leave(): Promise<void>;
}

/** Subscribes, and reads everything at once until the test is over. */
export function listen(topic: Topic<NodeTransfer>, options: WatchOptions<NodeTransfer> = {}): Listener {
  const watch = topic.watch(options);
  const leave = async () => {
    await watch.return();
  };
  const listener: Listener = { told: [], cursors: [], end: undefined, leave };
  const read = async () => {
    for await (const event of watch) {
      listener.told.push(event.kind === 'gap' ? 'gap' : event.value);
      listener.cursors.push(event.cursor);
    }
    listener.end = 'over';
  };
  read().catch((error: unknown) => {
    listener.end = { error };
  });
  onTestFinished(leave);
  return listener;
}

export const statusesOf = ({ told }: Listener, transferId: string) =>
  told.flatMap((one) => (one !== 'gap' && one.transferId === transferId ? [one.status] : []));

/** How often an end of the transfer was told. */
export const endsOf = (listener: Listener, transferId: string) =>
  statusesOf(listener, transferId).filter((status) => /COMPLETED|FAILED|CANCELED/.test(status)).length;

export interface StartOptions {
  readonly bytes?: number;
  /** Slow enough to be watched: kilobits per second. */
  readonly rateKbps?: number;
  readonly tags?: JsonObject;
}

/** Two nodes and a gateway's progress over the first; the topic polls fifty times a second. */
export async function startWatchedNode() {
  const { london, tokyo } = await startTwo();
  const clock = createMovableClock();
  const progress = createProgress({ settings, logger: silent, now: clock.now });
  const source = sourceOf(london);
  const client = source.open({ identity: source.identify(undefined) });
  const receiving = sourceOf(tokyo);
  const receiver = receiving.open({ identity: receiving.identify(undefined) });
  const topic = progress.transfersOf(source, source.identify(undefined));
  const feeds = () =>
    london.node.requests.all().filter(({ method, path }) => method === 'GET' && path === '/ops/transfers');
  const polled = async (times: number) => {
    const before = feeds().length;
    await expect.poll(() => feeds().length, { timeout: 8_000, interval: 10 }).toBeGreaterThanOrEqual(before + times);
  };

  /** Starts to send bytes from london to tokyo; one megabit per second unless told otherwise. */
  const start = async ({ bytes = 2_000_000, rateKbps = 1_000, tags = {} }: StartOptions = {}): Promise<string> => {
    const name = `${randomBytes(6).toString('hex')}.bin`;
    await mkdir(join(london.node.docroot, 'out'), { recursive: true });
    await writeFile(join(london.node.docroot, 'out', name), randomBytes(bytes));
    const spec = await receiver.authorizeUpload({
      ...{ paths: [{}], destinationRoot: '/in', targetRateKbps: rateKbps, cookie: 'from-the-portal', tags },
    });
    const changed = changeTransferSpec(spec, {
      ...{ paths: [{ source: `/out/${name}` }], precalculate_job_size: true, create_dir: true },
    });
    return (await client.startTransfer(changed.json)).transferId;
  };
  const cancel = (transferId: string) => client.changeTransfer(transferId, { status: 'CANCELED' });

  return { london, tokyo, clock, progress, source, client, topic, feeds, polled, start, cancel };
}

export type WatchedNode = Awaited<ReturnType<typeof startWatchedNode>>;

/** Waits until the listener has been told what the test looks for. */
export const until = (isSo: () => unknown) => expect.poll(isSo, { timeout: 8_000, interval: 10 });

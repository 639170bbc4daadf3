import type { RedisServer } from './redis-server.ts';

/** Who polls a topic, as Redis knows it. */
export interface PollOwner {
  /** Grows with each owner. */
  readonly epoch: number;
  /** Id of the owner's process on its machine. */
  readonly pid: number;
}

const PAUSE_MS = 5;

/** The owner of the only topic under this prefix; undefined while nobody polls. */
export async function pollOwner(redis: RedisServer, keyPrefix: string): Promise<PollOwner | undefined> {
  const [key] = (await redis.send('KEYS', `${keyPrefix}*:lease`)) as string[];
  const holder = key === undefined ? null : ((await redis.send('GET', key)) as string | null);
  const [, epoch, pid] = /^(\d+):.*\.(\d+)\.\w+$/.exec(holder ?? '') ?? [];
  return epoch === undefined ? undefined : { epoch: Number(epoch), pid: Number(pid) };
}

export interface TakeOver {
  readonly before: PollOwner;
  readonly after: PollOwner;
  /** From the fault until another process had the lease. */
  readonly milliseconds: number;
}

/** Does something to the owner of the only topic under this prefix, and measures how long it takes until another one polls. */
export async function measureTakeOver(
  redis: RedisServer,
  keyPrefix: string,
  fault: (owner: PollOwner) => unknown,
): Promise<TakeOver> {
  const before = await pollOwner(redis, keyPrefix);
  if (!before) throw new Error('nobody polls');
  const started = performance.now();
  await fault(before);
  for (;;) {
    const after = await pollOwner(redis, keyPrefix);
    if (after && after.pid !== before.pid) return { before, after, milliseconds: performance.now() - started };
    await new Promise((done) => setTimeout(done, PAUSE_MS));
  }
}

import { WebSocket } from 'ws';
import { nowMicroseconds } from './canned-node.ts';
import { documentOf, globalIdOf, transferIds } from './transfers.ts';

export interface SubscribersOptions {
  readonly url: string;
  /** Whose they are, in turn. */
  readonly keys: readonly string[];
  readonly count: number;
  /** Whether each sends a document of its own, so that no two can be served together. */
  readonly isAlone: boolean;
}

/** What subscribers have received since they were last asked. */
export interface Received {
  readonly messages: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

/** Sockets that are being opened at a time. */
const AT_ONCE = 100;
/** Lags are counted in buckets of a tenth of a millisecond, up to ten seconds. */
const BUCKETS = 100_000;
const BUCKET_US = 100;

const FIELD = Buffer.from('"bytesTransferred":');

/** When the transfer was as this message shows it; undefined for a message that is no event. */
function sentAtOf(data: Buffer): number | undefined {
  const place = data.indexOf(FIELD) + FIELD.length;
  if (place < FIELD.length) return undefined;
  return Number.parseInt(data.toString('latin1', place, place + 15), 10);
}

/** Resolves when the subscriber has been told something. */
function openSocket({ url, keys, isAlone }: SubscribersOptions, index: number, onEvent: (sentAt: number) => void) {
  const query = documentOf(isAlone ? `a${index}` : undefined);
  const variables = { id: globalIdOf(transferIds[index % transferIds.length] ?? '') };
  return new Promise<void>((resolve, reject) => {
    const socket = new WebSocket(url, 'graphql-transport-ws', { perMessageDeflate: false });
    const say = (message: object) => socket.send(JSON.stringify(message));
    const answer = (text: string) => {
      const id = `subscriber-${index}`;
      if (text.includes('connection_ack')) say({ type: 'subscribe', id, payload: { query, variables } });
      else if (!text.includes('"ping"')) reject(new Error(text));
    };
    socket.on('error', reject);
    socket.on('close', (code) => reject(new Error(`closed with ${code}`)));
    socket.on('open', () =>
      say({ type: 'connection_init', payload: { authorization: `Bearer ${keys[index % keys.length]}` } }),
    );
    socket.on('message', (data: Buffer) => {
      const sentAt = sentAtOf(data);
      if (sentAt === undefined) return answer(String(data));
      onEvent(sentAt);
      return resolve();
    });
  });
}

function quantile(buckets: Uint32Array, messages: number, share: number): number {
  let seen = 0;
  for (let bucket = 0; bucket < BUCKETS; bucket += 1) {
    seen += buckets[bucket] ?? 0;
    if (seen >= messages * share) return ((bucket + 1) * BUCKET_US) / 1_000;
  }
  return (BUCKETS * BUCKET_US) / 1_000;
}

/** Opens sockets until all of them have been told something. */
export async function subscribe(options: SubscribersOptions): Promise<{ take(): Received }> {
  const buckets = new Uint32Array(BUCKETS);
  let messages = 0;
  const onEvent = (sentAt: number) => {
    messages += 1;
    const bucket = Math.floor(Math.max(0, nowMicroseconds() - sentAt) / BUCKET_US);
    buckets[Math.min(bucket, BUCKETS - 1)] = (buckets[Math.min(bucket, BUCKETS - 1)] ?? 0) + 1;
  };
  let next = 0;
  const openSome = async () => {
    while (next < options.count) {
      next += 1;
      await openSocket(options, next - 1, onEvent);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, openSome));
  return {
    take: () => {
      const received = { messages, p50Ms: quantile(buckets, messages, 0.5), p99Ms: quantile(buckets, messages, 0.99) };
      buckets.fill(0);
      messages = 0;
      return received;
    },
  };
}

import type { RedisServer } from './redis-server.ts';

/** Everything that Redis holds, keys and values, as one text. */
export async function readRedis({ send }: RedisServer): Promise<string> {
  const texts: string[] = [];
  for (const key of (await send('KEYS', '*')) as string[]) {
    const kind = await send('TYPE', key);
    const read: Record<string, string[]> = {
      stream: ['XRANGE', key, '-', '+'],
      hash: ['HGETALL', key],
      string: ['GET', key],
      set: ['SMEMBERS', key],
      zset: ['ZRANGE', key, '0', '-1'],
    };
    texts.push(key, JSON.stringify(await send(...(read[String(kind)] ?? []))));
  }
  return texts.join('\n');
}

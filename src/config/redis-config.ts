import { z } from 'zod';
import { milliseconds, secret, tls } from './blocks.ts';

const isRedisUrl = (value: string) => {
  try {
    const { protocol, hostname, pathname, search, hash, username, password } = new URL(value);
    const isPlain = search === '' && hash === '' && username === '' && password === '';
    return /^rediss?:$/.test(protocol) && hostname !== '' && /^(\/\d*)?$/.test(pathname) && isPlain;
  } catch {
    return false;
  }
};

/** Where several gateway processes share their polls and events. */
export const redisConfig = z.strictObject({
  url: z
    .string()
    .refine(isRedisUrl, 'must be redis:// or rediss:// with a host, and a port and a database number where needed')
    .describe('Address of Redis or Valkey: redis://host:6379/0, or rediss:// for TLS.'),
  username: z.string().min(1).optional().describe('User of the access list, where it is not the default one.'),
  password: secret.optional().describe('Password of that user, or of the server.'),
  keyPrefix: z
    .string()
    .regex(/^[\w:.-]{1,64}$/, 'must hold only letters, digits and : . _ -')
    .default('aspera-gateway:')
    .describe('What every key begins with. All processes of one gateway have the same, and nobody else.'),
  leaseMs: milliseconds
    .min(300)
    .default(5_000)
    .describe('Milliseconds after which another process goes on with the polls of one that has died.'),
  tls: tls.describe('TLS towards Redis, with rediss://.'),
});

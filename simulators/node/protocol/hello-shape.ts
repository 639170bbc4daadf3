import * as z from 'zod';
import { protocolError } from '../ascp-error.ts';
import type { Hello, Message } from './message.ts';

/** A hello as any client may send it: all that is not required has the default of a transfer spec. */
const helloShape = z.object({
  type: z.literal('hello'),
  version: z.literal(1),
  direction: z.enum(['send', 'receive']),
  token: z.string().optional(),
  user: z.string().optional(),
  password: z.string().optional(),
  keyProof: z.string().optional(),
  sessionId: z.string().min(1),
  clientNodeId: z.string().default(''),
  cookie: z.string().optional(),
  tags: z.record(z.string(), z.unknown()).optional(),
  destinations: z.array(z.string()).default([]),
  destinationRoot: z.string().default('/'),
  createFolder: z.boolean().default(true),
  sources: z.array(z.object({ path: z.string(), target: z.string() })).default([]),
  precalculate: z.boolean().default(true),
  targetRateKbps: z.number().positive().default(1_000_000),
  minRateKbps: z.number().nonnegative().default(0),
  overwrite: z.string().default('diff'),
  resumePolicy: z.string().default('sparse_csum'),
  preserveTimes: z.boolean().default(false),
  symlinkPolicy: z.string().default('follow'),
  removeSources: z.enum(['nothing', 'files', 'folders']).default('nothing'),
  retryCount: z.int().nonnegative().default(0),
  spec: z.record(z.string(), z.unknown()).default({}),
});

/** Checks what a client introduced itself with; throws the protocol error that names the wrong member. */
export function readHello(message: Message): Hello {
  const parsed = helloShape.safeParse(message);
  if (!parsed.success) throw protocolError(`hello: ${parsed.error.issues[0]?.path.join('.')}`);
  const { token, user, password, keyProof, cookie, tags, ...rest } = parsed.data;
  return {
    ...rest,
    ...(token === undefined ? {} : { token }),
    ...(user === undefined ? {} : { user }),
    ...(password === undefined ? {} : { password }),
    ...(keyProof === undefined ? {} : { keyProof }),
    ...(cookie === undefined ? {} : { cookie }),
    ...(tags === undefined ? {} : { tags }),
  };
}

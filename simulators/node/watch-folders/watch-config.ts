import * as z from 'zod';
import { refusal } from '../errors.ts';
import { toAbsolute } from '../virtual-path.ts';

/** `30s`, `5m`, `1h`: durations as watch folders spell them. */
const durationShape = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/;
const unitMs: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

const duration = z.string().transform((text, context) => {
  if (text === 'infinite') return Number.POSITIVE_INFINITY;
  const [, amount, unit = ''] = durationShape.exec(text) ?? [];
  if (amount !== undefined) return Number(amount) * (unitMs[unit] ?? 1);
  context.addIssue('must be a duration such as 30s');
  return z.NEVER;
});

const authentication = z.looseObject({
  type: z.enum(['SSH', 'NODE_BASIC']),
  user: z.string().min(1),
  pass: z.string().optional(),
});

const location = z.looseObject({
  type: z.literal('REMOTE'),
  host: z.string().min(1),
  port: z.int().positive(),
  authentication,
});

const end = z.looseObject({ path: z.string().min(1).transform(toAbsolute), location: location.optional() });

/** The members of a configuration that decide something (aspera-node-api.md §6); the rest is kept and shown. */
const configShape = z.looseObject({
  id: z.string().min(1).optional(),
  source: end,
  target: end,
  cool_off: duration.default(5_000),
  snapshot_creation_period: duration.default(3_000),
  watchd: z.looseObject({ scan_period: duration.optional() }).optional(),
});

export type WatchConfig = z.output<typeof configShape>;
export type RemoteLocation = z.output<typeof location>;

/** Exactly one end is remote; IBM's manual of watch folders names the other two combinations as unsupported. */
function demandOneRemote({ source, target }: WatchConfig): void {
  if (source.location && target.location) throw refusal(400, 'Remote-to-remote watch folders are not supported');
  if (!source.location && !target.location) throw refusal(400, 'Local-to-local watch folders are not supported');
  // Over SSH alone a simulator cannot list what is there.
  if (source.location?.authentication.type === 'SSH') throw refusal(400, 'A remote source needs NODE_BASIC');
}

/** A configuration as POST and PUT take it, or a 400 that names the first member which is wrong. */
export function readWatchConfig(body: unknown): WatchConfig {
  const parsed = configShape.safeParse(body);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw refusal(400, `Invalid watch folder: ${issue?.path.join('.') || 'body'}: ${issue?.message}`);
  }
  demandOneRemote(parsed.data);
  return parsed.data;
}

import type { NodeTransfer } from '../sources/node/types.ts';
import type { Codec } from './redis/mirror.ts';

const dates: ReadonlySet<string> = new Set<keyof NodeTransfer>(['startedAt', 'endedAt']);

const withDates = (key: string, value: unknown) =>
  dates.has(key) && typeof value === 'string' ? new Date(value) : value;

/** Logged transfers have lost whatever only their owners may know: see `toLogged`. */
export const transferCodec: Codec<NodeTransfer> = {
  encode: (transfer) => JSON.stringify(transfer),
  decode: (text) => JSON.parse(text, withDates),
};

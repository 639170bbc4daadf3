import { createHash } from 'node:crypto';
import { BadCursor } from './types.ts';

/** A place in a topic's log. */
export interface LogPosition {
  /** The life of the log; a restart or a new epoch begins another. */
  readonly epoch: string;
  readonly sequence: number;
}

const VERSION = 1;

const digest = (topic: string) => createHash('sha256').update(topic).digest('base64url').slice(0, 12);

/** Cursors are opaque and bound to their topic, which names the source and the upstream identity. */
export function encodeCursor(topic: string, position: LogPosition): string {
  return Buffer.from(JSON.stringify([VERSION, digest(topic), position.epoch, position.sequence])).toString('base64url');
}

/** @throws BadCursor when this was never a cursor of the topic */
export function decodeCursor(topic: string, cursor: string): LogPosition {
  let parts: unknown;
  try {
    parts = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
  } catch {
    throw new BadCursor();
  }
  if (!Array.isArray(parts)) throw new BadCursor();
  const [version, topicDigest, epoch, sequence] = parts as unknown[];
  const fits = version === VERSION && topicDigest === digest(topic);
  if (!fits || typeof epoch !== 'string' || typeof sequence !== 'number' || !Number.isSafeInteger(sequence)) {
    throw new BadCursor();
  }
  return { epoch, sequence };
}

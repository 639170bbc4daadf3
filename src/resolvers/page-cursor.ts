import { hash } from 'node:crypto';
import { BadCursor } from '../progress/types.ts';

/** Cursors of one list: opaque, and good only for the same arguments and the same upstream identity. */
export interface PageCursors<Position> {
  encode(position: Position): string;
  /** @throws BadCursor when this was not given for this list */
  decode(cursor: string): Position;
}

const VERSION = 1;

/**
 * @param binding everything that makes the list what it is: source, upstream identity, filters
 * @param isPosition whether a value from outside can be a position
 */
export function createPageCursors<Position>(
  binding: readonly unknown[],
  isPosition: (value: unknown) => value is Position,
): PageCursors<Position> {
  let known: string | undefined;
  const digest = () => {
    known ??= hash('sha256', JSON.stringify(binding), 'base64url').slice(0, 12);
    return known;
  };
  return {
    encode: (position) => Buffer.from(JSON.stringify([VERSION, digest(), position])).toString('base64url'),
    decode: (cursor) => {
      let parts: unknown;
      try {
        parts = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
      } catch {
        throw new BadCursor();
      }
      if (!Array.isArray(parts) || parts[0] !== VERSION || parts[1] !== digest() || !isPosition(parts[2]))
        throw new BadCursor();
      return parts[2];
    },
  };
}

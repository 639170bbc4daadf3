import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeCursor, encodeCursor } from '../../src/progress/cursor.ts';
import { BadCursor } from '../../src/progress/types.ts';

const topic = JSON.stringify(['node', 'london', 'https://london key']);
const position = { epoch: 'e-1', sequence: 42 };

/** A cursor with these parts, as somebody would make it up. */
const forge = (...parts: unknown[]) => Buffer.from(JSON.stringify(parts)).toString('base64url');
const partsOf = (cursor: string) => JSON.parse(Buffer.from(cursor, 'base64url').toString()) as unknown[];

describe('a cursor', () => {
  test('is read back as the position that it was made of', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), fc.maxSafeNat(), (name, epoch, sequence) => {
        expect(decodeCursor(name, encodeCursor(name, { epoch, sequence }))).toEqual({ epoch, sequence });
      }),
    );
  });

  test('says nothing of the source or the identity that its topic names', () => {
    const text = Buffer.from(encodeCursor(topic, position), 'base64url').toString();
    expect(text).not.toContain('london');
  });

  test.each([
    ['another node', JSON.stringify(['node', 'tokyo', 'https://london key'])],
    ['another identity', JSON.stringify(['node', 'london', 'https://london other'])],
    ['packages', JSON.stringify(['faspex', 'london', 'https://london key'])],
  ])('of %s is refused', (_what, other) => {
    expect(() => decodeCursor(topic, encodeCursor(other, position))).toThrow(BadCursor);
  });

  test.each([
    ['nothing', ''],
    ['words', 'not a cursor'],
    ['JSON that is no list', Buffer.from('{}').toString('base64url')],
    ['null', Buffer.from('null').toString('base64url')],
    ['an empty list', forge()],
    ['half of a cursor', encodeCursor(topic, position).slice(0, 20)],
  ])('is refused when it is %s', (_what, text) => {
    expect(() => decodeCursor(topic, text)).toThrow(BadCursor);
  });

  test('of another version, or without a position, is refused', () => {
    const [version, digest, epoch, sequence] = partsOf(encodeCursor(topic, position));
    expect(decodeCursor(topic, forge(version, digest, epoch, sequence))).toEqual(position);
    for (const forged of [
      forge(2, digest, epoch, sequence),
      forge(String(version), digest, epoch, sequence),
      forge(version, digest, 7, sequence),
      forge(version, digest, epoch, '42'),
      forge(version, digest, epoch, 1.5),
      forge(version, digest, epoch, 2 ** 60),
      forge(version, digest, epoch, null),
    ]) {
      expect(() => decodeCursor(topic, forged)).toThrow(BadCursor);
    }
  });

  test('that is any text never does anything but be refused', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(() => decodeCursor(topic, text)).toThrow(BadCursor);
      }),
    );
  });
});

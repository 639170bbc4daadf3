import fc from 'fast-check';

/** Where a generator takes its decisions from. When nothing is left, every decision is the first, which is the simplest. */
export interface Choices {
  /** A whole number from 0 up to, and without, `count`. */
  below(count: number): number;
  /** One of several things. @throws Error when there are none */
  pick<T>(things: readonly T[]): T;
  /** True so many times out of a hundred; false when nothing is left. */
  chance(percent: number): boolean;
}

const BYTE = 256;

/** Reads decisions from bytes, so that whatever makes the bytes fewer or smaller makes what is generated simpler. */
export function readChoices(bytes: Uint8Array): Choices {
  let position = 0;
  const next = () => bytes[position++] ?? 0;
  const below = (count: number) => (count <= BYTE ? next() : next() * BYTE + next()) % Math.max(count, 1);
  return {
    below,
    pick: (things) => {
      if (things.length === 0) throw new Error('there is nothing to choose from');
      return things[below(things.length)] as (typeof things)[number];
    },
    // The highest values mean yes, so that zero means no.
    chance: (percent) => below(100) >= 100 - percent,
  };
}

/** @param most how many bytes, that is about how many decisions */
export const choiceBytes = (most: number) => fc.uint8Array({ maxLength: most, size: 'max' });

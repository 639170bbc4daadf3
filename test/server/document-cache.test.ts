import { describe, expect, it } from 'vitest';
import { createDocumentCache } from '../../src/server/document-cache.ts';

const text = (letter: string) => letter.repeat(10);

describe('the cache of parsed documents', () => {
  it('gives back what it was given', () => {
    const cache = createDocumentCache<number>(1_000);
    cache.set('{ a }', 1);
    cache.set('{ a }', 2);
    expect(cache.get('{ a }')).toBe(2);
    expect(cache.get('{ b }')).toBeUndefined();
  });

  it('forgets what was used longest ago once its characters are used up', () => {
    const cache = createDocumentCache<string>(200);
    const letters = [...'abcdefghijklmnopqrst'];
    for (const letter of letters) cache.set(text(letter), letter);
    expect(letters.filter((letter) => cache.get(text(letter)))).toEqual(letters);
    cache.get(text('a'));
    cache.set(text('u'), 'u');
    expect(cache.get(text('a'))).toBe('a');
    expect(cache.get(text('b'))).toBeUndefined();
    expect(cache.get(text('c'))).toBe('c');
  });

  it('counts a document once, however often it is kept', () => {
    const cache = createDocumentCache<number>(200);
    for (let round = 0; round < 100; round += 1) cache.set(text('a'), round);
    for (const letter of 'bcdefghijklmnopqrst') cache.set(text(letter), 0);
    expect(cache.get(text('a'))).toBe(99);
  });

  it('keeps no document that would push out many others', () => {
    const cache = createDocumentCache<number>(160);
    cache.set('x'.repeat(10), 1);
    cache.set('y'.repeat(11), 2);
    expect(cache.get('x'.repeat(10))).toBe(1);
    expect(cache.get('y'.repeat(11))).toBeUndefined();
  });
});

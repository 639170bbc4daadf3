import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { list, member, membersOf, requiredText } from '../../src/reading/members.ts';
import { fromSchema, type Reader, Unreadable } from '../../src/reading/reader.ts';

const readName: Reader<string> = (value) => requiredText(membersOf(value).name, 'name');

const failureOf = (work: () => unknown): Unreadable => {
  try {
    work();
  } catch (error) {
    if (error instanceof Unreadable) return error;
    throw error;
  }
  throw new Error('It could be read.');
};

describe('what cannot be read', () => {
  it('is named by the way to it through members and lists', () => {
    const read = (value: unknown) => member(value, 'page', (page) => list(membersOf(page).items, 'items', readName));
    expect(failureOf(() => read({ items: [{ name: 'a' }, { name: 7 }] })).path).toEqual(['page', 'items', 1, 'name']);
    expect(failureOf(() => read({ items: {} })).path).toEqual(['page', 'items']);
    expect(failureOf(() => read([])).path).toEqual(['page']);
  });

  it('is named in the same way by a schema', () => {
    const read = fromSchema(z.object({ items: z.array(z.object({ name: z.string() })) }), ({ items }) => items.length);
    expect(read({ items: [{ name: 'a', more: 1 }] })).toBe(1);
    expect(failureOf(() => read({ items: [{}] })).path).toEqual(['items', 0, 'name']);
  });

  it('is not repeated in what is said of it', () => {
    const { message } = failureOf(() => readName({ name: ['secret'] }));
    expect(message).not.toContain('secret');
  });

  it('is not taken for a mistake of ours', () => {
    const broken = () => {
      throw new TypeError('a mistake');
    };
    expect(() => list([1], 'items', broken)).toThrow(TypeError);
    expect(() => member(1, 'one', broken)).toThrow(TypeError);
  });
});

import { describe, expect, test, vi } from 'vitest';
import { createLatestQueue } from '../../src/progress/latest-queue.ts';

function openQueue({ limit = 10 } = {}) {
  const onReturn = vi.fn();
  const queue = createLatestQueue<string, string>({
    ...{ limit, overflow: () => 'too much', onReturn },
    merge: (waiting, newer) => `${newer[0]}${waiting.slice(1)}+${newer.slice(1)}`,
    release: (value, following) => (following === undefined ? value : `${value} before ${following}`),
  });
  const read = async () => (await queue.values.next()).value as string | undefined;
  return { ...queue, onReturn, read };
}

const over = { done: true, value: undefined };

describe('what a subscriber has still to read', () => {
  test('is the newest state of each thing, in the order of their first changes', async () => {
    const { push, values, read } = openQueue();
    push('a', 'a1');
    push('b', 'b1');
    push('a', 'a2');
    expect(values.waiting).toBe(2);
    expect([await read(), await read()]).toEqual(['a1+2 before b1', 'b1']);
    push('a', 'a3');
    expect(await read()).toBe('a3');
    expect(values.waiting).toBe(0);
  });

  test('comes as soon as there is something', async () => {
    const { push, values } = openQueue();
    const reading = values.next();
    push('a', 'a1');
    expect(await reading).toEqual({ done: false, value: 'a1' });
  });

  test('goes to concurrent readers one each, first come first served', async () => {
    const { push, values, fail } = openQueue();
    const readings = [values.next(), values.next(), values.next()];
    push('a', 'a1');
    push('b', 'b1');
    expect((await readings[0])?.value).toBe('a1 before b1');
    expect((await readings[1])?.value).toBe('b1');
    fail(new Error('gone'));
    await expect(readings[2]).rejects.toThrow('gone');
  });

  test('does not grow with the number of changes, nor beyond its limit with the number of things', async () => {
    const { push, values, read } = openQueue({ limit: 3 });
    for (let count = 0; count < 100; count += 1) push('a', `a${count}`);
    expect(values.waiting).toBe(1);
    for (const key of ['b', 'c']) push(key, key);
    expect(values.waiting).toBe(3);
    push('c', 'c2');
    expect(values.waiting).toBe(3);
    push('d', 'd');
    push('e', 'e');
    expect(values.waiting).toBe(2);
    expect([await read(), await read()]).toEqual(['too much before e', 'e']);
  });

  test('is read to its end before a failure is told, and then it is over', async () => {
    const { push, values, fail, read } = openQueue();
    push('a', 'a1');
    fail(new Error('first'));
    fail(new Error('second'));
    push('b', 'too late');
    expect(await read()).toBe('a1');
    await expect(values.next()).rejects.toThrow('first');
    expect(await values.next()).toEqual(over);
  });

  test('fails who waits for it, once, and ends the others', async () => {
    const { values, fail } = openQueue();
    const readings = [values.next(), values.next()];
    fail(new Error('gone'));
    await expect(readings[0]).rejects.toThrow('gone');
    expect(await readings[1]).toEqual(over);
  });

  test('is given up with the reader, who no longer waits then', async () => {
    const { push, values, fail, onReturn } = openQueue();
    const readings = [values.next(), values.next()];
    expect(await values.return()).toEqual(over);
    expect(await Promise.all(readings)).toEqual([over, over]);
    expect(onReturn).toHaveBeenCalledOnce();
    push('a', 'a1');
    fail(new Error('nobody hears it'));
    expect(values.waiting).toBe(0);
    expect(await values.next()).toEqual(over);
  });

  test('is forgotten with the reader, even a failure', async () => {
    const { push, values, fail } = openQueue();
    push('a', 'a1');
    fail(new Error('nobody hears it'));
    await values.return();
    expect(values.waiting).toBe(0);
    expect(await values.next()).toEqual(over);
  });

  test('can be read with for await', async () => {
    const { push, values, onReturn } = openQueue();
    push('a', 'a1');
    push('b', 'b1');
    const seen: string[] = [];
    for await (const value of values) {
      seen.push(value);
      if (seen.length === 2) break;
    }
    expect(seen).toEqual(['a1 before b1', 'b1']);
    expect(onReturn).toHaveBeenCalled();
  });
});

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createMemoryLog, SINCE } from '../../src/progress/event-log.ts';

const epoch = 'epoch-1';
const at = (sequence: number) => ({ epoch, sequence });

/** A log on a clock that stands still until it is moved. */
function openLog({ maxAgeMs = 1_000, maxEntries = 100 } = {}) {
  let nowMs = 50_000;
  const log = createMemoryLog<string>(epoch, { maxAgeMs, maxEntries }, () => nowMs);
  const append = (...values: string[]) => {
    for (const value of values) log.append(value);
  };
  const valuesSince = (sequence: number) => log.since(at(sequence)).entries.map(({ value }) => value);
  const wait = (milliseconds: number) => {
    nowMs += milliseconds;
  };
  return { log, append, valuesSince, wait };
}

describe('a log of events', () => {
  test('gives what came after a position, oldest first', () => {
    const { log, append, valuesSince } = openLog();
    append('a', 'b', 'c');
    expect(valuesSince(1)).toEqual(['b', 'c']);
    expect(log.since(at(1))).toMatchObject({ gap: false, entries: [{ sequence: 2 }, { sequence: 3 }] });
    expect(valuesSince(0)).toEqual(['a', 'b', 'c']);
    expect(log.position).toEqual(at(3));
  });

  test('has nothing, and no gap, for who has seen the newest', () => {
    const { log, append, wait } = openLog();
    expect(log.since(log.position)).toEqual({ entries: [], gap: false });
    append('a');
    wait(60_000);
    expect(log.since(log.position)).toEqual({ entries: [], gap: false });
  });

  test('forgets what is too old, and says so to who has not seen it', () => {
    const { log, append, valuesSince, wait } = openLog({ maxAgeMs: 1_000 });
    append('a');
    wait(600);
    append('b');
    wait(600);
    expect(log.since(at(0))).toEqual({ entries: [], gap: true });
    expect(valuesSince(1)).toEqual(['b']);
    wait(600);
    expect(log.since(at(1))).toEqual({ entries: [], gap: true });
  });

  test('forgets what is too much, and says so to who has not seen it', () => {
    const { log, append, valuesSince } = openLog({ maxEntries: 2 });
    append('a', 'b', 'c', 'd');
    expect(log.since(at(1))).toEqual({ entries: [], gap: true });
    expect(valuesSince(2)).toEqual(['c', 'd']);
  });

  test('announces a gap to who comes from another epoch, or from the future', () => {
    const { log, append } = openLog();
    append('a');
    expect(log.since({ epoch: 'epoch-0', sequence: 1 })).toEqual({ entries: [], gap: true });
    expect(log.since(at(2))).toEqual({ entries: [], gap: true });
    expect(log.since(at(-1))).toEqual({ entries: [], gap: true });
  });

  test('that goes on from another one takes its places, and knows what came after a moment', () => {
    const limits = { maxAgeMs: 1_000, maxEntries: 3 };
    const log = createMemoryLog<string>(epoch, limits, () => 50_000, { sequence: 40, sinceMs: 49_500 });
    const since = (sequence: number) => log.since({ epoch: SINCE, sequence });
    expect(log.position).toEqual(at(40));
    expect(since(49_499)).toEqual({ entries: [], gap: true });
    expect(since(49_500)).toEqual({ entries: [], gap: false });
    log.append('a', { sequence: 41, atMs: 49_600 });
    log.append('b', { sequence: 42, atMs: 49_700 });
    expect(since(49_600).entries).toMatchObject([{ sequence: 41 }, { sequence: 42 }]);
    expect(since(49_601).entries).toMatchObject([{ sequence: 42, value: 'b' }]);
    expect(since(49_701)).toEqual({ entries: [], gap: false });
    expect([log.since(at(39)).gap, log.since(at(40)).gap, log.since(at(43)).gap]).toEqual([true, false, true]);
    log.append('c', { sequence: 43, atMs: 49_800 });
    log.append('d', { sequence: 44, atMs: 49_900 });
    // The oldest had to go.
    expect([since(49_600).gap, since(49_601).gap]).toEqual([true, false]);
  });

  test('of this process alone does not know what came after a moment of another clock', () => {
    const { log, append } = openLog();
    append('a');
    expect(log.since({ epoch: SINCE, sequence: 0 })).toEqual({ entries: [], gap: true });
  });

  test('is not confused by a clock that is set back', () => {
    const { log, append, valuesSince, wait } = openLog({ maxAgeMs: 1_000 });
    append('a');
    wait(-3_600_000);
    append('b', 'c');
    wait(1_500);
    expect(log.since(at(0)).gap || valuesSince(0).length === 3).toBe(true);
    expect(log.since(at(1)).gap || valuesSince(1).join() === 'b,c').toBe(true);
  });

  test('gives exactly what came later or announces a gap, whatever was appended and forgotten', () => {
    const step = fc.oneof(
      fc.record({ kind: fc.constant('append' as const), amount: fc.integer({ min: 1, max: 6 }) }),
      fc.record({ kind: fc.constant('wait' as const), amount: fc.integer({ min: 0, max: 900 }) }),
      fc.record({ kind: fc.constant('ask' as const), amount: fc.integer({ min: -1, max: 12 }) }),
    );
    const limits = fc.record({ maxAgeMs: fc.constantFrom(500, 1_000), maxEntries: fc.integer({ min: 1, max: 9 }) });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), limits, (steps, chosen) => {
        const model = createModel(chosen);
        for (const { kind, amount } of steps) model[kind](amount);
      }),
      { numRuns: 500 },
    );
  });
});

/** A log beside a list that forgets nothing, by which its answers are judged. */
function createModel(limits: { readonly maxAgeMs: number; readonly maxEntries: number }) {
  const { log, wait } = openLog(limits);
  const all: { readonly sequence: number; readonly atMs: number }[] = [];
  let nowMs = 0;
  return {
    append: (count: number) => {
      for (let left = count; left > 0; left -= 1) {
        const { sequence } = log.append(`value ${all.length + 1}`);
        all.push({ sequence, atMs: nowMs });
      }
    },
    wait: (milliseconds: number) => {
      wait(milliseconds);
      nowMs += milliseconds;
    },
    ask: (back: number) => {
      const cursor = all.length - back;
      const later = all.filter(({ sequence }) => sequence > cursor);
      const isHeld = later.length <= limits.maxEntries && later.every(({ atMs }) => nowMs - atMs <= limits.maxAgeMs);
      const { entries, gap } = log.since(at(cursor));
      expect(gap).toBe(cursor < 0 || cursor > all.length || !isHeld);
      expect(entries.map(({ value }) => value)).toEqual(gap ? [] : later.map(({ sequence }) => `value ${sequence}`));
    },
  };
}

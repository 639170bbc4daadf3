import { mkdirSync, symlinkSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ListBody, type MountedFiles, mountFiles } from './mounted-files.ts';

interface Known {
  readonly path: string;
  readonly name: string;
  readonly type: string;
  readonly size: number;
  readonly seconds: number;
}

const START = Date.parse('2026-03-01T00:00:00Z') / 1000;
const extensions = ['txt', 'TXT', 'mov', '大', 'gz'];

/** Many equal sizes, times and case-folded names, so that orders have ties to break. */
function fill({ root, write }: MountedFiles): Known[] {
  const known: Known[] = [];
  const add = (name: string, type: string, size: number, seconds: number) => {
    known.push({ path: `/f/${name}`, name, type, size, seconds });
    if (type !== 'symbolic_link') utimesSync(join(root, 'f', name), seconds, seconds);
  };
  for (let index = 0; index < 60; index += 1) {
    const name = `${index % 2 ? 'Ab' : 'aB'}${index % 7} é${'x'.repeat(index % 3)}${index}.${extensions[index % 5]}`;
    write(`f/${name}`, 'z'.repeat(index % 6));
    add(name, 'file', index % 6, START + (index % 9) * 3600);
  }
  for (let index = 0; index < 12; index += 1) {
    mkdirSync(join(root, 'f', `Ab dir ${index}`));
    add(`Ab dir ${index}`, 'directory', 0, START + index * 1800);
  }
  return known;
}

const optional = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined });
const seconds = fc.integer({ min: START - 10, max: START + 10 * 3600 });

const filters = fc.record({
  types: optional(fc.subarray(['file', 'directory', 'symbolic_link'])),
  ends: optional(fc.constantFrom('.txt', '.mov', '.大', '')),
  starts: optional(fc.constantFrom('ab', 'Ab', 'AB')),
  size_min: optional(fc.integer({ min: 0, max: 6 })),
  size_max: optional(fc.integer({ min: 0, max: 6 })),
  mtime_min: optional(seconds),
  mtime_max: optional(seconds),
});
type Filters = typeof filters extends fc.Arbitrary<infer T> ? T : never;

const time = (at: number | undefined) => (at === undefined ? undefined : new Date(at * 1000).toISOString());

/** The filters as they are sent. `starts` is a glob of names and `ends` one of whole paths. */
const sent = ({ types, starts, ends, size_min, size_max, mtime_min, mtime_max }: Filters) => ({
  types,
  ...(starts === undefined ? {} : { basenames: [`${starts}*`] }),
  ...(ends === undefined ? {} : { paths: [`/f/*${ends}`] }),
  size_min,
  size_max,
  mtime_min: time(mtime_min),
  mtime_max: time(mtime_max),
});

/** The same filters in plain comparisons. */
function isExpected(entry: Known, chosen: Filters, caseSensitive: boolean): boolean {
  const fold = (text: string) => (caseSensitive ? text : text.toLowerCase());
  const { types, starts, ends, size_min, size_max, mtime_min, mtime_max } = chosen;
  return [
    !types?.length || types.includes(entry.type),
    fold(entry.name).startsWith(fold(starts ?? '')),
    entry.path.endsWith(ends ?? ''),
    (size_min === undefined && size_max === undefined) || entry.type === 'file',
    size_min === undefined || entry.size >= size_min,
    size_max === undefined || entry.size < size_max,
    mtime_min === undefined || entry.seconds > mtime_min,
    mtime_max === undefined || entry.seconds < mtime_max,
  ].every(Boolean);
}

describe('paging through browse', () => {
  it('gives each matching entry exactly once, for any filter, sort, count and first skip', async () => {
    const files = await mountFiles();
    const known = fill(files);
    const request = fc.record({
      chosen: filters,
      sort: optional(fc.constantFrom('path', 'type', 'size_a', 'size_d', 'mtime_a', 'mtime_d')),
      case_sensitive: fc.boolean(),
      count: fc.integer({ min: 5, max: 80 }),
      first: fc.integer({ min: 0, max: 20 }),
    });
    await fc.assert(
      fc.asyncProperty(request, async ({ chosen, sort, case_sensitive, count, first }) => {
        const expected = known.filter((entry) => isExpected(entry, chosen, case_sensitive)).map(({ path }) => path);
        const page = async (skip: number) => {
          const body = { path: '/f', skip, count, sort, case_sensitive, filters: sent(chosen) };
          return (await files.call<ListBody>('nodeUser', 'POST', '/files/browse', { body })).json;
        };
        const whole: string[] = [];
        for (let total = 1; whole.length < total; ) {
          const { items, item_count, total_count } = await page(whole.length);
          expect([total_count, item_count]).toEqual([expected.length, items.length]);
          expect(items.length).toBe(Math.min(count, expected.length - whole.length));
          whole.push(...items.map(({ path }) => path));
          total = total_count;
        }
        expect([...whole].sort()).toEqual([...expected].sort());
        expect((await page(first)).items.map(({ path }) => path)).toEqual(whole.slice(first, first + count));
      }),
      { numRuns: 60 },
    );
  });

  it('keeps links apart in an order by type', async () => {
    const files = await mountFiles();
    fill(files);
    symlinkSync('nowhere', join(files.root, 'f', 'aaa link'));
    const body = { path: '/f', sort: 'type', count: 1000 };
    const { items } = (await files.call<ListBody>('nodeUser', 'POST', '/files/browse', { body })).json;
    const types = items.map(({ type }) => type);
    expect([types.lastIndexOf('directory'), types.indexOf('file'), types.indexOf('symbolic_link')]).toEqual([
      11, 12, 72,
    ]);
  });
});

import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type OffsetList, type OffsetPosition, readOffsetPage } from '../../src/resolvers/offset-pages.ts';

/** A sorted list of a vendor that gives parts by offset, and counts how often it was asked. */
function createVendorList(rows: Set<number>, idOf: (row: number) => string = String) {
  let calls = 0;
  const list: OffsetList<number> = {
    read: async (offset, limit) => {
      calls += 1;
      const sorted = [...rows].sort((left, right) => left - right);
      return {
        rows: sorted.slice(offset, offset + limit),
        hasMore: offset + limit < sorted.length,
        total: sorted.length,
      };
    },
    idOf,
  };
  const takeCalls = () => {
    const made = calls;
    calls = 0;
    return made;
  };
  return { list, takeCalls };
}

/** Reads all pages; `change` is called between any two. */
async function readAll(list: OffsetList<number>, size: number, change: (read: readonly number[]) => void) {
  const read: number[] = [];
  let after: OffsetPosition | undefined;
  let shifted = false;
  for (;;) {
    const page = await readOffsetPage(list, after, size);
    read.push(...page.rows.map(({ row }) => row));
    shifted ||= page.shifted;
    after = page.rows.at(-1)?.position();
    if (!page.hasMore || !after) return { read, shifted };
    change(read);
  }
}

/** What happens between two pages: some rows go, some come in anywhere. */
interface Step {
  readonly removed: readonly number[];
  readonly added: readonly number[];
}

const steps = fc.array(
  fc.record({
    removed: fc.array(fc.nat({ max: 999 }), { maxLength: 4 }),
    added: fc.array(fc.nat({ max: 9_999 }), { maxLength: 12 }),
  }),
  { maxLength: 30 },
);

/** Changes the rows. Those that were there at first are even, those that come are odd and never come twice. */
function createChange(rows: Set<number>, all: readonly Step[]) {
  const gone = new Set<number>();
  const remaining = [...all];
  return () => {
    const { removed, added } = remaining.shift() ?? { removed: [], added: [] };
    for (const row of removed.flatMap((index) => [...rows][index % rows.size] ?? [])) {
      rows.delete(row);
      gone.add(row);
    }
    for (const row of added.map((number) => number * 2 + 1).filter((number) => !gone.has(number))) rows.add(row);
  };
}

describe('pages of a list that is cut by offset', () => {
  it.each([
    ['short', String],
    ['long', (row: number) => `/a/folder/of/rows/${row}`],
  ])('miss and double nothing that stayed, while rows with %s ids come and go', async (_, idOf) => {
    const check = async (length: number, size: number, changes: readonly Step[]) => {
      const start = Array.from({ length }, (_, index) => index * 100);
      const rows = new Set(start);
      const { list } = createVendorList(rows, idOf);
      const { read, shifted } = await readAll(list, size, createChange(rows, changes));
      // Fewer go than a cursor remembers, and fewer come than are looked through; short pages remember less.
      if (shifted && size < 6) return;
      expect(shifted).toBe(false);
      expect(read.filter((row) => rows.has(row) && row % 2 === 0)).toEqual(start.filter((row) => rows.has(row)));
      expect(new Set(read).size).toBe(read.length);
    };
    const sizes = [fc.integer({ min: 1, max: 120 }), fc.integer({ min: 1, max: 12 })] as const;
    await fc.assert(fc.asyncProperty(...sizes, steps, check), { numRuns: 300 });
  });

  it('cost one call each when nothing changes', async () => {
    const { list, takeCalls } = createVendorList(new Set(Array.from({ length: 100 }, (_, index) => index)));
    const { read } = await readAll(list, 20, () => expect(takeCalls()).toBe(1));
    expect(read).toHaveLength(100);
  });

  it('find their place again when the rows before it have gone, and when others have come in before it', async () => {
    for (const change of ['gone', 'come'] as const) {
      const rows = new Set(Array.from({ length: 100 }, (_, index) => index));
      const { list, takeCalls } = createVendorList(rows);
      const first = await readOffsetPage(list, undefined, 20);
      for (let index = 0; index < 15; index += 1) {
        if (change === 'gone') rows.delete(index);
        else rows.add(-1 - index);
      }
      takeCalls();
      const second = await readOffsetPage(list, first.rows.at(-1)?.position(), 20);
      expect(second.rows.map(({ row }) => row)).toEqual(Array.from({ length: 20 }, (_, index) => 20 + index));
      expect(second.shifted).toBe(false);
      expect(takeCalls()).toBe(2);
    }
  });

  it('stay where they were when the last row that was read moves elsewhere', async () => {
    for (const place of [0, 99]) {
      const order = Array.from({ length: 100 }, (_, index) => index);
      const list: OffsetList<number> = {
        read: async (offset, limit) => {
          const rows = order.slice(offset, offset + limit);
          return { rows, hasMore: offset + limit < order.length, total: order.length };
        },
        idOf: String,
      };
      const first = await readOffsetPage(list, undefined, 60);
      order.splice(place, 0, ...order.splice(59, 1));
      const second = await readOffsetPage(list, first.rows.at(-1)?.position(), 60);
      expect(second.rows.map(({ row }) => row)).toEqual(Array.from({ length: 40 }, (_, index) => 60 + index));
      expect(second).toMatchObject({ hasMore: false, shifted: false });
    }
  });

  it('say that something may be missing when the place cannot be found again', async () => {
    const rows = new Set(Array.from({ length: 200 }, (_, index) => index));
    const { list, takeCalls } = createVendorList(rows);
    const first = await readOffsetPage(list, undefined, 20);
    for (let index = 10; index < 20; index += 1) rows.delete(index);
    takeCalls();
    const second = await readOffsetPage(list, first.rows.at(-1)?.position(), 20);
    expect(second.shifted).toBe(true);
    expect(second.rows).toHaveLength(20);
    expect(takeCalls()).toBeLessThanOrEqual(5);
  });
});

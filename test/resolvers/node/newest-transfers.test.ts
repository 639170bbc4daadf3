import * as fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { BoundNode, OperationContext } from '../../../src/context/context.ts';
import { newestTransfers, type TransferPosition } from '../../../src/resolvers/node/newest-transfers.ts';
import type { NodeTransfer, TransferFeed, TransferFeedQuery } from '../../../src/sources/node/types.ts';
import { SourceError } from '../../../src/transport/source-error.ts';

const START = Date.parse('2026-06-01T12:00:00Z');
const HOUR = 3_600_000;

beforeEach(() => void vi.useFakeTimers({ toFake: ['Date'], now: START }));
afterEach(() => void vi.useRealTimers());

interface Known {
  readonly id: string;
  readonly startedMs: number;
  endedMs: number | undefined;
}

const toTransfer = ({ id, startedMs, endedMs }: Known) =>
  ({
    transferId: id,
    status: endedMs === undefined ? 'RUNNING' : 'COMPLETED',
    startedAt: new Date(startedMs),
    endedAt: endedMs === undefined ? undefined : new Date(endedMs),
    sessions: [],
    tags: {},
  }) as unknown as NodeTransfer;

/**
 * The change feed of a node with a limit of its own (aspera-node-api.md §5.2): oldest change first, after a time or
 * behind a token; the end is an empty page or a token that repeats. What runs changes all the time.
 */
function createFeed(all: Map<string, Known>, limit: number) {
  let calls = 0;
  const changedMs = ({ endedMs }: Known) => endedMs ?? Date.now();
  const transferFeed = async (query: TransferFeedQuery): Promise<TransferFeed> => {
    calls += 1;
    // Time goes on, so that what runs is in the feed again behind every token.
    vi.setSystemTime(Date.now() + 20);
    const { afterTime, iterationToken, activeOnly, count = limit } = query;
    const [tokenMs = Number.NEGATIVE_INFINITY, tokenId = ''] = iterationToken ? JSON.parse(iterationToken) : [];
    const found = [...all.values()]
      .filter((one) => changedMs(one) > (afterTime?.getTime() ?? Number.NEGATIVE_INFINITY))
      .filter((one) => !activeOnly || one.endedMs === undefined)
      .filter((one) => changedMs(one) > tokenMs || (changedMs(one) === tokenMs && one.id > tokenId))
      .sort((left, right) => changedMs(left) - changedMs(right) || (left.id < right.id ? -1 : 1))
      .slice(0, Math.min(count, limit));
    const last = found.at(-1);
    const nextToken = last ? JSON.stringify([changedMs(last), last.id]) : iterationToken;
    return { transfers: found.map(toTransfer), nextToken };
  };
  const takeCalls = () => {
    const made = calls;
    calls = 0;
    return made;
  };
  return { transferFeed, takeCalls };
}

const nodeWith = (transferFeed: (query: TransferFeedQuery) => Promise<TransferFeed>) =>
  ({
    source: { name: 'london', config: { actAs: 'service', visibility: 'all' } },
    client: { transferFeed },
  }) as unknown as BoundNode;

const context = { viewer: { id: 'somebody', scopes: new Set(['transfer.all']) } } as unknown as OperationContext;

const firstPage = { activeOnly: false, direction: undefined, after: undefined };

/** Reads all pages; `change` is called between any two. */
async function readAll(feed: ReturnType<typeof createFeed>, count: number, change: () => void) {
  const node = nodeWith(feed.transferFeed);
  const read: string[] = [];
  let after: TransferPosition | undefined;
  for (;;) {
    const page = await newestTransfers(node, { ...firstPage, count, after }, context);
    expect(feed.takeCalls()).toBeLessThanOrEqual(6);
    expect(page.shifted).toBe(false);
    read.push(...page.rows.map(({ place }) => place.transferId));
    const place = page.next ?? page.rows.at(-1)?.place;
    if (!page.hasMore || !place) return read;
    after = { place, anchorMs: page.anchorMs, window: page.window };
    change();
  }
}

const minutes = (max: number) => fc.integer({ min: 1, max: max * 60_000 });

/** History: some of it within an hour, the rest within a day and a half; and what runs, since whenever. */
const history = fc.record({
  lately: fc.array(minutes(60), { maxLength: 150 }),
  before: fc.array(minutes(35 * 60), { maxLength: 300 }),
  running: fc.array(minutes(20 * 60), { maxLength: 25 }),
});

describe('the newest transfers of a node', () => {
  it('miss and double nothing from page to page, while transfers start and end', async () => {
    const page = fc.integer({ min: 3, max: 60 });
    const limit = fc.constantFrom(40, 250, 5000);
    await fc.assert(fc.asyncProperty(history, page, limit, fc.infiniteStream(fc.nat({ max: 99 })), check), {
      numRuns: 150,
    });
    async function check(
      { lately, before, running }: { lately: number[]; before: number[]; running: number[] },
      count: number,
      limitOfNode: number,
      chance: Iterator<number>,
    ) {
      vi.setSystemTime(START);
      const all = new Map<string, Known>();
      const add = (id: string, startedMs: number, endedMs?: number) => all.set(id, { id, startedMs, endedMs });
      for (const [index, agoMs] of [...lately, ...before].entries()) {
        add(`e${index}`, START - agoMs - 30_000, START - agoMs);
      }
      for (const [index, agoMs] of running.entries()) add(`r${index}`, START - agoMs);
      const there = [...all.keys()];
      let come = 0;
      const read = await readAll(createFeed(all, limitOfNode), count, () => {
        vi.setSystemTime(Date.now() + 1_500);
        for (const one of all.values()) {
          if (one.endedMs === undefined && (chance.next().value ?? 0) < 30) one.endedMs = Date.now() - 100;
        }
        come += 1;
        add(`n${come}`, Date.now() - 50);
      });
      expect(new Set(read).size).toBe(read.length);
      expect(new Set(read.filter((id) => !id.startsWith('n')))).toEqual(new Set(there));
    }
  });

  it('are found in a history of 100,000 without reading it, however far back', async () => {
    const all = new Map<string, Known>();
    for (let index = 0; index < 100_000; index += 1) {
      const endedMs = START - index * 1260;
      all.set(`e${index}`, { id: `e${index}`, startedMs: endedMs - 60_000, endedMs });
    }
    const { transferFeed, takeCalls } = createFeed(all, 100_000);
    let rows = 0;
    const node = nodeWith(async (query) => {
      const feed = await transferFeed(query);
      rows += feed.transfers.length;
      return feed;
    });
    const place = { isGoing: false, atMs: START - 20 * HOUR, transferId: '' };
    for (const after of [undefined, { place, anchorMs: START, window: 2 }]) {
      rows = 0;
      const page = await newestTransfers(node, { ...firstPage, count: 50, after }, context);
      expect(page.rows).toHaveLength(50);
      expect(page.hasMore).toBe(true);
      expect(takeCalls()).toBeLessThanOrEqual(6);
      expect(rows).toBeLessThan(2000);
    }
  });

  it('are found for whoever sees only their own, although what runs never stops to change', async () => {
    const all = new Map<string, Known>();
    for (let index = 0; index < 8; index += 1) {
      const endedMs = index < 3 ? undefined : START - index * HOUR;
      all.set(`t${index}`, { id: `t${index}`, startedMs: START - index * HOUR - 1000, endedMs });
    }
    const { transferFeed, takeCalls } = createFeed(all, 5000);
    const own = {
      viewer: { id: 'anna', scopes: new Set(['faspex.read']) },
      ownership: { tagsFor: () => ({ gateway: { viewer: 'mark' } }), owns: () => true },
      sources: { faspex: { all: [{ name: 'packages' }] } },
    } as unknown as OperationContext;
    const page = await newestTransfers(nodeWith(transferFeed), { ...firstPage, count: 50 }, own);
    expect(page.rows.map(({ place }) => place.transferId)).toEqual([...all.keys()]);
    expect(page.hasMore).toBe(false);
    // A page of what has the viewer's mark and one of what belongs to packages, and once more to be sure.
    expect(takeCalls()).toBe(4);
  });

  it('have an error in the place of one that cannot be read', async () => {
    const known = [1, 2, 3].map((number) => ({
      id: `e${number}`,
      startedMs: START - 9000,
      endedMs: START - number * 1000,
    }));
    const { transferFeed } = createFeed(new Map(known.map((one) => [one.id, one])), 100);
    const broken = new SourceError('SOURCE_BAD_ANSWER', 'london sent nonsense.', { source: 'london' });
    const node = nodeWith(async (query) => {
      const feed = await transferFeed(query);
      return {
        ...feed,
        transfers: feed.transfers.map((one) => ('transferId' in one && one.transferId === 'e2' ? broken : one)),
      };
    });
    const { rows } = await newestTransfers(node, { ...firstPage, count: 10 }, context);
    expect(rows.map(({ item }) => (item instanceof SourceError ? item.code : item.transferId))).toEqual([
      'e1',
      'e3',
      'SOURCE_BAD_ANSWER',
    ]);
  });
});

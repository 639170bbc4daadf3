import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { onlyError, type People, startPeople } from './faspex-people.ts';

let people: People;
beforeAll(async () => {
  people = await startPeople();
});
afterAll(() => people.stack.stop());
afterEach(() => people.stack.simulators.faspex.faults.clear());

interface Page {
  readonly nodes: readonly ({ readonly packageId: string } | null)[];
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null; readonly shifted: boolean };
}
interface Listed {
  readonly faspex: { readonly packages: Page };
}

const LIST = `query ($mailbox: Mailbox, $filter: PackageFilterInput, $first: Int, $after: String) {
  faspex { packages(mailbox: $mailbox, filter: $filter, first: $first, after: $after) {
    nodes { packageId } pageInfo { hasNextPage endCursor shifted }
  } }
}`;

const idsOf = ({ nodes }: Page) => nodes.map((node) => node?.packageId);

/** Packages that nobody else looks at: a list of those with one word in the title, which rows leave and enter. */
async function startList(count: number) {
  const { tomas, mina } = people;
  const word = randomUUID();
  const create = () => tomas.faspex.send(mina.username, { title: `Reel ${word}` });
  const created: string[] = [];
  for (let index = 0; index < count; index += 1) created.push(await create());
  // Drafts alone: what is deleted leaves the list at once, like what is archived.
  const variables = { mailbox: 'OUTBOX', filter: { search: word, vendorStatus: 'starting' } };
  return {
    /** Newest first, as they are listed. */
    ids: created.toReversed(),
    create,
    archive: (id: string) => tomas.faspex.post(`/packages/${id}/archive/sent`),
    delete: (id: string) => tomas.faspex.call('DELETE', `/packages/${id}`),
    word,
    page: async (first: number, after?: string | null) =>
      (await tomas.data<Listed>(LIST, { ...variables, first, after })).faspex.packages,
    answer: (first: number) => tomas.send<Listed>(LIST, { ...variables, first }),
  };
}

type List = Awaited<ReturnType<typeof startList>>;
type Change = { readonly kind: 'create' | 'archive' | 'delete'; readonly place: number };

/** What a reader of a changing list has seen, beside what became of the list. */
interface Reading {
  readonly list: List;
  /** What is in the list now, of what was in it at first. */
  readonly alive: string[];
  readonly given: (string | undefined)[];
  /** Whether a page may say that it is not sure: nothing that the cursor remembers is left in sight. */
  mayShift: boolean;
  hasShifted: boolean;
}

async function apply({ list, alive }: Reading, { kind, place }: Change): Promise<void> {
  if (kind === 'create') {
    await list.create();
    return;
  }
  const [id] = alive.splice(place % Math.max(1, alive.length), 1);
  if (id !== undefined) await list[kind](id);
}

/** A cursor remembers the last five rows, and looks for them two pages back and a page ahead. */
function mayShift({ alive, given }: Reading, changes: readonly Change[], size: number): boolean {
  const isKnown = given.slice(-5).some((id) => id !== undefined && alive.includes(id));
  return !isKnown || changes.length > size;
}

async function read(list: List, size: number, script: readonly (readonly Change[])[]): Promise<Reading> {
  const reading: Reading = { list, alive: [...list.ids], given: [], mayShift: false, hasShifted: false };
  let page = await list.page(size);
  reading.given.push(...idsOf(page));
  for (let turn = 0; page.pageInfo.hasNextPage && page.pageInfo.endCursor !== null; turn += 1) {
    expect(turn).toBeLessThan(30);
    const changes = script[turn] ?? [];
    for (const change of changes) await apply(reading, change);
    reading.mayShift ||= mayShift(reading, changes, size);
    page = await list.page(size, page.pageInfo.endCursor);
    reading.hasShifted ||= page.pageInfo.shifted;
    reading.given.push(...idsOf(page));
  }
  return reading;
}

const change: fc.Arbitrary<Change> = fc.record({
  kind: fc.constantFrom('create', 'archive', 'delete'),
  place: fc.nat({ max: 20 }),
});

describe('pages of packages, while packages come and go', () => {
  it('neither miss nor repeat one that stayed, or say that they are not sure', async () => {
    const scripts = fc.array(fc.array(change, { maxLength: 4 }), { maxLength: 6 });
    let sure = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 3, max: 9 }),
        fc.integer({ min: 1, max: 4 }),
        scripts,
        async (count, size, script) => {
          const { alive, given, hasShifted, ...reading } = await read(await startList(count), size, script);
          if (!reading.mayShift) expect(hasShifted).toBe(false);
          if (hasShifted) return;
          sure += 1;
          expect(new Set(given).size).toBe(given.length);
          expect(given).toEqual(expect.arrayContaining(alive));
        },
      ),
      { numRuns: 25 },
    );
    expect(sure).toBeGreaterThan(5);
  });

  it('go on behind the last row that is left of the page before', async () => {
    const list = await startList(8);
    const first = await list.page(3);
    expect(idsOf(first)).toEqual(list.ids.slice(0, 3));
    for (const id of list.ids.slice(0, 2)) await list.archive(id);
    await list.delete(list.ids[3] ?? '');
    const second = await list.page(3, first.pageInfo.endCursor);
    expect(idsOf(second)).toEqual(list.ids.slice(4, 7));
    expect(second.pageInfo).toMatchObject({ hasNextPage: true, shifted: false });
    await list.archive(list.ids[6] ?? '');
    const third = await list.page(3, second.pageInfo.endCursor);
    expect(idsOf(third)).toEqual(list.ids.slice(7));
    expect(third.pageInfo).toMatchObject({ hasNextPage: false, shifted: false });
  });

  it('say that they are not sure when nothing is left of what was given', async () => {
    const list = await startList(6);
    const first = await list.page(2);
    for (const id of list.ids.slice(0, 2)) await list.archive(id);
    const second = await list.page(2, first.pageInfo.endCursor);
    expect(second.pageInfo.shifted).toBe(true);
  });

  it('cost one call where nothing has changed', async () => {
    const list = await startList(6);
    const first = await list.page(2);
    const { requests } = people.stack.simulators.faspex;
    requests.clear();
    await list.page(2, first.pageInfo.endCursor);
    expect(requests.count('GET')).toBe(1);
  });

  it('leave out what was made after the first page', async () => {
    const { clock } = people.stack.simulators.faspex;
    const list = await startList(4);
    const first = await list.page(2);
    // The server tells its clock in whole seconds: what is made within that second may still come.
    clock.advance(5_000);
    await list.create();
    clock.advance(-5_000);
    const second = await list.page(2, first.pageInfo.endCursor);
    expect([...idsOf(first), ...idsOf(second)]).toEqual(list.ids);
    expect(second.pageInfo.hasNextPage).toBe(false);
  });

  it('give a package that cannot be read once, also when it is the last of a page', async () => {
    const { tomas, stack } = people;
    const list = await startList(5);
    const spoilNext = async (offset: number, limit: number) => {
      const path = `/outbox/packages?q=${list.word}&offset=${offset}&limit=${limit}`;
      const { json } = await tomas.faspex.get<{ packages: { id: string }[] }>(path);
      const packages = json.packages.map((pkg) => (pkg.id === list.ids[1] ? { ...pkg, title: null } : pkg));
      const fault = { kind: 'status', status: 200, path: '/outbox/packages', times: 1 } as const;
      stack.simulators.faspex.faults.add({ ...fault, json: { ...json, packages } });
    };
    await spoilNext(0, 2);
    const first = await list.answer(2);
    expect(first.data?.faspex.packages.nodes).toEqual([{ packageId: list.ids[0] }, null]);
    expect(onlyError(first).path).toEqual(['faspex', 'packages', 'nodes', 1]);
    await spoilNext(0, 4);
    const second = await list.page(3, first.data?.faspex.packages.pageInfo.endCursor);
    expect(idsOf(second)).toEqual(list.ids.slice(2));
    expect(second.pageInfo).toMatchObject({ hasNextPage: false, shifted: false });
  });
});

describe('pages of a history', () => {
  it('find their place when packages are put away before it', async () => {
    const { tomas, mina } = people;
    const sent: string[] = [];
    for (let index = 0; index < 7; index += 1) sent.push(await tomas.faspex.send(mina.username));
    const ids = sent.toReversed();
    const archive = async (places: readonly number[]) => {
      for (const place of places) await mina.faspex.post(`/packages/${ids[place]}/archive/received`);
    };
    const page = async (after?: string | null) =>
      (await mina.data<Listed>(LIST, { mailbox: 'INBOX_HISTORY', first: 2, after })).faspex.packages;
    await archive([1, 3, 5, 6]);
    const first = await page();
    expect(idsOf(first)).toEqual([ids[1], ids[3]]);
    await archive([0, 2, 4]);
    const given = idsOf(first);
    let cursor = first.pageInfo.endCursor;
    while (cursor !== null) {
      const next: Page = await page(cursor);
      expect(next.pageInfo.shifted).toBe(false);
      given.push(...idsOf(next));
      cursor = next.pageInfo.hasNextPage ? next.pageInfo.endCursor : null;
    }
    expect(new Set(given).size).toBe(given.length);
    expect(given).toEqual(expect.arrayContaining([ids[1], ids[3], ids[5], ids[6]]));
  });
});

describe('pages of a list that the server does not filter by time', () => {
  it('give nothing twice while more comes in before them', async () => {
    const { ava, mina } = people;
    const recipients = [{ name: 'Editorial', recipient_type: 'workgroup' }];
    const word = randomUUID();
    const send = () => ava.faspex.send('', { title: word, recipients });
    const sent: string[] = [];
    for (let index = 0; index < 5; index += 1) sent.push(await send());
    interface Groups {
      readonly faspex: { readonly workgroups: { readonly nodes: readonly { readonly packages: Page }[] } };
    }
    const page = async (after?: string | null) => {
      const { faspex } = await mina.data<Groups>(
        `query ($word: String, $after: String) { faspex { workgroups { nodes { packages(search: $word, first: 2, after: $after) {
          nodes { packageId } pageInfo { hasNextPage endCursor shifted } } } } } }`,
        { word, after },
      );
      return faspex.workgroups.nodes[0]?.packages as Page;
    };
    const given: (string | undefined)[] = [];
    let cursor: string | null = null;
    do {
      const found: Page = await page(cursor);
      expect(found.pageInfo.shifted).toBe(false);
      given.push(...idsOf(found));
      cursor = found.pageInfo.hasNextPage ? found.pageInfo.endCursor : null;
      if (given.length < 5) await send();
    } while (cursor !== null);
    expect(given).toEqual(sent.toReversed());
  });
});

import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { createTable, elsewhere, shipments } from '../helpers/faircom-tables.ts';
import { type Stack, startStack } from '../helpers/start-stack.ts';
import { type SentAction, startOddFairCom } from '../sources/faircom/odd-faircom.ts';

const states = ['failed', 'queued', 'sending'];
/** Many records share a state, and half of those that share one have no time. */
const rowOf = (number: number) => ({
  code: `S-${String((number * 7919) % 100_000).padStart(5, '0')}`,
  state: states[number % states.length],
  bytes: String(9_007_199_254_740_990n + BigInt(number % 5)),
  sent: number % 2 === 0 ? null : `2026-01-0${(number % 4) + 1}T08:00:00`,
});
const rowsOf = (from: number, count: number) => Array.from({ length: count }, (_, place) => rowOf(from + place));

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
  await createTable(stack.simulators.faircom, { ...shipments, records: rowsOf(1, 40) });
});
afterAll(() => stack?.stop());

interface PageInfo {
  readonly hasNextPage: boolean;
  readonly startCursor: string | null;
  readonly endCursor: string | null;
  readonly shifted: boolean;
}
interface RecordsPage {
  readonly edges: readonly { readonly cursor: string; readonly node: { readonly recordId: string } }[];
  readonly pageInfo: PageInfo;
  readonly totalCount: number | null;
}

const recordsQuery = `
  query ($tableName: String!, $first: Int, $after: String, $index: String, $where: RecordFilterInput, $keyRange: [KeyBoundInput!]) {
    faircom {
      records(tableName: $tableName, first: $first, after: $after, index: $index, where: $where, keyRange: $keyRange) {
        totalCount
        edges { cursor node { recordId } }
        pageInfo { hasNextPage startCursor endCursor shifted }
      }
    }
  }`;

async function page(variables: object): Promise<RecordsPage> {
  type Data = { readonly faircom: { readonly records: RecordsPage } };
  const data = await stack.everything.data<Data>(recordsQuery, { tableName: 'shipment', ...variables });
  return data.faircom.records;
}

const idsOf = ({ edges }: RecordsPage) => edges.map(({ node }) => Number(node.recordId));

/** The ids of all pages, one after the other; `between` runs before each further page. */
async function walk(variables: object, between: () => Promise<unknown> = async () => undefined): Promise<number[]> {
  const ids: number[] = [];
  let after: string | null = null;
  for (;;) {
    const current = await page({ ...variables, after });
    ids.push(...idsOf(current));
    if (!current.pageInfo.hasNextPage) return ids;
    after = current.pageInfo.endCursor;
    await between();
  }
}

const ascending = (ids: readonly number[]) => ids.toSorted((left, right) => left - right);
const upTo = (count: number) => Array.from({ length: count }, (_, place) => place + 1);

describe('pages of records', () => {
  it.each([undefined, 'shipment_code', 'shipment_state', 'shipment_state_sent', 'shipment_bytes'])(
    'hold every record once in the order of the index %s, and go on from every cursor in them',
    async (index) => {
      const whole = await page({ index, first: 200 });
      expect(whole).toMatchObject({ totalCount: null, pageInfo: { hasNextPage: false, shifted: false } });
      expect(ascending(idsOf(whole))).toEqual(upTo(40));
      expect(await walk({ index, first: 15 })).toEqual(idsOf(whole));
      for (const place of [0, 13, 38]) {
        const rest = await page({ index, first: 200, after: whole.edges[place]?.cursor });
        expect(idsOf(rest)).toEqual(idsOf(whole).slice(place + 1));
      }
    },
  );

  it('keep to the filter and the bounds', async () => {
    const where = { condition: { field: 'bytes', operator: 'NE', value: '9007199254740991' } };
    const keyRange = [{ field: 'state', operator: 'EQ', value: 'queued' }];
    const expected = upTo(40).filter((id) => id % 3 === 1 && id % 5 !== 1);
    expect(ascending(await walk({ index: 'shipment_state_sent', keyRange, where, first: 4 }))).toEqual(expected);
  });

  it('of no records still tell whether there are any', async () => {
    const none = await page({ first: 0 });
    expect(none).toMatchObject({ edges: [], pageInfo: { hasNextPage: true, startCursor: null, endCursor: null } });
    const nothing = { condition: { field: 'state', operator: 'EQ', value: 'lost' } };
    expect((await page({ first: 0, where: nothing })).pageInfo.hasNextPage).toBe(false);
  });

  it('neither miss nor double what stays while records come and go', async () => {
    const { faircom } = stack.simulators;
    const tableName = 'traffic';
    await createTable(faircom, { ...shipments, tableName, records: rowsOf(1, 18) });
    let visitors: unknown[] = [];
    let next = 1000;
    const come = async () => {
      const sourceData = rowsOf(next, 3);
      next += 3;
      const stored = await elsewhere(faircom, 'insertRecords', { tableName, dataFormat: 'objects', sourceData });
      visitors.push(...stored.map(({ id }) => id));
    };
    const go = async () => {
      const ids = visitors.filter((_id, place) => place % 2 === 0);
      visitors = visitors.filter((_id, place) => place % 2 === 1);
      if (ids.length > 0) await elsewhere(faircom, 'deleteRecords', { tableName, ids });
    };
    const index = fc.constantFrom(
      undefined,
      'shipment_code',
      'shipment_state',
      'shipment_state_sent',
      'shipment_bytes',
    );
    const moves = fc.array(fc.boolean(), { minLength: 1, maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(index, fc.integer({ min: 5, max: 9 }), moves, async (chosen, first, turns) => {
        let turn = 0;
        const ids = await walk({ tableName, index: chosen, first }, async () => {
          // Whoever always comes behind the reader would keep the walk from ending.
          if (turn < 6) await (turns[turn % turns.length] ? come() : go());
          turn += 1;
        });
        expect(turn).toBeGreaterThanOrEqual(1);
        expect(new Set(ids).size).toBe(ids.length);
        expect(ascending(ids).filter((id) => id <= 18)).toEqual(upTo(18));
      }),
      { numRuns: 8 },
    );
  });

  it('go on behind a record that has gone', async () => {
    const { faircom } = stack.simulators;
    await createTable(faircom, { ...shipments, tableName: 'leaving', records: rowsOf(1, 9) });
    const first = await page({ tableName: 'leaving', index: 'shipment_state', first: 4 });
    const ids = idsOf(first);
    await elsewhere(faircom, 'deleteRecords', { tableName: 'leaving', ids: ids.map(String) });
    const rest = await page({ tableName: 'leaving', index: 'shipment_state', after: first.pageInfo.endCursor });
    expect(ascending([...ids, ...idsOf(rest)])).toEqual(upTo(9));
  });

  it('go by the table as it is now, where it was altered since the page before', async () => {
    const { faircom } = stack.simulators;
    const tableName = 'altered';
    await createTable(faircom, { ...shipments, tableName, records: rowsOf(1, 9) });
    const variables = { tableName, index: 'shipment_code', first: 3 };
    const { endCursor } = (await page(variables)).pageInfo;
    await elsewhere(faircom, 'alterTable', { tableName, alterFields: [{ name: 'title', newName: 'name' }] });
    const query = recordsQuery.replace('recordId', 'recordId values');
    const second = await stack.everything.send(query, { ...variables, after: endCursor });
    expect(second.errors).toBeUndefined();
    expect(JSON.stringify(second.data)).toContain('"name":null');
    await elsewhere(faircom, 'deleteIndexes', { tableName, indexNames: ['shipment_code'] });
    const { errors } = await stack.everything.send(recordsQuery, { ...variables, after: endCursor });
    expect(errors?.[0]).toMatchObject({
      message: 'Table altered has no index "shipment_code".',
      extensions: { code: 'BAD_INPUT' },
    });
  });

  it('are refused for a cursor of another list', async () => {
    const { faircom } = stack.simulators;
    await createTable(faircom, { ...shipments, tableName: 'twin', records: rowsOf(1, 9) });
    const where = { condition: { field: 'state', operator: 'NE', value: 'x' } };
    const keyRange = [{ field: 'id', operator: 'GT', value: 0 }];
    const { endCursor } = (await page({ first: 3 })).pageInfo;
    const others = [
      { tableName: 'twin' },
      { index: 'shipment_code' },
      { where },
      { keyRange },
      { after: `${endCursor}x` },
      { after: '' },
      { after: 'first' },
      { after: Buffer.from('[1,2,3]').toString('base64url') },
    ];
    for (const other of others) {
      const variables = { tableName: 'shipment', first: 3, after: endCursor, ...other };
      const { data, errors } = await stack.everything.send(recordsQuery, variables);
      expect(data, JSON.stringify(other)).toEqual({ faircom: { records: null } });
      expect(errors?.[0]?.extensions?.code, JSON.stringify(other)).toBe('BAD_CURSOR');
    }
    expect(idsOf(await page({ first: 3, after: endCursor }))).toEqual([4, 5, 6]);
  });
});

describe('a record that cannot be read', () => {
  const field = (name: string) => ({ name, type: 'bigint', nullable: false, primaryKey: name === 'id' ? 1 : 0 });
  const indexes = [{ indexName: 'id_pk', unique: true, fields: [{ name: 'id' }] }];
  const place = { databaseName: 'ctreeSQL', ownerName: 'admin', tableName: 'odd' };
  const table = { ...place, primaryKeyFields: ['id'], fields: [field('id'), field('bytes')], indexes };
  const data = upTo(6).map((id) => ({ id: String(id), bytes: id === 2 || id === 3 ? 'many' : '1' }));

  /** Understands a start behind an id, and that alone. */
  function answer({ action, params }: SentAction) {
    if (action === 'describeTables') return { result: { data: [table] } };
    if (!action.startsWith('getRecords')) return undefined;
    const { indexFilter } = params as { indexFilter?: { indexFields: { value: string }[] } };
    const after = Number(indexFilter?.indexFields[0]?.value ?? 0);
    const rest = data.slice(after, after + Number(params.maxRecords));
    return { result: { data: rest, moreRecords: after + rest.length < data.length } };
  }

  it('is null with an error in its place, and paging goes on behind it', async () => {
    const server = await startOddFairCom(answer);
    const odd = await startStack({
      configure: ({ sources }) => {
        const password = { env: 'PASSWORD_RECORDS' };
        sources.faircom.splice(0, 1, { name: 'records', url: server.url, username: 'gateway', password });
      },
    });
    onTestFinished(() => odd.stop());
    const read = async (after: string | null, first: number) => {
      type Data = { readonly faircom: { readonly records: RecordsPage } };
      const query = recordsQuery.replace(
        'edges { cursor node { recordId } }',
        'edges { cursor node { recordId } } nodes { recordId }',
      );
      const got = await odd.everything.send<Data>(query, { tableName: 'odd', first, after });
      const { records } = got.data?.faircom ?? {};
      const codes = got.errors?.map(({ path, extensions }) => [path?.slice(2).join('.'), extensions?.code]);
      return {
        edges: records?.edges ?? [],
        ids: records?.edges.map(({ node }) => node?.recordId),
        codes,
        info: records?.pageInfo,
      };
    };
    const first = await read(null, 3);
    expect(first.ids).toEqual(['1', undefined, undefined]);
    expect(first.codes).toEqual(
      expect.arrayContaining([
        ['edges.1.node', 'SOURCE_BAD_ANSWER'],
        ['edges.2.node', 'SOURCE_BAD_ANSWER'],
        ['nodes.1', 'SOURCE_BAD_ANSWER'],
        ['nodes.2', 'SOURCE_BAD_ANSWER'],
      ]),
    );
    expect(first.info).toMatchObject({ hasNextPage: true, endCursor: first.edges.at(-1)?.cursor });
    expect((await read(first.info?.endCursor ?? null, 3)).ids).toEqual(['4', '5', '6']);
    // Its own place is not known: whoever goes on from it gets it again, and misses nothing.
    expect((await read(first.edges[1]?.cursor ?? null, 4)).ids).toEqual([undefined, undefined, '4', '5']);
    expect((await read((await read(first.edges[0]?.cursor ?? null, 1)).info?.endCursor ?? null, 2)).ids).toEqual([
      undefined,
      '4',
    ]);
  });
});

describe('pages of tables', () => {
  interface TablesPage {
    readonly nodes: readonly { readonly tableName: string }[];
    readonly pageInfo: PageInfo;
  }
  const tablesQuery = `
    query ($search: String, $first: Int, $after: String) {
      faircom {
        database(name: "ctreeSQL") {
          tables(search: $search, first: $first, after: $after) { nodes { tableName } pageInfo { hasNextPage endCursor shifted } }
        }
      }
    }`;
  const tables = async (variables: object): Promise<TablesPage> => {
    type Data = { readonly faircom: { readonly database: { readonly tables: TablesPage } } };
    return (await stack.everything.data<Data>(tablesQuery, variables)).faircom.database.tables;
  };
  const namesOf = ({ nodes }: TablesPage) => nodes.map(({ tableName }) => tableName);

  it('go on where they ended, also when tables have come and gone before', async () => {
    const { faircom } = stack.simulators;
    const make = (tableName: string) =>
      elsewhere(faircom, 'createTable', { tableName, fields: [{ name: 'x', type: 'bit' }] });
    for (const letter of 'bcdefg') await make(`list_${letter}`);
    const first = await tables({ search: 'list_', first: 2 });
    expect(namesOf(first)).toEqual(['list_b', 'list_c']);
    await make('list_a');
    const second = await tables({ search: 'list_', first: 2, after: first.pageInfo.endCursor });
    expect(namesOf(second)).toEqual(['list_d', 'list_e']);
    await elsewhere(faircom, 'deleteTables', { tableNames: ['list_a', 'list_c'] });
    const third = await tables({ search: 'list_', first: 2, after: second.pageInfo.endCursor });
    expect(third).toMatchObject({ pageInfo: { hasNextPage: false, shifted: false } });
    expect(namesOf(third)).toEqual(['list_f', 'list_g']);
  });

  it('are refused for a cursor of another search', async () => {
    const { endCursor } = (await tables({ search: 'list_', first: 2 })).pageInfo;
    const { errors } = await stack.everything.send(tablesQuery, { search: 'l', first: 2, after: endCursor });
    expect(errors?.[0]?.extensions?.code).toBe('BAD_CURSOR');
  });
});

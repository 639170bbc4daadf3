import { describe, expect, test } from 'vitest';
import type { FairComTable, RecordPosition } from '../../../src/sources/faircom/types.ts';
import { openClient, type SentAction, startOddFairCom, tableOf } from './odd-faircom.ts';

const byState = {
  indexName: 'by_state',
  unique: false,
  conditionalExpression: undefined,
  fields: [{ name: 'state', caseInsensitive: false, sortDescending: false, reverseCompare: false }],
};

const plain = tableOf({ state: 'varchar' });
const table: FairComTable = {
  ...plain,
  fields: plain.fields.map((field) => (field.name === 'id' ? { ...field, nullable: false } : field)),
  indexes: [...plain.indexes, byState],
};

interface Row {
  readonly id: string;
  readonly state: string;
}

const rows = Array.from(
  { length: 9 },
  (_, place): Row => ({ id: String(place + 1), state: `s${Math.floor(place / 3)}` }),
);

interface IndexFilter {
  readonly indexFields?: readonly { readonly value: string }[];
  readonly indexFieldFilters?: readonly { readonly value: string }[];
}

function select({ action, params }: SentAction): readonly Row[] {
  const { indexFields, indexFieldFilters } = (params.indexFilter ?? {}) as IndexFilter;
  const name = JSON.stringify(params).includes('by_state') ? 'state' : 'id';
  const key = (indexFields ?? indexFieldFilters)?.[0]?.value ?? '';
  if (action === 'getRecordsStartingAtKey') return rows.filter((row) => row[name] > key);
  return action === 'getRecordsInKeyRange' ? rows.filter((row) => row[name] === key) : rows;
}

async function walk(url: string, index: string | undefined): Promise<string[]> {
  const seen: string[] = [];
  let after: RecordPosition | undefined;
  do {
    const { items, next } = await openClient(url).recordsPage({ table, index, first: 4, after });
    seen.push(...items.map((item) => ('record' in item ? String(item.record.id) : item.code)));
    after = next;
  } while (after);
  return seen;
}

const everyId = rows.map(({ id }) => id);

describe('a server', () => {
  test.each([undefined, 'by_state'])('that gives fewer records than asked for loses none (%s)', async (index) => {
    const server = await startOddFairCom((sent) => {
      if (!sent.action.startsWith('get')) return undefined;
      const found = select(sent);
      const isWhole = sent.action === 'getRecordsInKeyRange';
      const data = isWhole ? found : found.slice(0, 2);
      return { result: { data, moreRecords: data.length < found.length } };
    });
    expect(await walk(server.url, index)).toEqual(everyId);
  });

  test('that promises more records than it has is asked once more, then believed', async () => {
    const server = await startOddFairCom((sent) => {
      if (!sent.action.startsWith('get')) return undefined;
      return { result: { data: select(sent).slice(0, Number(sent.params.maxRecords)), moreRecords: true } };
    });
    expect(await walk(server.url, undefined)).toEqual(everyId);
    expect(server.actions.filter(({ action }) => action.startsWith('get'))).toHaveLength(4);
  });

  test('that says 4046 has nothing behind the key', async () => {
    const server = await startOddFairCom((sent) => {
      if (sent.action === 'getRecordsStartingAtKey') return { errorCode: 4046, errorMessage: 'no key' };
      return undefined;
    });
    const page = await openClient(server.url).recordsPage({ table, first: 4, after: { id: '9' } });
    expect(page).toMatchObject({ items: [], next: undefined });
  });

  test('that sends a bad record in a page spoils that one alone, also at its end', async () => {
    const server = await startOddFairCom((sent) => {
      if (!sent.action.startsWith('get')) return undefined;
      const data = select(sent).map((row) => (row.id === '4' ? { ...row, changeId: 'x' } : row));
      return { result: { data: data.slice(0, Number(sent.params.maxRecords)) } };
    });
    expect(await walk(server.url, undefined)).toEqual(['1', '2', '3', 'SOURCE_BAD_ANSWER', '5', '6', '7', '8', '9']);
  });

  test('that sends a record without its place in the index is not believed', async () => {
    const server = await startOddFairCom((sent) =>
      sent.action.startsWith('get') ? { result: { data: [{ state: 's0' }] } } : undefined,
    );
    await expect(walk(server.url, undefined)).rejects.toMatchObject({ code: 'SOURCE_BAD_ANSWER' });
  });

  test('that answers for one key with records of another is not believed', async () => {
    const server = await startOddFairCom((sent) =>
      sent.action.startsWith('get') ? { result: { data: rows.slice(0, Number(sent.params.maxRecords)) } } : undefined,
    );
    const after = { state: 's0', id: '1' };
    const paging = openClient(server.url).recordsPage({ table, index: 'by_state', first: 4, after });
    await expect(paging).rejects.toMatchObject({ code: 'SOURCE_BAD_ANSWER' });
  });

  test('is never asked for a cursor', async () => {
    const server = await startOddFairCom((sent) =>
      sent.action.startsWith('get') ? { result: { data: [] } } : undefined,
    );
    await walk(server.url, 'by_state');
    expect(JSON.stringify(server.actions)).not.toContain('returnCursor');
  });
});

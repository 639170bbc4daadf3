import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTable, shipments } from '../helpers/faircom-tables.ts';
import { readExample } from '../helpers/read-example.ts';
import { type Stack, startStack } from '../helpers/start-stack.ts';

const hostile = [
  '" || 1 == 1',
  '\\") == 0 || strcmp(code, \\"',
  "'; DROP TABLE shipment; --",
  'Zürich – 東京 🚚',
  'a\\b',
];

const records = [
  {
    code: 'S-1',
    title: 'Harbour',
    state: 'sending',
    bytes: '9007199254740993',
    rate: '12.5',
    sent: '2026-01-05T17:35:20.250',
  },
  {
    code: 'S-2',
    title: '東京の朝',
    state: 'failed',
    bytes: '10',
    sent: '2026-01-03T08:00:00',
    ok: false,
    meta: { by: ['ada'] },
  },
  {
    code: 'S-3',
    title: 'Nordlicht',
    state: 'sending',
    bytes: '9300000000000001',
    sent: '2026-01-04T08:00:00',
    ok: true,
  },
  { code: 'S-4', title: 'Café', state: 'delivered', bytes: '9007199254740994', meta: 'plain' },
  ...hostile.map((code) => ({ code, state: 'hostile', bytes: '1' })),
];

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
  await createTable(stack.simulators.faircom, { ...shipments, records });
});
afterAll(() => stack?.stop());

const valuesOf = (nodes: readonly { readonly values: Record<string, unknown> }[], field: string) =>
  nodes.map(({ values }) => values[field]);

interface RecordsData {
  readonly faircom: { readonly records: { readonly nodes: readonly { readonly values: Record<string, unknown> }[] } };
}

/** The codes of the shipments that a list holds. */
async function codes(args: string, variables: object = {}): Promise<unknown[]> {
  const query = `query ($where: RecordFilterInput, $keyRange: [KeyBoundInput!]) {
    faircom { records(tableName: "shipment", where: $where, keyRange: $keyRange ${args}) { nodes { values } } }
  }`;
  const { faircom } = await stack.everything.data<RecordsData>(query, variables);
  return valuesOf(faircom.records.nodes, 'code');
}

const condition = (field: string, operator: string, value: unknown) => ({ condition: { field, operator, value } });

describe('records', () => {
  it('come in the order of an index, also of one that runs downwards', async () => {
    expect(await codes('first: 3')).toEqual(['S-1', 'S-2', 'S-3']);
    expect((await codes('index: "shipment_bytes"')).slice(-4)).toEqual(['S-2', 'S-1', 'S-4', 'S-3']);
    const keyRange = [{ field: 'state', operator: 'EQ', value: 'sending' }];
    expect(await codes('index: "shipment_state_sent"', { keyRange })).toEqual(['S-1', 'S-3']);
  });

  it('lie within the bounds of a range, beyond 2^53 too', async () => {
    const bound = (operator: string, value: unknown) => ({ field: 'bytes', operator, value });
    const within = (...keyRange: object[]) => codes('index: "shipment_bytes"', { keyRange });
    expect(await within(bound('GT', '9007199254740992'), bound('LT', '9007199254740994'))).toEqual(['S-1']);
    expect(await within(bound('GE', 10), bound('LE', '9007199254740994'))).toEqual(['S-2', 'S-1', 'S-4']);
    expect(await within(bound('EQ', '9300000000000001'))).toEqual(['S-3']);
  });

  it('meet the filter', async () => {
    const [sending, failed] = [condition('state', 'EQ', 'sending'), condition('STATE', 'EQ', 'failed')];
    expect(await codes('', { where: { or: [sending, failed] } })).toEqual(['S-1', 'S-2', 'S-3']);
    expect(await codes('', { where: { and: [sending, condition('sent', 'LT', '2026-01-05T00:00:00')] } })).toEqual([
      'S-3',
    ]);
    expect(await codes('', { where: condition('ok', 'EQ', true) })).toEqual(['S-3']);
    expect(await codes('', { where: condition('bytes', 'EQ', '9007199254740993') })).toEqual(['S-1']);
    const nested = {
      and: [{ or: [sending, failed] }, { or: [condition('rate', 'GE', 12.5), condition('title', 'GT', 'z')] }],
    };
    expect(await codes('', { where: nested })).toEqual(['S-1', 'S-2']);
  });

  it.each(hostile)('are found by a text that looks like code: %s', async (text) => {
    expect(await codes('', { where: condition('code', 'EQ', text) })).toEqual([text]);
    const keyRange = [{ field: 'code', operator: 'EQ', value: text }];
    expect(await codes('index: "shipment_code"', { keyRange })).toEqual([text]);
  });

  it.each<[string, object, string]>([
    ['index: "by_weight"', {}, 'no index "by_weight"'],
    ['', { where: condition('weight', 'EQ', 1) }, 'no field "weight"'],
    ['', { where: condition('id == 1 || id', 'EQ', 1) }, 'no field'],
    ['', { where: condition('bytes', 'EQ', 'many') }, 'cannot be compared with this value'],
    ['', { where: condition('state', 'EQ', ['sending']) }, 'must be text, a number, true or false'],
    ['', { where: condition('meta', 'EQ', 'plain') }, '"meta"'],
    ['', { where: { and: [] } }, 'is empty'],
    ['index: "shipment_code"', { keyRange: [{ field: 'bytes', operator: 'EQ', value: 1 }] }, 'bytes'],
  ])('are refused with the reason for (%s) %j', async (args, variables, reason) => {
    const query = `query ($where: RecordFilterInput, $keyRange: [KeyBoundInput!]) {
      faircom { records(tableName: "shipment", where: $where, keyRange: $keyRange ${args}) { nodes { id } } }
    }`;
    const { data, errors } = await stack.everything.send(query, variables);
    expect(data).toEqual({ faircom: { records: null } });
    expect(errors?.[0]).toMatchObject({ message: expect.stringContaining(reason), extensions: { code: 'BAD_INPUT' } });
  });

  it('take exactly one form of filter, and no value that is missing', async () => {
    const where = { ...condition('id', 'EQ', 1), and: [] };
    const query =
      'query ($where: RecordFilterInput) { faircom { records(tableName: "shipment", where: $where) { nodes { id } } } }';
    for (const wrong of [where, {}, condition('id', 'EQ', null)]) {
      expect((await stack.everything.send(query, { where: wrong })).errors?.[0]?.extensions?.code).toBe('BAD_REQUEST');
    }
  });

  it('are given as the example shows', async () => {
    const { faircom } = await stack.everything.data<RecordsData>(readExample('faircom-records'));
    expect(faircom.records.nodes).toEqual([
      expect.objectContaining({
        recordId: '1',
        sent: '2026-01-05T17:35:20.250',
        values: expect.objectContaining({ code: 'S-1' }),
      }),
    ]);
  });
});

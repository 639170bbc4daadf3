import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTable, shipments } from '../helpers/faircom-tables.ts';
import { type Stack, startStack } from '../helpers/start-stack.ts';
import type { TestClient } from '../helpers/test-client.ts';

const keys = { readsRecords: 'test-reads-records-0123456789', writesRecords: 'test-writes-records-0123456789' };

let stack: Stack;
let readsRecords: TestClient;
let writesRecords: TestClient;
let id: string;
beforeAll(async () => {
  stack = await startStack({
    configure: ({ viewers }, _simulators, env) => {
      const more = [
        { name: 'reads-records', key: { env: 'KEY_READS' }, scopes: ['faircom.read'] },
        { name: 'writes-records', key: { env: 'KEY_WRITES' }, scopes: ['faircom.write'] },
      ];
      viewers.apiKeys.push(...more);
      Object.assign(env, { KEY_READS: keys.readsRecords, KEY_WRITES: keys.writesRecords });
    },
  });
  readsRecords = stack.client(keys.readsRecords);
  writesRecords = stack.client(keys.writesRecords);
  await createTable(stack.simulators.faircom, { ...shipments, records: [{ code: 'S-1', state: 'sending' }] });
  const query = '{ faircom { record(tableName: "shipment", recordId: "1") { id } } }';
  ({ id } = (await readsRecords.data<{ faircom: { record: { id: string } } }>(query)).faircom.record);
});
afterAll(() => stack?.stop());

const insert =
  'mutation { insertRecords(input: { tableName: "shipment", records: [{ code: "S-9", state: "x" }] }) { __typename';
const update = `mutation { updateRecords(input: { tableName: "shipment", items: [{ recordId: "1", changeId: 1, values: {} }] }) { __typename`;

describe('a viewer without the scopes of FairCom', () => {
  it.each([
    ['the server', '{ faircom { source } }'],
    ['the server by name', '{ faircom(source: "records") { __typename } }'],
    ['a record by its global id', 'query ($id: ID!) { node(id: $id) { id } }'],
    ['a record behind a fragment', 'query ($id: ID!) { node(id: $id) { ... on FairComRecord { values } } }'],
    ['records by their global ids', 'query ($id: ID!) { nodes(ids: [$id]) { id } }'],
    ['an insert', `${insert} } }`],
    ['an update', `${update} } }`],
    ['an update whose conflict shows a record', `${update} ... on RecordConflictError { current { values } } } }`],
    ['a delete', 'mutation { deleteRecords(input: { tableName: "shipment", recordIds: ["1"] }) { __typename } }'],
  ])('is refused %s, and the server is asked nothing', async (_what, query) => {
    const { requests } = stack.simulators.faircom;
    requests.clear();
    const { data, errors } = await stack.reader.send(query, { id });
    expect(
      Object.values(data ?? {})
        .flat()
        .filter(Boolean),
    ).toEqual([]);
    expect(errors?.length).toBeGreaterThan(0);
    expect(errors?.map(({ extensions }) => extensions?.code)).toEqual(errors?.map(() => 'FORBIDDEN'));
    expect(requests.count()).toBe(0);
  });
});

describe('a viewer who may only read records', () => {
  it('reads them, and changes none', async () => {
    expect(await readsRecords.data('query ($id: ID!) { node(id: $id) { id } }', { id })).toEqual({ node: { id } });
    const { errors } = await readsRecords.send(`${insert} } }`);
    expect(errors?.[0]).toMatchObject({
      message: 'This operation needs the scope faircom.write, which you do not have.',
      extensions: { code: 'FORBIDDEN' },
    });
  });
});

describe('a viewer who may only write records', () => {
  it('stores them, and reads none back', async () => {
    expect(await writesRecords.data(`${insert} } }`)).toEqual({
      insertRecords: { __typename: 'InsertRecordsSuccess' },
    });
    for (const query of [
      `${insert} ... on InsertRecordsSuccess { records { id } } } }`,
      `${update} ... on RecordConflictError { current { values } } } }`,
      '{ faircom { source } }',
    ]) {
      const { data, errors } = await writesRecords.send(query);
      expect(data ?? null).toBeNull();
      expect(errors?.map(({ message }) => message)).toEqual([
        'This operation needs the scope faircom.read, which you do not have.',
      ]);
    }
  });
});

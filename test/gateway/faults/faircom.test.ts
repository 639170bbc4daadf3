import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createTable } from '../../helpers/create-table.ts';
import { type ProxiedStack, startProxiedStack } from '../../helpers/proxied-stack.ts';
import type { PassedRequest, RecordingProxy } from '../../helpers/recording-proxy.ts';
import { describeFaults, prepareFaults } from './fault-table.ts';

let stack: ProxiedStack;
let proxy: RecordingProxy;
beforeAll(async () => {
  stack = await startProxiedStack(prepareFaults);
  proxy = stack.proxies.records;
  const fields = [{ name: 'title', type: 'varchar', length: 50 }];
  await createTable(simulator(), { tableName: 'jobs', fields });
});
afterAll(() => stack?.stop());
beforeEach(() => proxy.clear());

const simulator = () => stack.simulators.faircom;

const isAction = (action: string) => (request: PassedRequest) => request.body.includes(`"action":"${action}"`);
const sent = (action: string) => proxy.passed.filter(isAction(action)).length;

const failure = '... on Error { code message retryable }';
const inserting = (
  source = 'records',
) => `result: insertRecords(input: { source: "${source}", tableName: "jobs", records: [{ title: "one" }] }) {
  ... on InsertRecordsSuccess { records { recordId } } ${failure} }`;
const records = 'faircom(source: "records") { table(tableName: "jobs") { records { nodes { values } } } }';

/** Changes are preceded by a read of the table's description: the fault is to hit the change itself. */
function armFor(action: string, add: () => void): void {
  const hold = proxy.hold(isAction(action));
  hold.arrival(0).then(
    () => {
      add();
      hold.release();
    },
    () => hold.release(),
  );
}

describeFaults({
  source: 'records',
  ask: (operation) => stack.everything.send(operation),
  faults: () => simulator().faults,
  reset: () => proxy.clear(),
  healthy: 'faspex(source: "packages") { account { name } }',
  reads: [
    {
      name: 'a list of databases',
      selection: (source) => `faircom(source: "${source}") { databases { nodes { databaseName } } }`,
      path: ['faircom', 'databases'],
    },
    {
      name: 'records of a table',
      selection: (source) => `faircom(source: "${source}") { records(tableName: "jobs") { nodes { values } } }`,
      path: ['faircom', 'records'],
    },
  ],
  writes: [
    {
      name: 'new records',
      selection: inserting,
      hits: { times: 1 },
      arm: (add) => armFor('insertRecords', add),
      sent: () => sent('insertRecords'),
    },
  ],
});

interface Inserted {
  readonly result: { readonly records: readonly { readonly recordId: string }[] };
}

describe('FairCom', () => {
  it.each([false, true])(
    'opens another session when its own has ended, with the code of old servers: %s',
    async (enabled) => {
      await stack.everything.data(`{ ${records} }`);
      await simulator().switches.oldExpiryCode?.({ enabled });
      await simulator().switches.expireSessions?.({});
      proxy.clear();
      await stack.everything.data(`{ ${records} }`);
      expect(sent('createSession')).toBe(1);
    },
  );

  it('carries out a change once when the session had ended', async () => {
    await simulator().switches.expireSessions?.({});
    proxy.clear();
    const before = await stack.everything.data<{ faircom: { table: { records: { nodes: unknown[] } } } }>(
      `{ ${records} }`,
    );
    const { result } = await stack.everything.data<Inserted>(`mutation { ${inserting()} }`);
    expect(result.records).toHaveLength(1);
    const after = await stack.everything.data<typeof before>(`{ ${records} }`);
    expect(after.faircom.table.records.nodes).toHaveLength(before.faircom.table.records.nodes.length + 1);
  });

  it('that refuses to open a session is an error, not an empty table', async () => {
    await simulator().switches.expireSessions?.({});
    const refused = { errorCode: 450, errorMessage: 'Invalid user', result: {} };
    simulator().faults.add({ kind: 'status', status: 200, json: refused });
    const { data, errors } = await stack.everything.send(
      '{ faircom(source: "records") { databases { nodes { databaseName } } } }',
    );
    simulator().faults.clear();
    expect(data).toEqual({ faircom: { databases: null } });
    expect(errors).toMatchObject([{ extensions: { code: 'SOURCE_UNAUTHENTICATED', source: 'records' } }]);
  });

  it('that cannot open a session now does not refuse the credential', async () => {
    await simulator().switches.expireSessions?.({});
    simulator().faults.add({ kind: 'status', status: 500 });
    const { errors } = await stack.everything.send(
      '{ faircom(source: "records") { databases { nodes { databaseName } } } }',
    );
    simulator().faults.clear();
    expect(errors).toMatchObject([{ extensions: { code: 'SOURCE_UNAVAILABLE' } }]);
    await stack.everything.data(`{ ${records} }`);
  });

  it('whose service is not active is unavailable, whatever the status of the answer', async () => {
    await simulator().switches.serviceInactive?.({ times: 1000 });
    const { data, errors } = await stack.everything.send(
      '{ faircom(source: "records") { databases { nodes { databaseName } } } }',
    );
    await simulator().switches.serviceInactive?.({ times: 0 });
    expect(data).toEqual({ faircom: { databases: null } });
    expect(errors).toMatchObject([
      { extensions: { code: 'SOURCE_UNAVAILABLE', retryable: true, vendorCode: '12048' } },
    ]);
  });

  it('goes on after a restart, without an error', async () => {
    await stack.everything.data(`{ ${records} }`);
    await simulator().restart();
    await stack.everything.data(`{ ${records} }`);
  });
});

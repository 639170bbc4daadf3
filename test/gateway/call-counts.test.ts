import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createTable } from '../helpers/create-table.ts';
import { type ProxiedStack, type SourceName, sourceNames, startProxiedStack } from '../helpers/proxied-stack.ts';
import { readExample } from '../helpers/read-example.ts';

let stack: ProxiedStack;
let draft: { readonly id: string; readonly packageId: string };
let transfer: { readonly id: string; readonly transferId: string };

interface Named {
  readonly name: string;
  /** What it costs, and why it cannot be less. */
  readonly costs: string;
  readonly operation: () => string;
  readonly operationName?: string;
  readonly variables?: () => object;
  /** Calls to each source with a warm token; to the others none. */
  readonly calls: Partial<Record<SourceName, number>>;
}

const typed = `mutation ($title: String!, $to: String!) {
  sendPackage(input: { title: $title, recipients: [{ name: $to, recipientType: USER }], paths: ["/a"] }) {
    ... on SendPackageSuccess { package { id packageId } spec { json } }
    ... on Error { message }
  }
}`;

/** Somebody whom the administrator can send to. */
const recipient = () => stack.simulators.faspex.users[3]?.username ?? '';

const sendTyped = () => ({ title: 'Counted', to: recipient() });

interface Sent {
  readonly sendPackage: { readonly package: typeof draft; readonly spec: { readonly json: object } };
}
interface Moved {
  readonly transferBetweenNodes: { readonly transfer: typeof transfer };
}

const moving = `mutation {
  transferBetweenNodes(input: { from: "london", to: "tokyo", paths: [{ source: "/film.mov" }], destination: "/" }) {
    ... on TransferBetweenNodesSuccess { transfer { id transferId } }
    ... on Error { message }
  }
}`;

beforeAll(async () => {
  stack = await startProxiedStack();
  const { faircom, nodes } = stack.simulators;
  await createTable(faircom, {
    tableName: 'jobs',
    fields: [{ name: 'title', type: 'varchar', length: 50 }],
  });
  await writeFile(join(nodes[0]?.docroot ?? '', 'film.mov'), 'film');
  // Tokens, sessions and clocks are known from here on.
  await stack.everything.data('{ faircom { databases { nodes { databaseName } } } faspex { account { name } } }');
  draft = (await stack.everything.data<Sent>(typed, sendTyped())).sendPackage.package;
  transfer = (await stack.everything.data<Moved>(moving)).transferBetweenNodes.transfer;
});
afterAll(() => stack?.stop());
beforeEach(() => {
  for (const proxy of Object.values(stack.proxies)) proxy.clear();
});

const counted = () =>
  Object.fromEntries(
    sourceNames.map((name) => [name, stack.proxies[name].passed.length] as const).filter(([, count]) => count > 0),
  );

const named: readonly Named[] = [
  {
    name: 'fifty packages',
    costs: 'one call a page, whatever its size',
    operation: () => readExample('list-packages'),
    variables: () => ({ first: 50 }),
    calls: { packages: 1 },
  },
  {
    name: 'three aliases for two packages',
    costs: 'one call for each package: Faspex reads nothing by many ids',
    operation: () => `query ($one: String!, $other: String!) {
      faspex { a: package(packageId: $one) { title } b: package(packageId: $other) { title } c: package(packageId: $one) { note } }
    }`,
    variables: () => ({ one: draft.packageId, other: '1' }),
    calls: { packages: 2 },
  },
  {
    name: 'a package with everything that is known of it',
    costs: 'one call each for the package, the account, its files, its upload and its downloads, and one a node',
    operation: () => `query ($id: ID!) {
      node(id: $id) {
        ... on FaspexPackage {
          title files { nodes { path } } uploadProgress { progress } receipts { __typename } transfers { status }
        }
      }
    }`,
    variables: () => ({ id: draft.id }),
    calls: { packages: 5, london: 1, tokyo: 1 },
  },
  {
    name: 'the health of every source',
    costs: 'one call for each source',
    operation: () => '{ sources { name health { reachable version } } }',
    calls: { packages: 1, london: 1, tokyo: 1, records: 1 },
  },
  {
    name: 'a package to somebody whose type is given',
    costs: 'one call to make it, one for its spec',
    operation: () => typed,
    variables: sendTyped,
    calls: { packages: 2 },
  },
  {
    name: 'a package to somebody who is given by name alone',
    costs: 'one call to find out who is meant, and the two of any package',
    operation: () => readExample('send-package'),
    operationName: 'SendPackage',
    variables: () => ({ ...sendTyped(), paths: ['/a'] }),
    calls: { packages: 3 },
  },
  {
    name: 'the spec to receive a package',
    costs: 'one call each for the package and the account, to find out in whose name, and one for the spec',
    operation: () => readExample('receive-package'),
    variables: () => ({ packageId: '1' }),
    calls: { packages: 3 },
  },
  {
    name: 'a transfer by its global id, asked for twice',
    costs: 'one call for each transfer: nodes read nothing by many ids',
    operation: () => `query ($id: ID!) {
      node(id: $id) { id } again: transfer(id: $id) { status }
    }`,
    variables: () => ({ id: transfer.id }),
    calls: { london: 1 },
  },
  {
    name: 'a transfer and its other record',
    costs: 'one call for the transfer, one for each other node',
    operation: () => `query ($id: ID!) {
      node(id: $id) { ... on NodeTransfer { status counterpart { side status } } }
    }`,
    variables: () => ({ id: transfer.id }),
    calls: { london: 1, tokyo: 1 },
  },
  {
    name: 'a transfer between two nodes',
    costs: 'one call to the node that authorizes it, one to the node that runs it',
    operation: () => moving,
    calls: { london: 1, tokyo: 1 },
  },
  {
    name: 'five files of a node by their paths',
    costs: 'one call for all paths of an operation: nodes read files by many paths',
    operation: () => `{ asperaNode(source: "london") {
      ${['/', '/film.mov', '/none', '/film.mov', '/other'].map((path, index) => `f${index}: file(path: "${path}") { path }`).join(' ')}
    } }`,
    calls: { london: 1 },
  },
  {
    name: 'a page of a folder',
    costs: 'one call a page',
    operation: () => readExample('browse-files'),
    operationName: 'BrowseFiles',
    variables: () => ({ node: 'london' }),
    calls: { london: 1 },
  },
  {
    name: 'three records of a table by their keys',
    costs: 'one call for the description of the table, one for all records',
    operation: () => `{ faircom { table(tableName: "jobs") {
      a: record(recordId: "1") { values } b: record(recordId: "2") { values } c: record(recordId: "3") { values }
    } } }`,
    calls: { records: 2 },
  },
  {
    name: 'who the caller is',
    costs: 'nothing: the gateway knows',
    operation: () => '{ viewer { name scopes } sources { name kind } }',
    calls: {},
  },
];

describe('with a warm token', () => {
  it.each(named)('$name: $costs', async ({ operation, operationName, variables, calls }) => {
    const answer = await stack.everything.send(operation(), variables?.(), operationName);
    expect(answer.errors).toBeUndefined();
    expect(JSON.stringify(answer.data)).not.toContain('"message"');
    expect(counted()).toEqual(calls);
  });
});

describe('without a token', () => {
  it('a thousand simultaneous first requests make one token call', async () => {
    // The second person of the demo has not asked for anything yet.
    const key = stack.secrets.find(({ name }) => name.includes('DEMO_KEY_OWN'))?.value;
    const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
    const packageIds = Array.from({ length: 1000 }, (_, index) => String((index % 12) + 1));
    const query = 'query ($id: String!) { faspex { package(packageId: $id) { title } } }';
    const replies = packageIds.map((id) => {
      const body = JSON.stringify({ query, variables: { id } });
      return stack.fetch(new Request(stack.url, { method: 'POST', headers, body }));
    });
    for (const reply of await Promise.all(replies)) expect(await reply.json()).not.toHaveProperty('errors');
    expect(stack.proxies.packages.to('/auth/token')).toHaveLength(1);
  });

  it('many simultaneous first requests open one FairCom session', async () => {
    await stack.simulators.faircom.switches.expireSessions?.({});
    const query = 'query ($name: String!) { faircom { databases(search: $name) { totalCount } } }';
    const names = Array.from({ length: 50 }, (_, index) => `d${index}`);
    const answers = await Promise.all(names.map((name) => stack.everything.send(query, { name })));
    for (const { errors } of answers) expect(errors).toBeUndefined();
    const opened = stack.proxies.records.passed.filter(({ body }) => body.includes('"createSession"'));
    expect(opened).toHaveLength(1);
  });
});

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { GraphQLAnswer } from '../helpers/test-client.ts';
import { grant, sendPackage, startTransfer } from './possessions.ts';
import { type PeopleStack, type Person, startPeople } from './viewers.ts';

const TITLE = 'Nobody else may read this';

interface Thing {
  readonly id: string;
  readonly vendorId: string;
}

let people: PeopleStack;
let pkg: Thing;
let transfer: Thing;
beforeAll(async () => {
  people = await startPeople();
  const { ada, simulators } = people;
  const [london] = simulators.nodes;
  if (!london) throw new Error('there is a node');
  await grant(london, ada.email, ['list', 'read']);
  const sent = await sendPackage(people, { from: ada, to: ada.email, title: TITLE });
  pkg = { id: sent.id, vendorId: sent.packageId };
  // Slow enough to be under way as long as this file takes.
  const started = await startTransfer(people, ada, { bytes: 200_000, rateKbps: 40, title: TITLE });
  transfer = { id: started.id, vendorId: started.transferId };
});
afterAll(() => people?.stop());

/** A way to get at something by its id. The answer to whoever may not see it has `nothing` in it. */
interface Way {
  readonly name: string;
  readonly operation: string;
  readonly nothing: object;
  /** What the answer to its owner has in it, where that is not its title. */
  readonly something?: string;
}

const nullOf = (field: string) => ({ data: { [field]: null } });
const typed = (code: string) => ({ data: { result: { code } } });
const refused = (code: string) => ({ errors: [{ extensions: { code } }] });
const failure = '... on Error { code message }';

const packageWays: readonly Way[] = [
  {
    name: 'node',
    operation: 'query ($id: ID!) { node(id: $id) { ... on FaspexPackage { title } } }',
    nothing: nullOf('node'),
  },
  {
    name: 'nodes',
    operation: 'query ($id: ID!) { nodes(ids: [$id]) { ... on FaspexPackage { title } } }',
    nothing: { data: { nodes: [null] } },
  },
  { name: 'package', operation: 'query ($id: ID!) { package(id: $id) { title } }', nothing: nullOf('package') },
  {
    name: 'faspex.package',
    operation: 'query ($vendorId: String!) { faspex { package(packageId: $vendorId) { title } } }',
    nothing: { data: { faspex: { package: null } } },
  },
  {
    name: 'packageStatus',
    operation: 'subscription ($id: ID!) { packageStatus(id: $id) { package { title } } }',
    nothing: refused('NOT_FOUND'),
  },
  {
    name: 'receivePackage',
    operation: `mutation ($vendorId: String!) { result: receivePackage(input: { packageId: $vendorId }) {
      ... on ReceivePackageSuccess { spec { json } } ${failure} } }`,
    nothing: typed('NOT_FOUND'),
    something: 'cannot be downloaded yet',
  },
  {
    name: 'authorizePackageUpload',
    operation: `mutation ($vendorId: String!) { result: authorizePackageUpload(input: { packageId: $vendorId, paths: ["/a"] }) {
      ... on AuthorizePackageUploadSuccess { spec { json } } ${failure} } }`,
    nothing: typed('SOURCE_FORBIDDEN'),
  },
];

const transferWays: readonly Way[] = [
  {
    name: 'node',
    operation: 'query ($id: ID!) { node(id: $id) { ... on NodeTransfer { title } } }',
    nothing: nullOf('node'),
  },
  {
    name: 'nodes',
    operation: 'query ($id: ID!) { nodes(ids: [$id]) { ... on NodeTransfer { title } } }',
    nothing: { data: { nodes: [null] } },
  },
  { name: 'transfer', operation: 'query ($id: ID!) { transfer(id: $id) { title } }', nothing: nullOf('transfer') },
  {
    name: 'asperaNode.transfer',
    operation:
      'query ($vendorId: String!) { asperaNode(source: "my-london") { transfer(transferId: $vendorId) { title } } }',
    nothing: { data: { asperaNode: { transfer: null } } },
  },
  {
    name: 'transferProgress',
    operation: 'subscription ($id: ID!) { transferProgress(id: $id) { transfer { title } } }',
    nothing: refused('NOT_FOUND'),
  },
  ...(['changeTransferRate', 'pauseTransfer', 'resumeTransfer'] as const).map((name) => ({
    name,
    operation: `mutation ($id: ID!) { result: ${name}(input: { id: $id${name === 'changeTransferRate' ? ', targetRateKbps: 40' : ''} }) {
      ... on ${name[0]?.toUpperCase()}${name.slice(1)}Success { transfer { title } } ${failure} } }`,
    nothing: typed('NOT_FOUND'),
  })),
  {
    name: 'cancelTransfer',
    operation: `mutation ($id: ID!) { result: cancelTransfer(input: { id: $id }) {
      ... on CancelTransferSuccess { transfer { title } } ${failure} } }`,
    nothing: typed('NOT_FOUND'),
  },
];

async function use({ client }: Person, { operation }: Way, variables: Thing): Promise<GraphQLAnswer<unknown>> {
  if (!operation.startsWith('subscription')) return client.send(operation, variables);
  for await (const event of client.subscribe(operation, variables)) return event;
  throw new Error('the subscription told nothing');
}

const others = () => [people.bob, people.carol, people.stranger];

function describeWays(ways: readonly Way[], thing: () => Thing): void {
  it.each(ways)('is not there for others by $name, and for its owner it is', async (way) => {
    for (const person of others()) {
      const answer = await use(person, way, thing());
      expect(JSON.stringify(answer)).not.toContain(TITLE);
      // Faspex knows nobody of the stranger's name, and so gives no token for them.
      if (person !== people.stranger) expect(answer).toMatchObject(way.nothing);
    }
    const own = JSON.stringify(await use(people.ada, way, thing()));
    expect(own).toContain(way.something ?? TITLE);
  });
}

describe('a package of somebody else', () => {
  describeWays(packageWays, () => pkg);
});

describe('a transfer of somebody else', () => {
  describeWays(transferWays, () => transfer);

  it('was never changed in the name of others', () => {
    const changes = people.london.passed.filter(({ method }) => method === 'PUT' || method === 'DELETE');
    // One by its owner for each way that changes it.
    expect(changes).toHaveLength(4);
  });
});

describe('an id that leads nowhere', () => {
  const encode = (text: string) => Buffer.from(text).toString('base64');
  it.each([
    ['of a source that there is not', encode('FaspexPackage:elsewhere/1')],
    ['of a source of another kind', encode('FaspexPackage:london/1')],
    ['with a part too many', encode('NodeTransfer:my-london/1/2')],
    ['with a part too few', encode('NodeTransfer:my-london')],
    ['that cannot be decoded', encode('NodeTransfer:my-london/%E0%A4%A')],
  ])('is nothing: %s', async (_what, id) => {
    const answer = await people.ada.client.send('query ($id: ID!) { node(id: $id) { id } }', { id });
    expect(answer).toEqual({ data: { node: null } });
  });

  it.each(['', '.', '..', '../access_keys', '%2e%2e', 'a?b=c', 'a#b', '/'])(
    'does not lead to another path of a node: %s',
    async (vendorId) => {
      people.london.clear();
      const query =
        'query ($vendorId: String!) { asperaNode(source: "london") { transfer(transferId: $vendorId) { id } } }';
      const { data } = await people.ada.client.send(query, { vendorId });
      expect(data).toEqual({ asperaNode: { transfer: null } });
      const paths = people.london.passed.map(({ path }) => new URL(path, 'http://x').pathname);
      for (const path of paths) expect(path).toMatch(/^\/ops\/transfers\/[^/]+$/);
    },
  );

  it.each(['..', '1/upload_details', '1?x=y', ''])('does not lead to another path of Faspex: %s', async (vendorId) => {
    people.faspex.clear();
    const query = 'query ($vendorId: String!) { faspex { package(packageId: $vendorId) { id } } }';
    const { data } = await people.ada.client.send(query, { vendorId });
    expect(data).toEqual({ faspex: { package: null } });
    expect(people.faspex.to('/packages')).toEqual([]);
  });
});

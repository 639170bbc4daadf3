import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import {
  contentFolder,
  FAILURE,
  type Failure,
  onlyError,
  type People,
  type Person,
  startPeople,
} from './faspex-people.ts';

let people: People;
beforeAll(async () => {
  people = await startPeople();
});
afterAll(() => people.stack.stop());
afterEach(() => people.stack.simulators.faspex.faults.clear());

interface Received extends Failure {
  readonly spec: { readonly json: { readonly [name: string]: unknown } };
  readonly candidates: readonly {
    readonly name: string;
    readonly recipientId: string;
    readonly recipientType: string;
  }[];
}

const RECEIVE = `mutation ($input: ReceivePackageInput!) { receivePackage(input: $input) {
  ... on ReceivePackageSuccess { spec { json } } ${FAILURE}
  ... on AmbiguousRecipientError { candidates { name recipientId recipientType } } } }`;

const receive = async (person: Person, packageId: string, more: object = {}) =>
  (await person.data<{ receivePackage: Received }>(RECEIVE, { input: { packageId, ...more } })).receivePackage;

/** The query of the last request for a spec: in whose name it was asked for. */
const askedFor = () => {
  const asked = people.stack.simulators.faspex.requests
    .all()
    .filter(({ path }) => path.endsWith('/transfer_spec/download'));
  const { searchParams } = new URL(`http://faspex${asked.at(-1)?.url ?? ''}`);
  searchParams.delete('transfer_type');
  return Object.fromEntries(searchParams);
};

const group = (name: string, kind: string) => ({ name, recipient_type: kind });
const editorial = group('Editorial', 'workgroup');
const press = group('Press Deliveries', 'shared_inbox');
const metadata = { Outlet: 'Radio', Language: 'English' };

/** A package whose files have come from a shared folder of the server, and that is released unless it is withheld. */
async function deliver(sender: Person, recipients: readonly object[], more: object = {}): Promise<string> {
  const packageId = await sender.faspex.send('', { recipients, metadata, ...more });
  const body = { shared_folder_id: '1', paths: ['/stills', '/reel.mov.txt'] };
  await sender.faspex.post(`/packages/${packageId}/remote_transfer`, body);
  const arrived = async () => {
    const { json } = await sender.faspex.get(`/packages/${packageId}`);
    expect(json).toMatchObject(json.release_policy === 'now' ? { state: 'released' } : { upload_status: 'completed' });
  };
  await vi.waitFor(arrived, { timeout: 15_000 });
  return packageId;
}

describe('a package is received', () => {
  let toMina: string;
  let toEditorial: string;
  let toBoth: string;
  beforeAll(async () => {
    const { tomas, ava, mina } = people;
    [toMina, toEditorial, toBoth] = await Promise.all([
      deliver(tomas, [{ name: mina.username }, press]),
      deliver(ava, [editorial]),
      deliver(ava, [editorial, press]),
    ]);
  });

  it('in the own name by a recipient, also when a group has it, too', async () => {
    const { spec } = await receive(people.mina, toMina);
    expect(spec.json).toMatchObject({ direction: 'receive', remote_user: expect.any(String) });
    expect(askedFor()).toEqual({ type: 'received', recipient_user_id: people.mina.userId });
  });

  it('in the name of the one group that has it', async () => {
    expect((await receive(people.mina, toEditorial)).spec.json).toMatchObject({ direction: 'receive' });
    expect(askedFor()).toEqual({ type: 'received', recipient_workgroup_id: '2' });
  });

  it('by its sender from the side of the sender, though a group has it', async () => {
    expect((await receive(people.ava, toEditorial)).spec.json).toMatchObject({ direction: 'receive' });
    expect(askedFor()).toEqual({ type: 'sent' });
  });

  it('for one of several groups once it is said for which', async () => {
    const asked = await receive(people.mina, toBoth);
    expect(asked).toMatchObject({ __typename: 'AmbiguousRecipientError', message: expect.stringContaining('`as`') });
    expect(asked.candidates).toEqual([
      { name: 'Editorial', recipientId: '2', recipientType: 'WORKGROUP' },
      { name: 'Press Deliveries', recipientId: '1', recipientType: 'SHARED_INBOX' },
    ]);
    const as = { groupId: asked.candidates[0]?.recipientId };
    expect((await receive(people.mina, toBoth, { as })).spec.json).toMatchObject({ direction: 'receive' });
    expect(askedFor()).toEqual({ type: 'received', recipient_workgroup_id: '2' });
  });

  it('in the name that is said, and in no other', async () => {
    const as = { userId: people.mina.userId };
    expect((await receive(people.mina, toMina, { as })).spec.json).toMatchObject({ direction: 'receive' });
    expect(await receive(people.mina, toMina, { as: { userId: people.jonas.userId } })).toMatchObject({
      __typename: 'InvalidInputError',
    });
    const both = await people.mina.send(RECEIVE, { input: { packageId: toMina, as: { userId: '1', groupId: '2' } } });
    expect(onlyError(both).message).toContain('Exactly one key');
  });

  it('in part, by the paths that are named', async () => {
    const { spec } = await receive(people.mina, toMina, { paths: ['/stills/day 1.txt'] });
    expect(spec.json.paths).toEqual([{ source: expect.stringMatching(/\/stills\/day 1\.txt$/) }]);
    for (const paths of [[], [' ']]) {
      expect(await receive(people.mina, toMina, { paths })).toMatchObject({
        ...{ __typename: 'InvalidInputError', message: expect.stringContaining('`paths`') },
      });
    }
  });

  it('by nobody else', async () => {
    for (const packageId of [toMina, '999999']) {
      expect(await receive(people.jonas, packageId)).toMatchObject({ __typename: 'NotFoundError', code: 'NOT_FOUND' });
    }
    const as = { userId: people.mina.userId };
    expect(await receive(people.jonas, toMina, { as })).toMatchObject({ __typename: 'NotAllowedError' });
    expect((await receive(people.jonas, '1/../2')).__typename).toBe('InvalidInputError');
  });

  it('by an administrator only as who has it', async () => {
    const toJonas = await people.tomas.faspex.send(people.jonas.username);
    expect(await receive(people.ava, toJonas)).toMatchObject({
      ...{ __typename: 'NotAllowedError', message: expect.stringContaining('neither the sender') },
    });
  });

  it('not while it is uploaded, nor before it is released, nor when it is deleted', async () => {
    const { tomas, mina } = people;
    const empty = await tomas.faspex.send(mina.username);
    expect(await receive(mina, empty)).toMatchObject({ __typename: 'ConflictError' });
    const withheld = await deliver(tomas, [{ name: mina.username }], { release_policy: 'later' });
    expect(await receive(mina, withheld)).toMatchObject({ __typename: 'NotFoundError' });
    expect(await receive(tomas, withheld)).toMatchObject({
      ...{ __typename: 'ConflictError', message: expect.stringContaining('not been released') },
    });
    await tomas.faspex.call('DELETE', `/packages/${empty}`);
    expect(await receive(mina, empty)).toMatchObject({
      ...{ __typename: 'NotAllowedError', message: expect.stringContaining('deleted') },
    });
  });
});

interface Files {
  readonly nodes: readonly { readonly path: string; readonly type: string; readonly sizeBytes: number | null }[];
  readonly totalCount: number | null;
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
}

describe('the files of a package', () => {
  let packageId: string;
  const FILES = `query ($id: String!, $path: String, $first: Int, $after: String, $as: RecipientChoiceInput) {
    faspex { package(packageId: $id) { files(path: $path, first: $first, after: $after, as: $as) {
      nodes { path name type sizeBytes modifiedAt } totalCount pageInfo { hasNextPage endCursor } } } } }`;
  const files = (person: Person, variables: object = {}) =>
    person.send<{ faspex: { package: { files: Files } } }>(FILES, { id: packageId, ...variables });
  const filesOf = async (person: Person, variables: object = {}) => {
    const { data, errors } = await files(person, variables);
    expect(errors).toBeUndefined();
    return data?.faspex.package.files as Files;
  };

  beforeAll(async () => {
    const { tomas, mina } = people;
    packageId = await tomas.faspex.send(mina.username);
    const { json } = await tomas.faspex.get<{ package_uuid: string }>(`/packages/${packageId}`);
    const folder = join(await contentFolder(people, json.package_uuid), 'reels für Köln');
    await mkdir(folder);
    await Promise.all(
      Array.from({ length: 7 }, (_, index) => writeFile(join(folder, `${index}.mov`), '.'.repeat(index))),
    );
  });

  async function readAll(first: number): Promise<readonly (string | undefined)[]> {
    const found: (string | undefined)[] = [];
    let after: string | null = null;
    do {
      const page: Files = await filesOf(people.mina, { path: '/reels für Köln', first, after });
      found.push(...page.nodes.map(({ path }) => path));
      after = page.pageInfo.hasNextPage ? page.pageInfo.endCursor : null;
    } while (after !== null);
    return found;
  }

  const all = Array.from({ length: 7 }, (_, index) => `/reels für Köln/${index}.mov`);

  it('are browsed folder by folder', async () => {
    expect((await filesOf(people.mina)).nodes).toMatchObject([{ path: '/reels für Köln', type: 'DIRECTORY' }]);
    const { nodes } = await filesOf(people.tomas, { path: '/reels für Köln', first: 1 });
    expect(nodes).toEqual([
      { path: '/reels für Köln/0.mov', name: '0.mov', type: 'FILE', sizeBytes: 0, modifiedAt: expect.any(String) },
    ]);
  });

  it.each([1, 2, 3, 7, 20])('come each once in pages of %i', async (first) => {
    expect(await readAll(first)).toEqual(all);
  });

  it.each([2, 3])('come each once in pages of %i from a server that pages by offset', async (first) => {
    const json = { status: 'Not Found', code: '1002', message: 'no route' };
    people.stack.simulators.faspex.faults.add({ kind: 'status', status: 404, json, path: '/files/received/page' });
    expect(await readAll(first)).toEqual(all);
    expect((await filesOf(people.mina, { path: '/reels für Köln', first: 1 })).totalCount).toBe(7);
  });

  it('go on from any of them, not only from the end of a page', async () => {
    const edges = `query ($id: String!, $after: String) { faspex { package(packageId: $id) {
      files(path: "/reels für Köln", first: 4, after: $after) { edges { cursor node { path } } } } } }`;
    interface Edges {
      readonly faspex: {
        readonly package: { readonly files: { readonly edges: readonly { cursor: string; node: object }[] } };
      };
    }
    const page = async (after?: string) =>
      (await people.mina.data<Edges>(edges, { id: packageId, after })).faspex.package.files.edges;
    const first = await page();
    const second = await page(first[1]?.cursor);
    expect(second.map(({ node }) => node)).toEqual(all.slice(2, 6).map((path) => ({ path })));
  });

  it('are counted out on a page of none, and refused to a cursor of another folder', async () => {
    const none = await filesOf(people.mina, { first: 0 });
    expect(none).toMatchObject({ nodes: [], pageInfo: { hasNextPage: true, endCursor: null } });
    const { pageInfo } = await filesOf(people.mina, { path: '/reels für Köln', first: 1 });
    const refused = await files(people.mina, { path: '/', first: 1, after: pageInfo.endCursor });
    expect(onlyError(refused)).toMatchObject({ code: 'BAD_CURSOR', path: ['faspex', 'package', 'files'] });
  });

  it('are not those of another folder of the server', async () => {
    const refused = await files(people.mina, { path: '/../..' });
    expect(onlyError(refused)).toMatchObject({ code: 'BAD_INPUT', path: ['faspex', 'package', 'files'] });
    expect(onlyError(await files(people.mina, { path: '/nowhere' })).code).toBe('SOURCE_UNAVAILABLE');
  });

  it('are asked for in a name where several groups have the package', async () => {
    const id = await people.ava.faspex.send('', { recipients: [editorial, press], metadata });
    const asked = await files(people.mina, { id });
    expect(onlyError(asked)).toMatchObject({ code: 'BAD_INPUT', message: expect.stringContaining('`as`') });
    expect((await filesOf(people.mina, { id, as: { groupId: '2' } })).nodes).toEqual([]);
  });
});

describe('the files of a shared folder', () => {
  it('are browsed like those of a package, and the private ones by administrators alone', async () => {
    const read = async (person: Person) =>
      (
        await person.data<{ faspex: { sharedFolders: { nodes: { name: string; files: Files }[] } } }>(
          `{ faspex { sharedFolders { nodes { sharedFolderId name readPermission files(first: 1) {
            nodes { path type } pageInfo { hasNextPage endCursor } } } totalCount } } }`,
        )
      ).faspex.sharedFolders.nodes;
    const [first, ...others] = await read(people.tomas);
    expect(others).toEqual([]);
    expect(first).toMatchObject({
      ...{ sharedFolderId: '1', name: 'Server Files', readPermission: 'public' },
      files: { nodes: [{ path: '/reel.mov.txt', type: 'FILE' }], pageInfo: { hasNextPage: true } },
    });
    expect((await read(people.ava)).map(({ name }) => name)).toEqual(['Server Files', 'Archive Vault']);
    const rest = await people.tomas.data<{ faspex: { sharedFolders: { nodes: { files: Files }[] } } }>(
      'query ($after: String) { faspex { sharedFolders { nodes { files(first: 1, after: $after) { nodes { path type } pageInfo { hasNextPage } } } } } }',
      { after: first?.files.pageInfo.endCursor },
    );
    expect(rest.faspex.sharedFolders.nodes[0]?.files).toEqual({
      nodes: [{ path: '/stills', type: 'DIRECTORY' }],
      pageInfo: { hasNextPage: false },
    });
  });
});

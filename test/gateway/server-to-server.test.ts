import { randomBytes } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { endOf, nodeOf } from '../helpers/node-transfers.ts';
import { readExample } from '../helpers/read-example.ts';
import type { TestClient } from '../helpers/test-client.ts';
import { sendPackage } from '../isolation/possessions.ts';
import { type PeopleStack, type Person, startPeople } from '../isolation/viewers.ts';

const example = readExample('server-to-server');

let people: PeopleStack;
beforeAll(async () => {
  people = await startPeople();
  await mkdir(join(docroot('tokyo'), 'incoming'));
  await writeFile(join(docroot('london'), 'film.mov'), film);
});
afterAll(() => people?.stop());

const film = randomBytes(300_000);
const docroot = (name: string) => nodeOf(people, name).docroot;

interface Started {
  readonly transfer?: { readonly id: string; readonly status: string };
  readonly code?: string;
  readonly message?: string;
}

async function specIdFor({ client }: { client: TestClient }, node = 'tokyo'): Promise<string> {
  const { authorizeUpload } = await client.data<{ authorizeUpload: { spec: { specId: string } } }>(
    example,
    { node, destination: '/incoming' },
    'AuthorizeForServer',
  );
  return authorizeUpload.spec.specId;
}

const start = async ({ client }: { client: TestClient }, variables: object) =>
  (
    await client.data<{ startTransfer: Started }>(
      example,
      { node: 'london', paths: [{ source: '/film.mov' }], ...variables },
      'StartOnServer',
    )
  ).startTransfer;

const startJson = async ({ client }: Person, source: string, spec: unknown) =>
  (
    await client.data<{ startTransfer: Started }>(
      `mutation ($source: String!, $spec: JSON!) {
        startTransfer(input: { source: $source, spec: { json: $spec }, paths: [{ source: "/film.mov" }] }) {
          ... on StartTransferSuccess { transfer { id status } } ... on Error { code message } } }`,
      { source, spec },
    )
  ).startTransfer;

const jsonFor = async ({ client }: Person, source = 'tokyo') =>
  (
    await client.data<{ authorizeUpload: { spec: { json: Record<string, unknown> } } }>(
      `mutation ($source: String!) { authorizeUpload(input: { source: $source, destination: "/incoming" }) {
        ... on AuthorizeUploadSuccess { spec { json } } } }`,
      { source },
    )
  ).authorizeUpload.spec.json;

const startsAt = (proxy: PeopleStack['london']) =>
  proxy.passed.filter(({ method, path }) => method === 'POST' && path === '/ops/transfers');

describe('a transfer from a spec that is named by its id', () => {
  it('moves every byte, and its token never comes to the caller', async () => {
    const specId = await specIdFor(people.ada);
    const { transfer } = await start(people.ada, { specId });
    expect(await endOf(people.ada.client, transfer?.id ?? '')).toBe('COMPLETED');
    expect((await readFile(join(docroot('tokyo'), 'incoming/film.mov'))).equals(film)).toBe(true);
  });

  it('may be started from the same spec again, as with its JSON', async () => {
    const specId = await specIdFor(people.ada);
    for (let time = 0; time < 2; time += 1) {
      const { transfer } = await start(people.ada, { specId });
      expect(await endOf(people.ada.client, transfer?.id ?? '')).toBe('COMPLETED');
    }
  });

  it.each(['bob', 'adasPhone', 'stranger'] as const)(
    'is not started by %s, who was not given the spec',
    async (who) => {
      const specId = await specIdFor(people.ada);
      people.london.clear();
      const foreign = await start(people[who], { specId });
      expect(foreign).toMatchObject({ code: 'NOT_FOUND' });
      // Nothing tells that there is such a spec.
      expect(await start(people[who], { specId: 'no-such-spec' })).toEqual(foreign);
      expect(startsAt(people.london)).toEqual([]);
    },
  );

  it('has another id for each spec, and the same for one that is asked for twice', async () => {
    const [one, two] = await Promise.all([specIdFor(people.ada), specIdFor(people.ada)]);
    expect(one).not.toBe(two);
    const { authorizeUpload } = await people.ada.client.data<{
      authorizeUpload: { spec: { a: string; b: string } };
    }>(`mutation { authorizeUpload(input: { source: "tokyo", destination: "/" }) {
      ... on AuthorizeUploadSuccess { spec { a: specId b: specId } } } }`);
    expect(authorizeUpload.spec.a).toBe(authorizeUpload.spec.b);
  });

  it('is started from a spec of Faspex, and the package arrives', async () => {
    const sending = `mutation ($to: String!) {
      sendPackage(input: { title: "By id", recipients: [{ name: $to, recipientType: USER }], paths: ["/film.mov"] }) {
        ... on SendPackageSuccess { package { id } spec { specId } } ... on Error { message } } }`;
    const { sendPackage: sent } = await people.ada.client.data<{
      sendPackage: { package: { id: string }; spec: { specId: string } };
    }>(sending, { to: people.bob.email });
    expect(await start(people.bob, sent.spec)).toMatchObject({ code: 'NOT_FOUND' });
    const { transfer } = await start(people.ada, sent.spec);
    expect(transfer).toBeDefined();
    const statuses: (string | undefined)[] = [];
    const watching = 'subscription ($id: ID!) { packageStatus(id: $id) { package { status packageId } } }';
    const events = people.ada.client.subscribe<{ packageStatus: { package: { status: string; packageId: string } } }>(
      watching,
      sent.package,
    );
    let packageId = '';
    for await (const { data } of events) {
      statuses.push(data?.packageStatus.package.status);
      packageId = data?.packageStatus.package.packageId ?? packageId;
    }
    expect(statuses.at(-1)).toBe('AVAILABLE');
    const { receivePackage } = await people.bob.client.data<{ receivePackage: { spec: { specId: string } } }>(
      `mutation ($packageId: String!) { receivePackage(input: { packageId: $packageId }) {
        ... on ReceivePackageSuccess { spec { specId } } ... on Error { message } } }`,
      { packageId },
    );
    expect(receivePackage.spec.specId).toMatch(/^[\w-]{24}$/);
  });
});

describe('a node that would be its own client', () => {
  const classic = { code: 'BAD_INPUT', message: expect.stringContaining('client and server of one transfer') };

  it('is refused by the id of the spec, by its token and by its address, before anything is sent', async () => {
    const specId = await specIdFor(people.ada, 'tokyo');
    const json = await jsonFor(people.ada, 'tokyo');
    people.tokyo.clear();
    expect(await start(people.ada, { node: 'tokyo', specId })).toMatchObject(classic);
    expect(await startJson(people.ada, 'tokyo', json)).toMatchObject(classic);
    // Whoever writes another address into the spec still has a token of this node.
    expect(await startJson(people.ada, 'tokyo', { ...json, remote_host: 'other.example' })).toMatchObject(classic);
    const foreign = { ...json, token: 'ATB3_ACof-somebody-else_3BTA' };
    expect(await startJson(people.ada, 'tokyo', foreign)).toMatchObject(classic);
    expect(startsAt(people.tokyo)).toEqual([]);
  });

  it('is refused between two sources of one node, whatever they are called', async () => {
    people.tokyo.clear();
    const { transferBetweenNodes } = await people.ada.client.data<{ transferBetweenNodes: Started }>(
      `mutation { transferBetweenNodes(input: {
        from: "tokyo", to: "my-tokyo", paths: [{ source: "/film.mov" }], destination: "/incoming" }) {
        ... on Error { code message } } }`,
    );
    expect(transferBetweenNodes).toMatchObject({
      code: 'BAD_INPUT',
      message: expect.stringContaining('classic mistake'),
    });
    expect(startsAt(people.tokyo)).toEqual([]);
  });

  it('is not seen where another node starts it, whoever made the spec', async () => {
    const json = await jsonFor(people.bob, 'tokyo');
    expect((await startJson(people.ada, 'london', json)).transfer).toBeDefined();
  });

  it('is not seen where Faspex keeps the package on the node that sends it', async () => {
    const { spec } = await sendPackage(people, { from: people.ada, to: people.bob.email, title: 'On one node' });
    await writeFile(join(docroot('tokyo'), 'film.mov'), 'film');
    const { message } = await startJson(people.ada, 'tokyo', spec.json);
    expect(message).toBeUndefined();
  });
});

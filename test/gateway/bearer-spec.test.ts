import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inflateSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createPeerDirectory, type PeerDirectory } from '../../simulators/node/peers.ts';
import { runDesktopClient } from '../../simulators/node/protocol/desktop-client.ts';
import { mintBearerToken } from '../../simulators/node/tokens/bearer-token.ts';
import { endOf, nodeOf } from '../helpers/node-transfers.ts';
import { readExample } from '../helpers/read-example.ts';
import type { TestClient } from '../helpers/test-client.ts';
import { type BearerStack, startBearerStack } from './bearer-stack.ts';

const example = readExample('bearer-spec');
const film = randomBytes(200_000);

let stack: BearerStack;
let home: string;
let peers: PeerDirectory;

const tokyo = () => nodeOf(stack, 'tokyo');

beforeAll(async () => {
  stack = await startBearerStack();
  home = await mkdtemp(join(tmpdir(), 'bearer-spec-'));
  await writeFile(join(home, 'film.mov'), film);
  await writeFile(join(nodeOf(stack, 'london').docroot, 'film.mov'), film);
  await mkdir(join(tokyo().docroot, 'Projects', 'Nordlys 🎬'), { recursive: true });
  await mkdir(join(tokyo().docroot, 'Private'));
  await writeFile(join(tokyo().docroot, 'Projects', 'Nordlys 🎬', 'cut.mov'), film);
  await writeFile(join(tokyo().docroot, 'Private', 'plan.txt'), 'secret plan');
  peers = createPeerDirectory();
  peers.register({
    nodeId: () => 'tokyo',
    sshPort: () => tokyo().sshPort,
    hasAccessKey: (id) => id === tokyo().accessKeyId,
  });
  await stack.allow('ada', '/', ['list']);
  await stack.allow('ada', '/Projects', ['list', 'read', 'write', 'mkdir']);
  await stack.allow('bob', '/Projects', ['list']);
});
afterAll(async () => {
  await stack?.stop();
  await rm(home, { recursive: true, force: true });
});

interface Spec {
  readonly json: Record<string, unknown> & { readonly token: string };
  readonly specId: string;
  readonly authorizationKind: string;
  readonly expiresAt: string | null;
}
interface Answer {
  readonly spec?: Spec;
  readonly code?: string;
  readonly message?: string;
}

const ask = async (client: TestClient, operation: string, variables: object) =>
  (
    await client.data<{ createBearerSpec: Answer }>(
      example,
      { node: 'my-tokyo', kind: 'BEARER', ...variables },
      operation,
    )
  ).createBearerSpec;

async function create(client: TestClient, operation: 'CreateUploadSpec' | 'CreateDownloadSpec', variables: object) {
  const { spec, message } = await ask(client, operation, variables);
  if (!spec) throw new Error(`no spec: ${message}`);
  return spec;
}

const run = (json: object) => runDesktopClient(json, home, { peers });
const refused = { status: 'failed', errorCode: 37 };
const folder = { path: '/Projects/Nordlys 🎬' };
const cut = { folder, paths: [{ source: 'cut.mov' }] };

const payloadOf = ({ token }: Spec['json']) =>
  JSON.parse(
    inflateSync(Buffer.from(token.slice('Bearer '.length), 'base64'))
      .toString('utf8')
      .split('\n')[0] ?? '',
  ) as Record<string, string>;

describe('a spec with a bearer token', () => {
  it('has what IBM’s client writes into one', async () => {
    const { json, ...spec } = await create(stack.ada, 'CreateUploadSpec', { folder });
    expect(spec).toMatchObject({ authorizationKind: 'BEARER', remoteHost: '127.0.0.1', remoteUser: 'xfer' });
    expect(json).toEqual({
      direction: 'send',
      remote_host: '127.0.0.1',
      remote_user: 'xfer',
      ssh_port: 33001,
      fasp_port: 33001,
      token: expect.stringMatching(/^Bearer eJ[\w+/]+=*$/),
      paths: [],
      destination_root: '/',
      tags: {
        aspera: { node: { access_key: tokyo().accessKeyId, file_id: await stack.fileId(folder.path) } },
        graphqlGateway: { viewer: expect.any(String) },
      },
    });
  });

  it('is in the name of the caller, never an administrator’s, and tells when it ends', async () => {
    const spec = await create(stack.ada, 'CreateDownloadSpec', { ...cut, node: 'admin-tokyo', seconds: 900 });
    const payload = payloadOf(spec.json);
    expect(payload).toMatchObject({
      user_id: 'ada@studio.example',
      // The source is configured to act as an administrator; what leaves the gateway does not.
      scope: `node.${tokyo().accessKeyId}:user:all`,
      auth_type: 'access_key',
    });
    expect(Date.parse(payload.expires_at ?? '')).toBe(Date.parse(spec.expiresAt ?? ''));
  });

  it('moves every byte up and down for whoever has the permission', async () => {
    const up = await create(stack.ada, 'CreateUploadSpec', { folder, paths: [{ source: 'film.mov' }] });
    expect(await run(up.json)).toMatchObject({ status: 'completed', filesCompleted: 1 });
    expect((await readFile(join(tokyo().docroot, 'Projects/Nordlys 🎬/film.mov'))).equals(film)).toBe(true);
    const down = await create(stack.ada, 'CreateDownloadSpec', cut);
    expect(await run(down.json)).toMatchObject({ status: 'completed' });
    expect((await readFile(join(home, 'cut.mov'))).equals(film)).toBe(true);
  });

  it('is found by the path of the file itself, and by the id of its folder', async () => {
    const byPath = await create(stack.ada, 'CreateDownloadSpec', { folder: { path: `${folder.path}/cut.mov` } });
    expect(byPath.json).toMatchObject({ paths: [{ source: 'cut.mov' }] });
    expect(await run(byPath.json)).toMatchObject({ status: 'completed' });
    const fileId = await stack.fileId(folder.path);
    const byId = await create(stack.ada, 'CreateDownloadSpec', { ...cut, folder: { fileId } });
    expect(byId.json).toMatchObject({ tags: { aspera: { node: { file_id: fileId } } } });
    expect(await run(byId.json)).toMatchObject({ status: 'completed' });
  });

  it('is started by another node from its id', async () => {
    const { specId } = await create(stack.ada, 'CreateUploadSpec', { folder });
    const starting = `mutation ($node: String!, $specId: String!) {
      startTransfer(input: { source: $node, spec: { specId: $specId }, paths: [{ source: "/film.mov", destination: "from-london.mov" }] }) {
        ... on StartTransferSuccess { transfer { id } } ... on Error { code message } } }`;
    const begin = async (client: TestClient, node: string) =>
      (
        await client.data<{ startTransfer: { transfer?: { id: string }; code?: string; message?: string } }>(starting, {
          node,
          specId,
        })
      ).startTransfer;
    expect(await begin(stack.bob, 'london')).toMatchObject({ code: 'NOT_FOUND' });
    expect(await begin(stack.ada, 'tokyo')).toMatchObject({ message: expect.stringContaining('client and server') });
    const { transfer } = await begin(stack.ada, 'london');
    expect(await endOf(stack.ada, transfer?.id ?? '')).toBe('COMPLETED');
    expect((await readFile(join(tokyo().docroot, 'Projects/Nordlys 🎬/from-london.mov'))).equals(film)).toBe(true);
  });
});

describe('the node', () => {
  afterEach(() => rm(join(home, 'plan.txt'), { force: true }));

  it('refuses whoever has no permission to do it', async () => {
    const here = { folder: { fileId: await stack.fileId(folder.path) } };
    const down = await create(stack.bob, 'CreateDownloadSpec', { ...cut, ...here });
    expect(await run(down.json)).toMatchObject({ ...refused, errorDescription: expect.stringContaining('read') });
    const up = await create(stack.bob, 'CreateUploadSpec', { ...here, paths: [{ source: 'film.mov' }] });
    expect(await run(up.json)).toMatchObject({ ...refused, errorDescription: expect.stringContaining('write') });
    const hidden = { folder: { path: '/Private' }, paths: [{ source: 'plan.txt' }] };
    expect(await run((await create(stack.ada, 'CreateDownloadSpec', hidden)).json)).toMatchObject(refused);
  });

  it('refuses the token of one person in a spec of another, and for another folder', async () => {
    const { json } = await create(stack.ada, 'CreateDownloadSpec', cut);
    const file_id = await stack.fileId('/Private');
    const moved = { ...json, tags: { aspera: { node: { access_key: tokyo().accessKeyId, file_id } } } };
    expect(await run({ ...moved, paths: [{ source: 'plan.txt' }] })).toMatchObject(refused);
    const climbing = { ...json, paths: [{ source: '../../Private/plan.txt' }] };
    expect((await run(climbing)).status).toBe('failed');
    const his = { ...cut, folder: { fileId: await stack.fileId(folder.path) } };
    const { token } = (await create(stack.bob, 'CreateDownloadSpec', his)).json;
    expect(await run({ ...json, token })).toMatchObject(refused);
  });

  it('refuses one that was forged', async () => {
    const { json } = await create(stack.ada, 'CreateDownloadSpec', cut);
    const payload = payloadOf(json);
    const own = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
    const signedByOther = `Bearer ${mintBearerToken(payload, own)}`;
    expect(await run({ ...json, token: signedByOther })).toMatchObject({
      ...refused,
      errorDescription: 'Not authorized: bearer token is invalid or expired',
    });
    const otherKey = { ...payload, scope: 'node.other:user:all' };
    const ofOtherKey = `Bearer ${mintBearerToken(otherKey, tokyo().accessKeyPrivateKey)}`;
    expect(await run({ ...json, token: ofOtherKey })).toMatchObject(refused);
    const cutOff = json.token.slice(0, -8);
    expect(await run({ ...json, token: cutOff })).toMatchObject(refused);
    expect(await run({ ...json, tags: {} })).toMatchObject({ status: 'failed' });
  });
});

describe('a bearer spec is not made', () => {
  it.each([
    ['of what is not there', { folder: { path: '/Projects/none' }, paths: [{ source: 'a' }] }, 'NOT_FOUND'],
    ['of a file in place of a folder', { folder: { path: '/Projects/Nordlys 🎬/cut.mov/a' } }, 'BAD_INPUT'],
    ['of a path that climbs', { folder: { path: '/Projects/..' }, paths: [{ source: 'a' }] }, 'BAD_INPUT'],
    ['of nothing', { folder }, 'BAD_INPUT'],
    ['for longer than the operator allows', { ...cut, seconds: 3601 }, 'BAD_INPUT'],
    ['at a source that does not act as the viewer', { ...cut, node: 'tokyo' }, 'SOURCE_FORBIDDEN'],
  ])('%s', async (_name, variables, code) => {
    expect(await ask(stack.ada, 'CreateDownloadSpec', variables)).toMatchObject({ code });
  });

  it('of what the caller may not look into, and tells what to do', async () => {
    expect(await ask(stack.bob, 'CreateDownloadSpec', cut)).toMatchObject({
      code: 'SOURCE_FORBIDDEN',
      message: 'You may not look into / of my-tokyo, so that no path can be walked through it: give `fileId`.',
    });
    const fileId = await stack.fileId('/Private');
    const answer = await ask(stack.bob, 'CreateDownloadSpec', { folder: { fileId }, paths: [{ source: 'plan.txt' }] });
    expect(answer).toMatchObject({ code: 'SOURCE_FORBIDDEN' });
  });

  it('with another access key than the source has', async () => {
    const { createBearerSpec } = await stack.ada.data<{ createBearerSpec: Answer }>(
      `mutation { createBearerSpec(input: { source: "my-tokyo", kind: BEARER, direction: SEND, accessKey: "other" }) {
        ... on Error { code message } } }`,
    );
    expect(createBearerSpec).toEqual({
      code: 'BAD_INPUT',
      message: `my-tokyo is configured with another access key: ${tokyo().accessKeyId}.`,
    });
  });

  it('without the scope for it, which the one for specs does not include', async () => {
    tokyo().requests.clear();
    expect(await ask(stack.plain, 'CreateDownloadSpec', cut)).toEqual({
      code: 'FORBIDDEN',
      message: 'This operation needs the scope transfer.bearer, which you do not have.',
      retryable: false,
    });
    expect(tokyo().requests.all()).toEqual([]);
  });
});

describe('a spec with the secret of an access key', () => {
  const basic = { node: 'key-tokyo', kind: 'BASIC' };

  it('moves every byte, wherever in the storage', async () => {
    const down = await create(stack.trusted, 'CreateDownloadSpec', { ...basic, folder: { path: '/Private/plan.txt' } });
    expect(down).toMatchObject({ authorizationKind: 'BASIC', expiresAt: null });
    expect(await run(down.json)).toMatchObject({ status: 'completed' });
    expect(await readFile(join(home, 'plan.txt'), 'utf8')).toBe('secret plan');
    const up = await create(stack.trusted, 'CreateUploadSpec', { ...basic, paths: [{ source: 'film.mov' }] });
    expect(await run(up.json)).toMatchObject({ status: 'completed' });
    expect((await readFile(join(tokyo().docroot, 'film.mov'))).equals(film)).toBe(true);
    const wrong = `Basic ${Buffer.from(`${tokyo().accessKeyId}:wrong`).toString('base64')}`;
    expect(await run({ ...down.json, token: wrong })).toMatchObject(refused);
  });

  it('needs a scope of its own, a source with an access key, and no life', async () => {
    const paths = [{ source: 'plan.txt' }];
    expect(await ask(stack.ada, 'CreateDownloadSpec', { ...basic, paths })).toMatchObject({
      code: 'FORBIDDEN',
      message: expect.stringContaining('transfer.secret'),
    });
    const asked = (variables: object) => ask(stack.trusted, 'CreateDownloadSpec', { ...basic, paths, ...variables });
    expect(await asked({ node: 'tokyo' })).toMatchObject({ code: 'SOURCE_FORBIDDEN' });
    // Where the gateway acts for people, its own secret is lent to nobody.
    expect(await asked({ node: 'my-tokyo' })).toMatchObject({ code: 'SOURCE_FORBIDDEN' });
    expect(await asked({ seconds: 60 })).toMatchObject({ code: 'BAD_INPUT' });
  });
});

// Last, because a clock cannot be put back.
describe('a bearer token that has ended', () => {
  it('is refused by the node', async () => {
    const spec = await create(stack.ada, 'CreateDownloadSpec', { ...cut, seconds: 600 });
    await tokyo().switches.advanceClock?.({ milliseconds: 300_000 });
    expect(await run(spec.json)).toMatchObject({ status: 'completed' });
    await tokyo().switches.advanceClock?.({ milliseconds: 301_000 });
    expect(await run(spec.json)).toMatchObject({
      ...refused,
      errorDescription: 'Not authorized: bearer token is invalid or expired',
    });
  });
});

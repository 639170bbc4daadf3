import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { basicOf, type Json, type NodeCalls, startNode, startTwo } from './start-nodes.ts';

let london: NodeCalls;
let tokyo: NodeCalls;

beforeEach(async () => {
  ({ london, tokyo } = await startTwo());
  await writeFile(join(london.node.docroot, 'a'), 'from london');
  await mkdir(join(tokyo.node.docroot, 'folder'));
  await writeFile(join(tokyo.node.docroot, 'folder/t'), 'from tokyo');
});

const start = async (spec: Json, changes: Json = {}) => {
  const posted = await london.json('POST', '/ops/transfers', { paths: [{ source: 'a' }], ...spec, ...changes });
  return london.ended(posted.id);
};

const upload = (changes: Json = {}) => tokyo.setup('upload', { paths: [{}], destination_root: '/in', ...changes });
const refused = { status: 'failed', error_code: 37 };
const sending = { paths: [{ source: 'a' }] };

describe('a transfer token', () => {
  it('is good for everything below its destination, and for nothing else', async () => {
    const spec = await upload();
    expect(await start(spec, sending)).toMatchObject({ status: 'completed', start_spec: { token_type: 'auth_token' } });
    expect(await start(spec, { ...sending, destination_root: '/in/deeper' })).toMatchObject({ status: 'completed' });
    expect(await start(spec, { ...sending, destination_root: '/elsewhere' })).toMatchObject({
      ...refused,
      error_desc: "Not authorized: Token doesn't match file-list",
    });
    expect(await start(spec, { ...sending, destination_root: '/in/../elsewhere' })).toMatchObject(refused);
    expect(await readdir(tokyo.node.docroot)).toEqual(['folder', 'in']);
  });

  it('is good for the whole list of files that was authorized, not for another one', async () => {
    await writeFile(join(tokyo.node.docroot, 'second'), '2');
    const spec = await tokyo.setup('download', { paths: [{ source: '/folder' }, { source: '/second' }] });
    expect(await start(spec, { destination_root: '/got' })).toMatchObject({ status: 'completed', files_completed: 2 });
    expect(await readFile(join(london.node.docroot, 'got/folder/t'), 'utf8')).toBe('from tokyo');
    expect(await start(spec, { paths: [{ source: '/folder' }] })).toMatchObject(refused);
    expect(await start(spec, { paths: [{ source: '/' }, { source: '/second' }] })).toMatchObject(refused);
    const pairs = [{ source: 'a', destination: '/up/b' }];
    const pairSpec = await tokyo.setup('upload', { paths: pairs });
    expect(await start(pairSpec)).toMatchObject({ status: 'completed' });
    expect(await readFile(join(tokyo.node.docroot, 'up/b'), 'utf8')).toBe('from london');
    expect(await start(pairSpec, { paths: [{ source: 'a', destination: '/up/c' }] })).toMatchObject(refused);
  });

  it('with * is good for everything below the root', async () => {
    const down = await tokyo.setup('download', { source_root: '/folder', paths: [{ source: '*' }] });
    expect(await start(down, { paths: [{ source: 't' }] })).toMatchObject({ status: 'completed' });
    expect(await start(down, { source_root: '/', paths: [{ source: 'folder/../a' }] })).toMatchObject(refused);
    const up = await upload({ paths: [{ destination: '*' }] });
    expect(await start(up, { paths: [{ source: 'a', destination: 'any/name' }] })).toMatchObject({
      status: 'completed',
    });
  });

  it('is refused in the other direction', async () => {
    const spec = await upload();
    const answer = await start(spec, { direction: 'receive', paths: [{ source: '/in' }] });
    expect(answer).toMatchObject({ ...refused, error_desc: expect.stringContaining('direction') });
    const sync = await tokyo.setup('sync', { type: 'sync', paths: [{ source: '/folder' }] });
    expect(await start(sync, { direction: 'receive', paths: [{ source: '/folder/t' }] })).toMatchObject({
      status: 'completed',
    });
  });

  it('is refused after its life, and after all tokens were expired', async () => {
    const spec = await upload({ token_life_seconds: 60 });
    await tokyo.flip('advanceClock', { milliseconds: 59_000 });
    expect(await start(spec, sending)).toMatchObject({ status: 'completed' });
    await tokyo.flip('advanceClock', { milliseconds: 2_000 });
    expect(await start(spec, sending)).toMatchObject({ ...refused, error_desc: 'Not authorized: token expired' });
    const other = await upload();
    await tokyo.flip('expireTokens');
    expect(await start(other, sending)).toMatchObject(refused);
    expect(await start(await upload(), sending)).toMatchObject({ status: 'completed' });
  });

  it('is refused by any node but its issuer, and when it was tampered with', async () => {
    const spec = await upload();
    const lima = await startNode();
    expect(await start(spec, { ...sending, ssh_port: lima.node.sshPort })).toMatchObject({
      ...refused,
      error_desc: 'Not authorized: token was issued by another node',
    });
    const token = String(spec.token);
    const inside = Buffer.from(token.slice(7, -5), 'base64url').toString('latin1').replace('/in', '/xx');
    const forged = `ATB3_AC${Buffer.from(inside, 'latin1').toString('base64url')}_3BTA`;
    for (const wrong of [forged, `${token.slice(0, 20)}${token.slice(24)}`, 'ATB3_ACxx_3BTA', 'nonsense']) {
      expect(await start(spec, { ...sending, token: wrong })).toMatchObject(refused);
    }
    await tokyo.flip('changeNodeId');
    expect(await start(spec, sending)).toMatchObject(refused);
  });

  it('is not tried again, even in a retry window', async () => {
    const spec = await upload();
    const tags = { aspera: { xfer_retry: 3600 } };
    expect(await start(spec, { ...sending, tags, destination_root: '/elsewhere' })).toMatchObject(refused);
  });
});

describe('other proofs on ssh_port', () => {
  const base = () => ({
    direction: 'send',
    remote_host: 'localhost',
    ssh_port: 33001,
    destination_root: '/in',
    paths: [{ source: 'a' }],
  });

  it('takes the Basic token of an access key, finds the node by it, and refuses a node user', async () => {
    const { accessKeyId, accessKeySecret, username, password, sshPort } = tokyo.node;
    expect(await start(base(), { token: basicOf(accessKeyId, accessKeySecret) })).toMatchObject({
      status: 'completed',
      start_spec: { token_type: 'basic_token', server_access_key: accessKeyId },
    });
    expect(await start(base(), { token: basicOf(accessKeyId, 'wrong') })).toMatchObject(refused);
    expect(await start(base(), { token: basicOf(username, password), ssh_port: sshPort })).toMatchObject(refused);
  });

  it('takes a bearer token with access_key and file_id, relative to the folder of that id', async () => {
    const { accessKeyId } = tokyo.node;
    const files = await tokyo.json('GET', '/files/1/files', undefined, tokyo.keyHeaders);
    const [folder] = files as unknown as [Json];
    const { authorization: token } = tokyo.bearer();
    await tokyo.grant('777', String(folder.id), ['list', 'read', 'write', 'mkdir']);
    const tags = { aspera: { node: { access_key: accessKeyId, file_id: folder.id } } };
    expect(await start(base(), { token, tags, destination_root: '/' })).toMatchObject({ status: 'completed' });
    expect(await readFile(join(tokyo.node.docroot, 'folder/a'), 'utf8')).toBe('from london');
    const down = { token, tags, direction: 'receive', destination_root: '/got', paths: [{ source: 't' }] };
    expect(await start(base(), down)).toMatchObject({ status: 'completed' });
    expect(await readFile(join(london.node.docroot, 'got/t'), 'utf8')).toBe('from tokyo');
    const named = { remote_access_key: accessKeyId, destination_root_id: folder.id, destination_root: '/named' };
    expect(await start(base(), { token, ...named })).toMatchObject({ status: 'completed' });
    expect(await readFile(join(tokyo.node.docroot, 'folder/named/a'), 'utf8')).toBe('from london');
    const unknown = { aspera: { node: { access_key: accessKeyId, file_id: '4711' } } };
    expect(await start(base(), { token, tags: unknown })).toMatchObject({ status: 'failed', error_code: 4 });
    const withoutId = { aspera: { node: { access_key: accessKeyId } } };
    expect(await start(base(), { token, tags: withoutId })).toMatchObject(refused);
    await tokyo.flip('advanceClock', { milliseconds: 7_200_000 });
    expect(await start(base(), { token, tags })).toMatchObject(refused);
  });

  it('lets the user of a bearer token do what their permissions allow, on both sides', async () => {
    const files = await tokyo.json('GET', '/files/1/files', undefined, tokyo.keyHeaders);
    const [folder] = files as unknown as [Json];
    const tags = { aspera: { node: { access_key: tokyo.node.accessKeyId, file_id: folder.id } } };
    const { authorization: token } = tokyo.bearer({ user_id: 'u1' });
    const up = { token, tags, destination_root: '/' };
    const down = { token, tags, direction: 'receive', destination_root: '/got', paths: [{ source: 't' }] };
    expect(await start(base(), up)).toMatchObject(refused);
    expect(await start(base(), down)).toMatchObject(refused);
    await tokyo.grant('u1', String(folder.id), ['list', 'read']);
    expect(await start(base(), down)).toMatchObject({ status: 'completed' });
    expect(await start(base(), up)).toMatchObject({ ...refused, error_desc: expect.stringContaining('write') });
    const admin = tokyo.bearer({ user_id: 'u2', scope: `node.${tokyo.node.accessKeyId}:admin:all` });
    expect(await start(base(), { ...up, token: admin.authorization })).toMatchObject({ status: 'completed' });

    const spec = { ...(await upload()), ...sending };
    const post = (body: Json) => london.call('POST', '/ops/transfers', body, london.bearer({ user_id: 'u3' }));
    expect((await post(spec)).status).toBe(403);
    await london.grant('u3', '1', ['read']);
    expect((await post(spec)).status).toBe(200);
    expect((await post({ ...spec, source_root_id: '4711' })).status).toBe(404);
  });

  it('finds the issuer of a transfer token when nothing answers at the address of the spec', async () => {
    const spec = { ...(await upload()), ...sending };
    expect(await start(spec, { ssh_port: 1 })).toMatchObject({ status: 'completed' });
    expect(await start(spec, { ssh_port: 33001 })).toMatchObject({ status: 'completed' });
  });

  it('takes the transfer user with its password', async () => {
    const ssh = { remote_user: 'xfer', ssh_port: tokyo.node.sshPort };
    const { password } = tokyo.node;
    expect(await start(base(), { ...ssh, remote_password: password })).toMatchObject({
      status: 'completed',
      start_spec: { token_type: 'none' },
    });
    for (const wrong of [
      { ...ssh, remote_password: 'x' },
      { ...ssh, remote_user: 'root', remote_password: password },
    ]) {
      expect(await start(base(), wrong)).toMatchObject({ status: 'failed', error_code: 19 });
    }
  });
});

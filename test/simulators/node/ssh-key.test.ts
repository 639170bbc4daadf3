import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createSshKey } from '../../helpers/ssh-key.ts';
import { type Json, type NodeCalls, startTwo } from './start-nodes.ts';

const refused = { status: 'failed', error_code: 19, error_desc: 'Unable to authenticate' };

/** Two nodes, of which London sends to Tokyo with a key. */
async function open() {
  const { london, tokyo } = await startTwo();
  await writeFile(join(london.node.docroot, 'a'), 'from london');
  const start = async (changes: Json) => {
    const spec = {
      ...{ direction: 'send', remote_host: 'localhost', ssh_port: tokyo.node.sshPort, remote_user: 'xfer' },
      ...{ destination_root: '/in', paths: [{ source: 'a' }] },
    };
    const posted = await london.json('POST', '/ops/transfers', { ...spec, ...changes });
    return london.ended(posted.id);
  };
  return { tokyo, start };
}

const register = (node: NodeCalls, public_key: string, headers: Record<string, string> = {}) =>
  node.call('POST', '/public_keys', { username: 'xfer', public_key }, headers);

describe('a key of the transfer user', () => {
  it.each(['rsa', 'ed25519'] as const)('opens the docroot once it is registered: %s', async (kind) => {
    const { tokyo, start } = await open();
    const { publicKey, privateKey } = createSshKey(kind);
    expect(await start({ ssh_private_key: privateKey })).toMatchObject(refused);
    const answer = await register(tokyo, publicKey);
    expect([answer.status, await answer.json()]).toEqual([201, { public_key: publicKey }]);
    expect(await start({ ssh_private_key: privateKey })).toMatchObject({ status: 'completed' });
    expect(await readFile(join(tokyo.node.docroot, 'in/a'), 'utf8')).toBe('from london');
    expect(await start({ ssh_private_key: createSshKey(kind).privateKey })).toMatchObject(refused);
    expect(await start({ ssh_private_key: privateKey, remote_user: 'root' })).toMatchObject(refused);
  });

  it('is of no use without its passphrase', async () => {
    const { tokyo, start } = await open();
    const { publicKey, privateKey } = createSshKey('ed25519', 'sesame');
    await register(tokyo, publicKey);
    const passphrase = (ssh_private_key_passphrase: string) =>
      start({ ssh_private_key: privateKey, ssh_private_key_passphrase });
    expect(await passphrase('sesame')).toMatchObject({ status: 'completed' });
    expect(await passphrase('simsala')).toMatchObject(refused);
    expect(await start({ ssh_private_key: privateKey })).toMatchObject(refused);
    expect(await start({ ssh_private_key: 'no key at all' })).toMatchObject(refused);
  });

  it('opens the storage of the access key that registered it, and nothing to a user who has permissions', async () => {
    const { tokyo, start } = await open();
    await mkdir(join(tokyo.node.docroot, 'sub'));
    const made = await tokyo.json(
      ...(['POST', '/access_keys', { storage: { type: 'local', path: '/sub' } }, tokyo.keyHeaders] as const),
    );
    const sub = { authorization: `Basic ${Buffer.from(`${made.id}:${made.secret}`).toString('base64')}` };
    const ofSub = createSshKey('ed25519');
    expect((await register(tokyo, ofSub.publicKey, sub)).status).toBe(201);
    expect(await start({ ssh_private_key: ofSub.privateKey })).toMatchObject({ status: 'completed' });
    expect(await readFile(join(tokyo.node.docroot, 'sub/in/a'), 'utf8')).toBe('from london');
    const ofUser = createSshKey('ed25519');
    expect((await register(tokyo, ofUser.publicKey, tokyo.bearer())).status).toBe(201);
    expect(await start({ ssh_private_key: ofUser.privateKey })).toMatchObject(refused);
  });

  it('is not registered for somebody else, nor where it is none', async () => {
    const { tokyo } = await open();
    const { publicKey } = createSshKey('rsa');
    const post = async (body: unknown) => (await tokyo.call('POST', '/public_keys', body)).status;
    expect(await post({ username: 'root', public_key: publicKey })).toBe(400);
    for (const public_key of ['', 'ssh-rsa', 'ssh-rsa AAAA', publicKey.replace('ssh-rsa', 'ssh-dss'), 4711]) {
      expect(await post({ username: 'xfer', public_key })).toBe(400);
    }
    const anonymous = { authorization: '' };
    expect((await tokyo.call('POST', '/public_keys', {}, anonymous)).status).toBe(401);
  });
});

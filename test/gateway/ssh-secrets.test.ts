import { randomBytes } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { endOf, nodeOf } from '../helpers/node-transfers.ts';
import { type ProxiedStack, startProxiedStack } from '../helpers/proxied-stack.ts';
import { readExample } from '../helpers/read-example.ts';
import { findSecretShapes, findSecrets, type NamedSecret } from '../helpers/secrets.ts';
import { createSshKey } from '../helpers/ssh-key.ts';
import type { TestClient } from '../helpers/test-client.ts';

const example = readExample('server-to-server');
const film = randomBytes(200_000);

const sshKey = createSshKey('rsa', 'correct horse "battery" staple');

/** What callers write into specs in these tests. */
const secrets: readonly NamedSecret[] = [
  { name: 'the key', value: sshKey.privateKey },
  { name: 'the passphrase', value: 'correct horse "battery" staple' },
  { name: 'the local password', value: 'Tr0ub4dor & 3 of Windows' },
  { name: 'a wrong password', value: 'hunter2-hunter2 & more' },
];
const [key, passphrase, localPassword, wrongPassword] = secrets.map(({ value }) => value);

let stack: ProxiedStack;
/** Everything that callers were told. */
const told: string[] = [];

beforeAll(async () => {
  stack = await startProxiedStack((settings) => {
    settings.viewers.apiKeys[1]?.scopes.push('transfer.start', 'transfer');
    Object.assign(settings, { progress: { intervalMs: 100, idleIntervalMs: 100 } });
  });
  await mkdir(join(nodeOf(stack, 'tokyo').docroot, 'incoming'));
  await writeFile(join(nodeOf(stack, 'london').docroot, 'film.mov'), film);
});
afterAll(() => stack?.stop());
beforeEach(() => stack.proxies.london.clear());
afterEach(() => nodeOf(stack, 'london').faults.clear());

interface Started {
  readonly transfer?: { readonly id: string; readonly spec: Record<string, unknown> };
  readonly code?: string;
  readonly message?: string;
}

async function send<Data>(client: TestClient, query: string, variables: object, operation?: string): Promise<Data> {
  const answer = await client.send<Data>(query, variables, operation);
  told.push(JSON.stringify(answer));
  if (!answer.data) throw new Error('no data');
  return answer.data;
}

const withPassword = async (client: TestClient, password: string) =>
  (
    await send<{ startTransfer: Started }>(
      client,
      example,
      {
        ...{ node: 'london', host: '127.0.0.1', port: nodeOf(stack, 'tokyo').sshPort, user: 'xfer', password },
        ...{ paths: [{ source: '/film.mov' }], destination: '/incoming' },
      },
      'StartWithPassword',
    )
  ).startTransfer;

const startWith = async (client: TestClient, spec: object) =>
  (
    await send<{ startTransfer: Started }>(
      client,
      `mutation ($spec: TransferSpecInput!) { startTransfer(input: { source: "london", spec: $spec }) {
        ... on StartTransferSuccess { transfer { id spec tags } } ... on Error { code message } } }`,
      { spec },
    )
  ).startTransfer;

const startsSent = () => stack.proxies.london.passed.filter(({ path }) => path === '/ops/transfers').length;

const json = (members: object) => ({
  json: { direction: 'send', remote_host: 'server.example', paths: [{ source: '/film.mov' }], ...members },
});
const typed = (members: object) => ({
  typed: { direction: 'SEND', remoteHost: 'server.example', paths: [{ source: '/film.mov' }], ...members },
});

/** Every way to say it. */
const withSecrets: readonly (readonly [name: string, spec: object])[] = [
  ['remote_password', json({ remote_password: wrongPassword })],
  ['ssh_private_key', json({ ssh_private_key: key, ssh_private_key_passphrase: passphrase })],
  ['ssh_private_key_path', json({ ssh_private_key_path: '/root/.ssh/id_rsa' })],
  ['ssh_args', json({ token: 'none', ssh_args: ['-oProxyCommand=id'] })],
  ['session_initiation', json({ token: 'none', session_initiation: { ssh: { ssh_private_key: key } } })],
  ['password', json({ token: 'none', password: localPassword })],
  ['remotePassword', typed({ remotePassword: wrongPassword })],
  ['sshPrivateKey', typed({ sshPrivateKey: key, sshPrivateKeyPassphrase: passphrase })],
  ['localPassword', typed({ token: 'none', localPassword })],
];

describe('a transfer with the password of a system user', () => {
  it('moves every byte, and shows the password nowhere', async () => {
    const { password } = nodeOf(stack, 'tokyo');
    const { transfer } = await withPassword(stack.everything, password);
    expect(stack.proxies.london.passed.at(-1)?.body).toContain(password);
    expect(transfer?.spec).toMatchObject({ remote_user: 'xfer' });
    expect(transfer?.spec).not.toHaveProperty('remote_password');
    expect(await endOf(stack.everything, transfer?.id ?? '')).toBe('COMPLETED');
    const arrived = join(nodeOf(stack, 'tokyo').docroot, 'incoming/film.mov');
    expect((await readFile(arrived)).equals(film)).toBe(true);
    const again =
      '{ asperaNode(source: "london") { transfers { nodes { transferId spec tags error { description } } } } }';
    await send(stack.everything, again, {});
    expect(told.at(-1)).toContain('xfer');
  });

  it('fails with the reason where the password is wrong', async () => {
    const { transfer } = await withPassword(stack.everything, wrongPassword ?? '');
    expect(await endOf(stack.everything, transfer?.id ?? '')).toBe('FAILED');
    const { node } = await send<{ node: { error: { code: number } } }>(
      stack.everything,
      'query ($id: ID!) { node(id: $id) { ... on NodeTransfer { spec error { code description } } } }',
      { id: transfer?.id },
    );
    expect(node.error.code).toBe(19);
  });
});

describe('a transfer with the key of a system user', () => {
  it('moves every byte, and shows neither key nor passphrase anywhere', async () => {
    const { url, username, password, sshPort, docroot } = nodeOf(stack, 'tokyo');
    const authorization = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
    const body = JSON.stringify({ username: 'xfer', public_key: sshKey.publicKey });
    const registered = await fetch(`${url}/public_keys`, { method: 'POST', headers: { authorization }, body });
    expect(registered.status).toBe(201);
    const { transfer } = await startWith(stack.everything, {
      typed: {
        ...{ direction: 'SEND', remoteHost: '127.0.0.1', sshPort, remoteUser: 'xfer', destinationRoot: '/by-key' },
        ...{ sshPrivateKey: key, sshPrivateKeyPassphrase: passphrase, paths: [{ source: '/film.mov' }] },
      },
    });
    expect(await endOf(stack.everything, transfer?.id ?? '')).toBe('COMPLETED');
    expect((await readFile(join(docroot, 'by-key/film.mov'))).equals(film)).toBe(true);
    await send(stack.everything, '{ asperaNode(source: "london") { transfers { nodes { spec tags } } } }', {});
  });
});

describe('a spec with what logs in to a system', () => {
  it.each(withSecrets)('is not taken without the scope transfer.ssh: %s', async (_name, spec) => {
    expect(await startWith(stack.reader, spec)).toEqual({
      code: 'FORBIDDEN',
      message: 'This operation needs the scope transfer.ssh, which you do not have.',
    });
    expect(startsSent()).toBe(0);
  });

  it.each(withSecrets)(
    'is sent with the scope, and what the node says of it is not repeated: %s',
    async (_name, spec) => {
      const { faults } = nodeOf(stack, 'london');
      for (const status of [400, 403, 500]) {
        const user_message = `Not like this: ${JSON.stringify(spec)}`;
        faults.add({ kind: 'status', status, json: { error: { code: status, reason: 'No', user_message } } });
        const { message } = await startWith(stack.everything, spec);
        expect(message).toContain('Its words are not shown');
        faults.clear();
      }
      expect(startsSent()).toBe(3);
      const { transfer } = await startWith(stack.everything, spec);
      expect(Object.keys(transfer?.spec ?? {})).not.toContain('remote_password');
    },
  );

  it('is not repeated by graphql either, where it is in the wrong place', async () => {
    for (const spec of [
      { json: wrongPassword },
      { json: [wrongPassword] },
      { json: { remote_password: wrongPassword } },
    ]) {
      await startWith(stack.everything, spec);
    }
    const answer = await stack.everything.send(
      'mutation ($spec: TransferSpecInput!) { startTransfer(input: { spec: $spec }) { __typename } }',
      { spec: { typed: { remotePassword: { secret: wrongPassword } } } },
    );
    told.push(JSON.stringify(answer));
    expect(answer.errors).toBeDefined();
  });

  it('needs no such scope where nothing logs in', async () => {
    const authorizing = `mutation { authorizeUpload(input: { source: "tokyo", destination: "/incoming" }) {
      ... on AuthorizeUploadSuccess { spec { specId } } } }`;
    const { authorizeUpload } = await send<{ authorizeUpload: { spec: { specId: string } } }>(
      stack.reader,
      authorizing,
      {},
    );
    const { transfer } = (
      await send<{ startTransfer: Started }>(
        stack.reader,
        example,
        { node: 'london', specId: authorizeUpload.spec.specId, paths: [{ source: '/film.mov' }] },
        'StartOnServer',
      )
    ).startTransfer;
    expect(await endOf(stack.reader, transfer?.id ?? '')).toBe('COMPLETED');
  });
});

it('nobody is told a secret, and none is in the log', () => {
  const every = [...stack.secrets, ...secrets];
  expect(told.length).toBeGreaterThan(30);
  const leaks = told.flatMap((text, index) => findSecrets(text, every).map((name) => `${name} in answer ${index}`));
  expect(leaks).toEqual([]);
  expect(told.flatMap((text) => findSecretShapes(text))).toEqual([]);
  const log = stack.log.join('');
  expect(findSecrets(log, every)).toEqual([]);
  expect(findSecretShapes(log)).toEqual([]);
});

import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CheckTransferSpecQuery } from '../__generated__/operations.ts';
import { nodeOf } from '../helpers/node-transfers.ts';
import { readExample } from '../helpers/read-example.ts';
import { type Stack, startStack } from '../helpers/start-stack.ts';

const script = fileURLToPath(new URL('../../examples/s1.sh', import.meta.url));
const standIn = fileURLToPath(new URL('../helpers/stand-in-ascp.ts', import.meta.url));

const SCRIPT_KEY = randomBytes(24).toString('base64url');

let stack: Stack;
/** The machine of the script: a home folder, with `ascp` and the key that it logs in with beside it. */
let machine: string;
let home: string;
let ascp: string;

beforeAll(async () => {
  machine = await mkdtemp(join(tmpdir(), 'script-'));
  home = join(machine, 'home');
  ascp = join(machine, 'bin', 'ascp');
  for (const folder of [home, join(machine, 'bin')]) await mkdir(folder);
  await writeFile(ascp, `#!/bin/sh\nexec '${process.execPath}' '${standIn}' "$@"\n`);
  await chmod(ascp, 0o755);
  await writeFile(join(machine, 'bypass.pem'), 'the key of everybody');
  stack = await startStack({
    seed: true,
    configure: (settings, _simulators, env) => {
      Object.assign(settings, { ascp: { bypassKeyFile: join(machine, 'bypass.pem') } });
      const scripter = {
        name: 'scripter',
        key: { env: 'SCRIPT_KEY' },
        scopes: ['transfer', 'transfer.read', 'node.read'],
      };
      settings.viewers.apiKeys.push(scripter);
      env.SCRIPT_KEY = SCRIPT_KEY;
    },
  });
});
afterAll(async () => {
  await stack?.stop();
  await rm(machine, { recursive: true, force: true });
});

interface Transfers {
  readonly asperaNode: { readonly transfers: { readonly nodes: readonly object[] } };
}

const keyOf = (name: string) => stack.secrets.find((secret) => secret.name.includes(name))?.value ?? '';

/** Runs a program on the machine of the script. */
async function run(program: string, args: readonly string[], env: Record<string, string> = {}) {
  const path = process.env.PATH ?? '';
  const temporary = join(machine, 'tmp');
  await mkdir(temporary, { recursive: true });
  const child = spawn(program, args, {
    cwd: home,
    env: { PATH: path, TMPDIR: temporary, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [stdout, stderr, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
  return { stdout, stderr, code: code as number, left: await readdir(temporary) };
}

const runScript = (args: readonly string[], env: Record<string, string> = {}) =>
  run('sh', [script, ...args], { GATEWAY_URL: stack.url, GATEWAY_KEY: keyOf('DEMO_KEY_ALL'), ASCP: ascp, ...env });

const read = (node: string, path: string) => readFile(join(nodeOf(stack, node).docroot, path));

describe('examples/s1.sh', () => {
  it('uploads files with ascp, whatever they are called, and leaves nothing behind', async () => {
    const names = ['film.mov', 'it\'s my "notes" $HOME\\n.txt', 'Grüße 🎬 & more.bin'];
    const files = new Map(names.map((name) => [name, randomBytes(200_000)]));
    for (const [name, bytes] of files) await writeFile(join(home, name), bytes);
    const { stderr, code, left } = await runScript(['tokyo', '/Inbound', ...names]);
    expect(stderr).toBe('');
    expect(code).toBe(0);
    for (const [name, bytes] of files) expect((await read('tokyo', `Inbound/${name}`)).equals(bytes), name).toBe(true);
    expect(left).toEqual([]);
  });

  it('has its transfer known as that of its caller, who sees no other', async () => {
    await writeFile(join(home, 'mine.bin'), randomBytes(10));
    expect((await runScript(['tokyo', '/Inbound', 'mine.bin'], { GATEWAY_KEY: SCRIPT_KEY })).code).toBe(0);
    const client = stack.client(SCRIPT_KEY);
    const transfers = async () =>
      (await client.data<Transfers>('{ asperaNode(source: "tokyo") { transfers { nodes { status side } } } }'))
        .asperaNode.transfers.nodes;
    // The server closes its record a moment after ascp has ended.
    await expect.poll(transfers, { timeout: 10_000 }).toEqual([{ status: 'COMPLETED', side: 'SERVER' }]);
  });

  it('logs in with a key of the caller’s own', async () => {
    await writeFile(join(home, 'own.bin'), 'own');
    const key = join(machine, "ada's key");
    const without = await runScript(['tokyo', '/Inbound', 'own.bin'], { ASPERA_KEY: key });
    expect(without).toMatchObject({ code: 19, stderr: `ascp: there is no key ${key}\n` });
    await writeFile(key, 'hers');
    expect((await runScript(['tokyo', '/Inbound', 'own.bin'], { ASPERA_KEY: key })).code).toBe(0);
    expect((await read('tokyo', 'Inbound/own.bin')).toString()).toBe('own');
  });

  it('ends with the code of ascp', async () => {
    const { code, stderr, left } = await runScript(['tokyo', '/Inbound', 'not there.bin']);
    expect(code).toBeGreaterThan(0);
    expect(stderr).toContain('ascp: ');
    expect(left).toEqual([]);
  });

  it('says what the gateway says when it refuses', async () => {
    const refused = await runScript(['tokyo', '/Inbound', 'film.mov'], { GATEWAY_KEY: keyOf('DEMO_KEY_OWN') });
    expect(refused.code).toBe(1);
    expect(refused.stderr).toContain('The gateway says: ');
    expect(refused.stderr).toContain('transfer');
    const nowhere = await runScript(['osaka', '/Inbound', 'film.mov']);
    expect(nowhere.stderr).toContain('osaka');
  });

  it('says how it is used', async () => {
    expect(await runScript(['tokyo', '/Inbound'])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('usage: '),
    });
  });
});

describe('a gateway that is not told of a bypass key', () => {
  it('has the script ask for a key instead of ascp asking for a password', async () => {
    const plain = await startStack();
    const key = plain.secrets.find(({ name }) => name.includes('DEMO_KEY_ALL'))?.value ?? '';
    const env = { GATEWAY_URL: plain.url, GATEWAY_KEY: key };
    try {
      await writeFile(join(home, 'no key.bin'), 'a');
      const asked = await runScript(['tokyo', '/', 'no key.bin'], env);
      expect(asked).toMatchObject({ code: 1, stderr: expect.stringContaining('ASPERA_KEY'), left: [] });
      const given = await runScript(['tokyo', '/', 'no key.bin'], { ...env, ASPERA_KEY: join(machine, 'bypass.pem') });
      expect(given).toMatchObject({ code: 0, stderr: '' });
    } finally {
      await plain.stop();
    }
  });
});

describe('a spec of one’s own', () => {
  const check = async (spec: unknown) =>
    (await stack.everything.data<CheckTransferSpecQuery>(readExample('check-transfer-spec'), { spec }))
      .validateTransferSpec;

  it('is run with the password of a user of the server, which stays with the caller', async () => {
    const tokyo = nodeOf(stack, 'tokyo');
    await writeFile(join(home, 'by password.bin'), 'ssh');
    const { valid, spec } = await check({
      direction: 'send',
      remote_host: '127.0.0.1',
      remote_user: tokyo.username,
      ssh_port: tokyo.sshPort,
      destination_root: '/Inbound',
      paths: [{ source: 'by password.bin' }],
    });
    expect(valid).toBe(true);
    const { stderr, code } = await run('sh', ['-c', spec?.ascp?.command ?? ''], {
      PATH: `${join(machine, 'bin')}:${process.env.PATH}`,
      ASPERA_SCP_PASS: tokyo.password,
    });
    expect(stderr).toBe('');
    expect(code).toBe(0);
    expect((await read('tokyo', 'Inbound/by password.bin')).toString()).toBe('ssh');
  });

  it('is told what is wrong with it, without its secrets', async () => {
    const spec = { direction: 'download', remote_host: 'h', token: ['S3CR3T-token'], remote_pasword: 'S3CR3T-word' };
    const answer = await check({ ...spec, paths: [{ source: '/a' }] });
    expect(answer).toMatchObject({ valid: false, spec: null });
    expect(answer.issues.filter(({ severity }) => severity === 'ERROR')).toEqual([
      {
        severity: 'ERROR',
        path: 'direction',
        message: '`direction` must be one of send, receive.',
        suggestion: 'receive',
      },
      { severity: 'ERROR', path: 'token', message: '`token` must be a text.', suggestion: null },
    ]);
    expect(answer.issues).toContainEqual(expect.objectContaining({ suggestion: 'remote_password' }));
    expect(JSON.stringify(answer)).not.toContain('S3CR3T');
  });

  it('is for those who may have transfer specs', async () => {
    const { errors } = await stack.reader.send(readExample('check-transfer-spec'), { spec: {} });
    expect(errors?.[0]?.extensions?.code).toBe('FORBIDDEN');
  });
});

describe('a download', () => {
  const download = `mutation ($destination: String) {
    authorizeDownload(input: { source: "london", paths: [{ source: "/README.txt" }] }) {
      ... on AuthorizeDownloadSuccess { spec { ascp(destination: $destination) { exports command } } }
    }
  }`;

  it('goes where the client says', async () => {
    const destination = join(home, 'Downloads here');
    await mkdir(destination);
    const { authorizeDownload } = await stack.everything.data<{
      authorizeDownload: { spec: { ascp: { exports: string; command: string } } };
    }>(download, { destination });
    const { exports, command } = authorizeDownload.spec.ascp;
    const env = { PATH: `${join(machine, 'bin')}:${process.env.PATH}` };
    const { stderr, code } = await run('sh', ['-c', `${exports}${command}`], env);
    expect(stderr).toBe('');
    expect(code).toBe(0);
    const expected = await read('london', 'README.txt');
    expect((await readFile(join(destination, 'README.txt'))).equals(expected)).toBe(true);
  });
});

describe('a package', () => {
  const failure = '... on Error { message }';
  const ascpOf = `spec { ascp(destination: $destination) { exports command } }`;
  const sending = `mutation ($paths: [String!]!, $destination: String) {
    result: sendPackage(input: { title: "By script", recipients: [{ name: "jonas.weber", recipientType: USER }], paths: $paths }) {
      ... on SendPackageSuccess { package { packageId } ${ascpOf} } ${failure} } }`;
  const receiving = `mutation ($packageId: String!, $destination: String) {
    result: receivePackage(input: { packageId: $packageId }) { ... on ReceivePackageSuccess { ${ascpOf} } ${failure} } }`;

  interface Rendered {
    readonly result: {
      readonly message?: string;
      readonly package?: { readonly packageId: string };
      readonly spec: { readonly ascp: { readonly exports: string; readonly command: string } };
    };
  }

  const runAscp = ({ result }: Rendered) => {
    expect(result.message).toBeUndefined();
    const { exports, command } = result.spec.ascp;
    return run('sh', ['-c', `${exports}${command}`], { PATH: `${join(machine, 'bin')}:${process.env.PATH}` });
  };

  it('is sent and received by scripts', async () => {
    const bytes = randomBytes(50_000);
    await writeFile(join(home, 'cut.mov'), bytes);
    const sent = await stack.everything.data<Rendered>(sending, { paths: ['cut.mov'] });
    expect(await runAscp(sent)).toMatchObject({ code: 0, stderr: '' });
    const destination = join(home, 'received');
    await mkdir(destination);
    const variables = { packageId: sent.result.package?.packageId, destination };
    // Faspex hands a package out once it has seen the end of its upload.
    await expect
      .poll(async () => (await stack.everything.data<Rendered>(receiving, variables)).result.message, {
        timeout: 10_000,
      })
      .toBeUndefined();
    expect(await runAscp(await stack.everything.data<Rendered>(receiving, variables))).toMatchObject({ code: 0 });
    const [name = ''] = (await readdir(destination, { recursive: true })).filter((path) => path.endsWith('cut.mov'));
    expect((await readFile(join(destination, name))).equals(bytes)).toBe(true);
  });
});

describe('what ascp cannot run', () => {
  it('is an error of its own field; the spec is there', async () => {
    const { data, errors } = await stack.everything.send<{ authorizeUpload: { spec: object } }>(
      `mutation { authorizeUpload(input: { source: "tokyo", destination: "/Inbound" }) {
        ... on AuthorizeUploadSuccess { spec { remoteHost ascp { command } ascliCommand } } } }`,
    );
    expect(data?.authorizeUpload.spec).toMatchObject({ remoteHost: '127.0.0.1', ascp: null });
    expect(errors).toHaveLength(1);
    expect(errors?.[0]).toMatchObject({
      message: expect.stringContaining('ascp cannot run this spec.'),
      path: ['authorizeUpload', 'spec', 'ascp'],
      extensions: { code: 'BAD_INPUT' },
    });
  });
});

describe('starting a transfer by a spec that is wrong', () => {
  const start = `mutation ($spec: JSON!) { startTransfer(input: { source: "london", spec: { json: $spec } }) {
    ... on StartTransferSuccess { transfer { id } } ... on Error { __typename code message } } }`;

  it('is refused with everything that is wrong, before the node is asked', async () => {
    const london = nodeOf(stack, 'london');
    london.requests.clear();
    const spec = { direction: 'send', remote_host: 'h', ssh_port: '22', create_dir: 'S3CR3T', paths: [{}] };
    const { startTransfer } = await stack.everything.data<{ startTransfer: object }>(start, { spec });
    expect(startTransfer).toEqual({
      __typename: 'InvalidInputError',
      code: 'BAD_INPUT',
      message:
        'A node cannot run this transfer spec. `ssh_port` must be a whole number, without quotes. ' +
        '`create_dir` must be true or false. `paths[0].source` is missing.',
    });
    expect(london.requests.all().filter(({ method }) => method === 'POST')).toEqual([]);
  });

  it('is not refused for a parameter that only the node may know', async () => {
    const { authorizeUpload } = await stack.everything.data<{ authorizeUpload: { spec: { json: object } } }>(
      'mutation { authorizeUpload(input: { source: "tokyo", destination: "/Inbound" }) { ... on AuthorizeUploadSuccess { spec { json } } } }',
    );
    const spec = { ...authorizeUpload.spec.json, of_tomorrow: true, paths: [{ source: '/README.txt' }] };
    const { startTransfer } = await stack.everything.data<{ startTransfer: object }>(start, { spec });
    expect(startTransfer).toMatchObject({ transfer: { id: expect.any(String) } });
  });
});

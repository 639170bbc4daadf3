import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SignJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { FaultKind, Faults } from '../../simulators/kit/faults.ts';
import { loadConfig } from '../../src/config/load-config.ts';
import { createLogger } from '../../src/server/logger.ts';
import { type ProxiedStack, startProxiedStack } from '../helpers/proxied-stack.ts';
import { findSecretShapes, findSecrets, type NamedSecret } from '../helpers/secrets.ts';
import { secretsOfTraffic } from './traffic-secrets.ts';

let stack: ProxiedStack;
/** Everything that callers were told, except transfer specs. */
const told: string[] = [];
/** What callers sent to prove who they are. */
const sent: NamedSecret[] = [{ name: 'the password of another server', value: 'pass-of-another-server-1843' }];

beforeAll(async () => {
  stack = await startProxiedStack((settings) => {
    const { faspex, node, faircom } = settings.sources;
    for (const source of [...faspex, ...node, ...faircom]) {
      Object.assign(source, { deadlineMs: 2_000, retries: 0, circuitFailures: 10_000 });
    }
    Object.assign(settings, { progress: { intervalMs: 100, idleIntervalMs: 100 } });
  });
});
afterAll(() => stack?.stop());

const apiKey = () => stack.secrets.find(({ name }) => name.includes('DEMO_KEY_ALL'))?.value ?? '';

async function say(operation: string, variables?: object): Promise<void> {
  told.push(JSON.stringify(await stack.everything.send(operation, variables)));
}

const failure = '... on Error { code message source retryable }';

const queries = [
  '{ viewer { viewerId name scopes } sources { name kind url health { reachable detail version } } }',
  '{ faspex { version account { name email } packages(first: 5) { nodes { title metadata status note } } } }',
  '{ recentPackages(first: 3) { id title } recentTransfers(first: 3) { id status title } }',
  '{ asperaNode(source: "tokyo") { info { version } files { nodes { path } } accessKeys { accessKeyId } } }',
  '{ asperaNode(source: "london") { transfers { nodes { status spec tags sourcePaths destinationPath remoteHost } } } }',
  '{ asperaNode(source: "london") { watchFolders { config remote { user } state { components { lastError } } } } }',
  '{ asperaNode(source: "london") { syncJobs { config state { error details } } syncSummaries { details } } }',
  '{ asperaNode(source: "london") { bandwidth { send { transferId } } } }',
  '{ faircom { databases { nodes { databaseName } } table(tableName: "none") { fields { name } } } }',
];

const changes = [
  `mutation { result: sendPackage(input: { title: "A", recipients: [{ name: "jonas.weber", recipientType: USER }], paths: ["/a"] }) {
    ... on SendPackageSuccess { package { id title metadata } } ${failure} } }`,
  `mutation { result: authorizeUpload(input: { source: "tokyo", destination: "/" }) {
    ... on AuthorizeUploadSuccess { spec { remoteHost remoteUser direction authorizationKind } } ${failure} } }`,
  `mutation { result: createBearerSpec(input: { source: "london", kind: BASIC, direction: SEND }) {
    ... on CreateBearerSpecSuccess { spec { remoteHost authorizationKind } } ${failure} } }`,
  `mutation { result: receivePackage(input: { packageId: "1" }) {
    ... on ReceivePackageSuccess { spec { remoteHost paths { source } } } ${failure} } }`,
  `mutation { result: createWatchFolder(input: { source: "london", sourcePath: "/a", targetPath: "/b", remote: {
    host: "127.0.0.1", port: 1, user: "ada", password: "pass-of-another-server-1843" } }) {
    ... on CreateWatchFolderSuccess { watchFolder { watchFolderId config } } ${failure} } }`,
  `mutation { result: createSyncJob(input: { source: "london", name: "a", localPath: "/a", remote: { server: {
    host: "127.0.0.1", user: "ada", password: "pass-of-another-server-1843", path: "/" } } }) {
    ... on CreateSyncJobSuccess { syncJob { syncJobId config } } ${failure} } }`,
  `mutation { result: createSyncJob(input: { source: "london", name: "b", localPath: "/a", remote: { node: {
    name: "tokyo", path: "/" } } }) {
    ... on CreateSyncJobSuccess { syncJob { syncJobId config } } ${failure} } }`,
  `mutation { result: deleteFiles(input: { source: "london", paths: ["/none"] }) {
    ... on DeleteFilesSuccess { results { path ok error { message } } } ${failure} } }`,
  `mutation { result: insertRecords(input: { tableName: "none", records: [{ a: 1 }] }) {
    ... on InsertRecordsSuccess { records { recordId } } ${failure} } }`,
];

interface Authorized {
  readonly result: { readonly spec: { readonly json: Record<string, unknown> } };
}

/** A transfer spec, which is a secret, and so is not among what callers were told. */
const authorize = async () =>
  (
    await stack.everything.data<Authorized>(
      'mutation { result: authorizeUpload(input: { source: "tokyo", destination: "/" }) { ... on AuthorizeUploadSuccess { spec { json } } } }',
    )
  ).result.spec.json;

const starting = `mutation ($spec: JSON!) { result: startTransfer(input: { source: "london", spec: { json: $spec }, paths: [{ source: "/film.mov" }] }) {
  ... on StartTransferSuccess { transfer { id spec tags } } ${failure} } }`;

async function useEverything(): Promise<void> {
  for (const query of queries) await say(query);
  for (const change of changes) await say(change);
  await say(starting, { spec: await authorize() });
}

const allFaults = (): readonly Faults[] => {
  const { faspex, nodes, faircom } = stack.simulators;
  return [faspex.faults, ...nodes.map(({ faults }) => faults), faircom.faults];
};

const kinds: readonly FaultKind[] = ['latency', 'status', 'drop', 'dropAfter', 'truncate', 'wrongJson', 'notJson'];

async function useEverythingBroken(): Promise<void> {
  for (const kind of kinds) {
    for (const faults of allFaults()) faults.add({ kind, milliseconds: 3_000 });
    await Promise.all([...queries, ...changes].map((operation) => say(operation)));
    for (const faults of allFaults()) faults.clear();
  }
}

/** Sources that give back what they were sent in the words of their errors, as debugging proxies do. */
async function useTellTales(): Promise<void> {
  const { faspex, nodes, faircom } = stack.simulators;
  const [london] = nodes;
  const basic = Buffer.from(`${london?.username}:${london?.password}`).toString('base64');
  const token = stack.proxies.packages.passed.find(({ path }) => path.endsWith('/auth/token'))?.answer?.body ?? '';
  const bearer = `Bearer ${(JSON.parse(token) as { access_token: string }).access_token}`;
  for (const status of [400, 401, 403, 404, 409, 422, 500]) {
    faspex.faults.add({ kind: 'status', status, json: { error: { code: 1003, message: `You sent ${bearer}` } } });
    london?.faults.add({
      kind: 'status',
      status,
      json: { error: { code: status, reason: 'No', user_message: `Authorization: Basic ${basic} is wrong` } },
    });
    await Promise.all([...queries, ...changes].map((operation) => say(operation)));
    for (const faults of allFaults()) faults.clear();
  }
  const key = faspex.clientPrivateKey;
  faircom.faults.add({ kind: 'status', status: 200, json: { errorCode: 4711, errorMessage: `look: ${key}` } });
  await say('{ faircom { databases { nodes { databaseName } } } }');
  faircom.faults.clear();
}

async function post(authorization: string | undefined, body: string, accept = 'application/json'): Promise<string> {
  const response = await fetch(stack.url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept, ...(authorization ? { authorization } : {}) },
    body,
  });
  return `${JSON.stringify([...response.headers])}${await response.text()}`;
}

/** Callers who are not let in, and whose credentials are as good as secrets: somebody may have mistyped a password. */
async function useBadCredentials(): Promise<void> {
  const forged = await new SignJWT({ sub: 'ada', scope: 'node.read' })
    .setProtectedHeader({ alg: 'HS256' })
    .setIssuer('https://nobody.example')
    .setExpirationTime('1h')
    .sign(Buffer.alloc(32, 7));
  const credentials = ['wrong-key-of-a-person-1234567890', forged, `${forged.slice(0, -6)}AAAAAA`];
  for (const credential of credentials) {
    sent.push({ name: 'the credential of a caller who was refused', value: credential });
    for (const scheme of ['Bearer', 'Basic', 'Token']) {
      told.push(await post(`${scheme} ${credential}`, JSON.stringify({ query: '{ viewer { name } }' })));
    }
    const stranger = stack.client(credential);
    const events = stranger.subscribe('subscription { transfers(node: "london") { cursor } }');
    try {
      for await (const event of events) told.push(JSON.stringify(event));
    } catch (closed) {
      told.push(JSON.stringify({ code: (closed as CloseEvent).code, reason: (closed as CloseEvent).reason }));
    }
  }
}

/** Requests that are wrong in themselves, with a transfer spec in the wrong place. */
async function useWrongRequests(): Promise<void> {
  const spec = await authorize();
  await say('query ($first: Int) { faspex { packages(first: $first) { totalCount } } }', { first: apiKey() });
  await say(starting, { spec: { ...spec, direction: 'sideways' } });
  await say(starting, { spec: { ...spec, paths: 'all' } });
  await say(starting, { spec: [spec] });
  await say('mutation ($spec: TransferSpecInput!) { startTransfer(input: { spec: $spec }) { __typename } }', {
    spec: { json: spec, unknown: 1 },
  });
  told.push(await post(`Bearer ${apiKey()}`, '{"query": "{ viewer { na'));
}

const progress =
  'subscription ($id: ID!) { transferProgress(id: $id) { cursor transfer { status title ... on NodeTransfer { spec tags } } } }';

/** A transfer that is watched through both doors, while its node fails now and then. */
async function watch(): Promise<void> {
  await writeFile(join(stack.simulators.nodes[0]?.docroot ?? '', 'film.mov'), Buffer.alloc(400_000, 'film'));
  const spec = { ...(await authorize()), target_rate_kbps: 8_000 };
  const started = await stack.everything.data<{ result: { transfer: { id: string } } }>(starting, { spec });
  const { id } = started.result.transfer;
  let events = 0;
  for await (const event of stack.everything.subscribe(progress, { id })) {
    told.push(JSON.stringify(event));
    events += 1;
    if (events === 1) stack.simulators.nodes[0]?.faults.add({ kind: 'status', status: 503, times: 1 });
  }
  for (const watched of [id, Buffer.from('NodeTransfer:london/none').toString('base64'), 'nonsense']) {
    const body = JSON.stringify({ query: progress, variables: { id: watched } });
    told.push(await post(`Bearer ${apiKey()}`, body, 'text/event-stream'));
  }
  expect(told.at(-3)).toContain('COMPLETED');
  expect(told.at(-2)).toContain('NOT_FOUND');
}

const everySecret = () => [
  ...stack.secrets,
  ...sent,
  ...Object.values(stack.proxies).flatMap(({ passed }) => secretsOfTraffic(passed)),
];

describe('whatever is asked, in whatever state the sources are', () => {
  beforeAll(async () => {
    await watch();
    await useEverything();
    await useEverythingBroken();
    await useTellTales();
    await useBadCredentials();
    await useWrongRequests();
  }, 60_000);

  it('is a lot, and the secrets in play are known', () => {
    expect(told.length).toBeGreaterThan(150);
    expect(stack.log.length).toBeGreaterThan(300);
    const names = new Set(everySecret().map(({ name }) => name));
    const seen = ['a Bearer credential', 'a Basic credential', 'an assertion', 'authToken', 'token'];
    for (const kind of seen) expect(names).toContain(`${kind} (seen on the way)`);
    expect(names).toContain('the variable DEMO_KEY_ALL');
    expect(names).toContain('the private key of london');
  });

  it('puts no secret into the log', () => {
    const log = stack.log.join('');
    expect(findSecrets(log, everySecret())).toEqual([]);
    expect(findSecretShapes(log)).toEqual([]);
  });

  it('tells no caller a secret, except in a transfer spec', () => {
    const secrets = everySecret();
    // Only names and numbers are compared, so that a failure does not print what was found.
    const leaks = told.flatMap((text, index) => findSecrets(text, secrets).map((name) => `${name} in answer ${index}`));
    expect(leaks).toEqual([]);
    expect(told.flatMap((text) => findSecretShapes(text))).toEqual([]);
  });
});

describe('a configuration that cannot be used', () => {
  it('is refused without a word of what its secrets are', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'gateway-config-'));
    const secret = 'not a pem: hunter2 and more words';
    await writeFile(join(folder, 'key.pem'), secret);
    const yaml = `
ownershipKey: { env: SHORT }
viewers: { apiKeys: [{ name: a, key: { env: BAD_KEY }, scopes: [everything] }, { name: b, key: { file: key.pem }, scopes: ["*"] }] }
sources:
  faspex: [{ name: f, url: "https://f.example", clientId: c, serviceUser: u, privateKey: { file: key.pem } }]
  node: [{ name: n, url: "https://n.example", nodeUser: { username: u, password: { env: BAD_KEY, file: key.pem } } }]
`;
    const env = { SHORT: 'too-short-secret', BAD_KEY: 'bad key with spaces in it' };
    let message = '';
    try {
      loadConfig(yaml, { folder, file: 'gateway.yaml', env });
    } catch (error) {
      message = String((error as Error).stack);
    }
    await rm(folder, { recursive: true, force: true });
    expect(message.split('\n').length).toBeGreaterThan(4);
    for (const value of [secret, ...Object.values(env)]) expect(message).not.toContain(value);
  });
});

describe('the search for secrets', () => {
  const canary: NamedSecret = { name: 'the canary', value: 'canary/bird+of=2026 & "friends"' };
  const key: NamedSecret = {
    name: 'the key',
    value: `-----BEGIN PRIVATE KEY-----\n${'MIIEvQIBADANBgkqhkiG9w0BAQEFAASC'.repeat(2)}\n-----END PRIVATE KEY-----\n`,
  };

  it.each([
    ['as it is', canary.value],
    ['in JSON', JSON.stringify({ a: canary.value })],
    ['in an address', `https://x.example/?a=${encodeURIComponent(canary.value)}`],
    ['in base64', Buffer.from(canary.value).toString('base64')],
    ['in a line of a key', 'MIIEvQIBADANBgkqhkiG9w0BAQEFAASC'.repeat(2)],
  ])('finds one %s in the middle of a log', (_how, planted) => {
    const log = [...stack.log.slice(0, 50), `{"msg":"${planted}"}`, ...stack.log.slice(50)].join('');
    expect(findSecrets(log, [canary, key])).toHaveLength(1);
    expect(findSecrets(stack.log.join(''), [canary, key])).toEqual([]);
  });

  it('finds one that a logger was given under a harmless name', () => {
    const lines: string[] = [];
    createLogger('trace', { write: (line) => void lines.push(line) }).info({ title: canary.value }, 'hello');
    expect(findSecrets(lines.join(''), [canary])).toEqual(['the canary']);
  });

  it('finds one in an answer', async () => {
    const [password] = stack.secrets.filter(({ name }) => name === 'the password of london');
    const send = () =>
      stack.everything.send(
        `mutation ($title: String!) { sendPackage(input: { title: $title, recipients: [{ name: "jonas.weber", recipientType: USER }], paths: ["/a"] }) {
        ... on SendPackageSuccess { package { title } } } }`,
        { title: `Password: ${password?.value}` },
      );
    // A source may still be left alone after what was done to it above.
    const found = async () => findSecrets(JSON.stringify(await send()), stack.secrets);
    await expect.poll(found, { timeout: 15_000, interval: 500 }).toContain('the password of london');
  });

  it.each([
    ['a private key', '-----BEGIN RSA PRIVATE KEY-----'],
    ['a JSON Web Token', 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhZGEifQ.c2lnbmF0dXJlLW9mLWFkYQ'],
    ['a transfer token', 'ATV7_AbCdEfGhIjKlMnOp_7VTA'],
    ['a credential with its scheme', 'Basic bm9kZTpodW50ZXIyaHVudGVyMg=='],
  ])('knows %s by its shape', (name, text) => {
    expect(findSecretShapes(`before ${text} after`)).toContain(name);
    expect(findSecretShapes('nothing of the kind: basic authorization with a token')).toEqual([]);
  });
});

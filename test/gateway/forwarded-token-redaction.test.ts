import { afterAll, beforeAll, expect, it } from 'vitest';
import { findSecretShapes, findSecrets, type NamedSecret } from '../helpers/secrets.ts';
import type { TestClient } from '../helpers/test-client.ts';
import {
  BASIC_HEADER,
  BEARER_HEADER,
  FASPEX_HEADER,
  type ForwardingStack,
  startForwarding,
} from './forwarding-stack.ts';
import { globalId } from './package-watch.ts';

let stack: ForwardingStack;
/** Everything that callers were told. */
const told: string[] = [];
/** What callers sent to prove to the sources who they are; of no shape by which it would be known. */
const sent: NamedSecret[] = [];

const failure = '... on Error { code message source retryable }';

const operations = [
  '{ faspex { account { name email } packages(first: 2) { pageInfo { endCursor } edges { cursor node { title note } } } } }',
  '{ recentPackages(first: 3) { id title } recentTransfers(first: 3) { id status title } }',
  '{ asperaNode(source: "login-london") { files { edges { cursor } } transfers(first: 2) { edges { cursor } } accessKeys { accessKeyId } } }',
  '{ asperaNode(source: "my-london") { folder { files(first: 1) { edges { cursor } } } transfers { nodes { spec tags } } files { nodes { path } } } }',
  '{ asperaNode(source: "login-london") { watchFolders { config } syncJobs { config } } }',
  `mutation { result: sendPackage(input: { title: "A", recipients: [{ name: "jonas.weber", recipientType: USER }], paths: ["/a"] }) {
    ... on SendPackageSuccess { package { id title } } ${failure} } }`,
  `mutation { result: authorizeUpload(input: { source: "login-london", destination: "/" }) {
    ... on AuthorizeUploadSuccess { spec { remoteHost authorizationKind } } ${failure} } }`,
  `mutation { result: createBearerSpec(input: { source: "my-london", kind: BEARER, direction: SEND }) {
    ... on CreateBearerSpecSuccess { spec { remoteHost } } ${failure} } }`,
  `mutation { result: createBearerSpec(input: { source: "login-london", kind: BASIC, direction: SEND }) {
    ... on CreateBearerSpecSuccess { spec { remoteHost } } ${failure} } }`,
];

const watching = (packageId: string) =>
  `subscription { packageStatus(id: "${globalId(packageId)}") { cursor package { title } } }`;

const following = ['my-london', 'login-london'].map((node) => `subscription { transfers(node: "${node}") { cursor } }`);

/** Asks for everything over HTTP, and for some of it over a WebSocket. */
async function useEverything(client: TestClient): Promise<void> {
  const answers = await Promise.all(operations.map((operation) => client.send(operation)));
  told.push(...answers.map((answer) => JSON.stringify(answer)));
  for await (const answer of client.subscribe(operations[0] ?? '')) told.push(JSON.stringify(answer));
}

/** The first event of a subscription that has a present state to tell, or why there is none. */
async function hear(client: TestClient, operation: string): Promise<void> {
  const events = client.subscribe(operation);
  const { value } = await events.next();
  told.push(JSON.stringify(value));
  await events.return?.();
}

const clientWith = (tokens: Readonly<Record<string, string>>) => {
  for (const [header, value] of Object.entries(tokens)) sent.push({ name: `what was sent in ${header}`, value });
  return stack.clientWith({ authorization: stack.ada.authorization, ...tokens });
};

/** Sources that give back what they were sent in the words of their errors, as debugging proxies do. */
async function useTellTales(faspexToken: string, londonHeader: string, londonToken: string): Promise<void> {
  const { faspex, nodes } = stack.simulators;
  const client = clientWith({ [FASPEX_HEADER]: faspexToken, [londonHeader]: londonToken });
  for (const status of [400, 401, 403, 404, 409, 422, 429, 500, 503]) {
    const wordsOf = (token: string) => `You sent ${token}.`;
    faspex.faults.add({ kind: 'status', status, json: { error: { code: 1003, message: wordsOf(faspexToken) } } });
    const json = { error: { code: status, user_message: wordsOf(londonToken) } };
    nodes[0]?.faults.add({ kind: 'status', status, json });
    await useEverything(client);
    for (const faults of [faspex.faults, ...nodes.map((node) => node.faults)]) faults.clear();
  }
}

beforeAll(async () => {
  stack = await startForwarding({
    change: ({ sources }) => {
      // Who is called with the gateway's own credential has never seen what it would give back here.
      sources.node.splice(0, 2);
      for (const source of [...sources.faspex, ...sources.node]) {
        Object.assign(source, { retries: 0, circuitFailures: 10_000 });
      }
    },
  });
  const { ada, bob, login } = stack;
  const packageId = await bob.faspex.send('tomas.rivera', { title: 'From Bob to Ada' });
  const good = { [FASPEX_HEADER]: ada.faspex.token, [BEARER_HEADER]: stack.bearerToken('ada'), [BASIC_HEADER]: login };
  const client = clientWith(good);
  await useEverything(client);
  told.push(JSON.stringify(await client.send('{ sources { name url health { reachable detail } } }')));
  await hear(client, watching(packageId));
  const short = { [FASPEX_HEADER]: 'plainword', [BEARER_HEADER]: 'otherword', [BASIC_HEADER]: 'bm9kZTpo' };
  for (const tokens of [good, short]) {
    for (const header of [BEARER_HEADER, BASIC_HEADER] as const) {
      await useTellTales(tokens[FASPEX_HEADER], header, tokens[header]);
    }
  }
  for (const spoil of [(token: string) => `Bearer ${token}`, (token: string) => `${token}, ${token}`, () => 'é']) {
    const spoilt = Object.fromEntries(Object.entries(short).map(([header, token]) => [header, spoil(token)]));
    const refused = clientWith(spoilt);
    await useEverything(refused);
    for (const operation of [watching(packageId), ...following]) await hear(refused, operation);
  }
}, 60_000);
afterAll(() => stack?.stop());

const everySecret = () => [...stack.secrets, ...sent];

it('whatever is asked with whatever tokens, there is a lot to be searched', () => {
  expect(told.length).toBeGreaterThan(200);
  expect(stack.log.length).toBeGreaterThan(200);
  for (const code of ['BAD_INPUT', 'SOURCE_UNAUTHENTICATED', 'SOURCE_FORBIDDEN', 'SOURCE_UNAVAILABLE']) {
    expect(told.join()).toContain(code);
  }
  expect(told.join()).toContain('[removed]');
});

it('no token is in the log', () => {
  const log = stack.log.join('');
  expect(findSecrets(log, everySecret())).toEqual([]);
  expect(findSecretShapes(log)).toEqual([]);
});

it('no token is in an answer, an event or a cursor', () => {
  // Cursors are base64 of JSON: what is in them is searched as well.
  const opened = told.flatMap((text) =>
    [...text.matchAll(/"(?:endCursor|cursor)":"([^"]+)"/g)].map(([, cursor = '']) =>
      Buffer.from(cursor, 'base64').toString(),
    ),
  );
  expect(opened.length).toBeGreaterThan(5);
  const leaks = [...told, ...opened].flatMap((text, index) =>
    findSecrets(text, everySecret()).map((name) => `${name} in answer ${index}`),
  );
  expect(leaks).toEqual([]);
  expect(told.flatMap((text) => findSecretShapes(text))).toEqual([]);
});

import { type IncomingMessage, request as send } from 'node:http';
import { text } from 'node:stream/consumers';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SourceError } from '../../src/transport/source-error.ts';
import { startServer, type TestServer, type TestServerOptions } from './start-server.ts';

let changes = 0;

const options: TestServerOptions = {
  schema: `
    type Query { ok(n: Int): Boolean item: Item strict: Item! refused: Boolean broken: Boolean secret: String list(first: Int): [Item!] }
    type Item { name: String! child: Item }
    type Mutation { change(to: Int!): Int }
    type Subscription { ticks: Int }
  `,
  declared: { 'Query.secret': { scopes: ['no.such.scope'] } },
  resolvers: {
    'Query.ok': () => true,
    'Query.item': () => ({ name: 'ü "quoted" \u2028 😀', child: { name: null } }),
    'Query.strict': () => {
      throw new Error('nobody may see this');
    },
    'Query.refused': () => {
      throw new SourceError('NOT_FOUND', 'It is not there.', { source: 'main' });
    },
    'Query.broken': () => {
      throw new TypeError('password hunter2');
    },
    'Query.list': () => [{ name: 'one' }],
    'Mutation.change': (_root, { to }) => {
      changes += 1;
      return to;
    },
  },
  settings: { maxBodyBytes: 10_000, corsOrigins: ['https://app.example.com'] },
};

let fast: TestServer;
let slow: TestServer;
beforeAll(async () => {
  fast = await startServer(options);
  slow = await startServer({ ...options, settings: { ...options.settings, fastDoor: false, compile: false } });
});
afterAll(() => Promise.all([fast.stop(), slow.stop()]));

interface Sent {
  readonly method?: string;
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
  /** Sends the body in these many pieces, without saying how long it is. */
  readonly pieces?: number;
}

/** The members of an answer that are the same each time. */
function readable(status: number | undefined, headers: Readonly<Record<string, unknown>>, body: string) {
  const { date: _date, 'content-length': length, 'transfer-encoding': _chunks, ...rest } = headers;
  expect(length === undefined || Number(length) === Buffer.byteLength(body)).toBe(true);
  return { status, headers: rest, body: body.replace(/"requestId":"[^"]+"/g, '"requestId":"…"') };
}

async function ask(server: TestServer, { method = 'POST', path = '/graphql', headers = {}, body = '', pieces }: Sent) {
  const known = { authorization: `Bearer ${server.key}`, 'content-type': 'application/json' };
  const length = pieces === undefined ? { 'content-length': String(Buffer.byteLength(body)) } : {};
  const request = send(`${server.origin}${path}`, { method, headers: { ...known, ...length, ...headers } });
  const bytes = Buffer.from(body);
  const size = Math.ceil(bytes.length / (pieces ?? 1)) || 1;
  for (let start = 0; start < bytes.length; start += size) request.write(bytes.subarray(start, start + size));
  request.end();
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    request.once('response', resolve);
    request.once('error', reject);
  });
  return readable(response.statusCode, response.headers, await text(response));
}

/** The answer of both doors, which is the same. */
async function answer(sent: Sent) {
  const [byFast, bySlow] = [await ask(fast, sent), await ask(slow, sent)];
  expect(byFast).toEqual(bySlow);
  return byFast;
}

const json = (query: string, more: object = {}) => JSON.stringify({ query, ...more });

const bodies: readonly (readonly [what: string, body: string | Buffer])[] = [
  ['a query', json('{ ok }')],
  ['a query with text of every kind', json('{ item { name } }')],
  ['one of several operations', json('query A { ok } query B { item { name } }', { operationName: 'B' })],
  ['none of several operations', json('query A { ok } query B { ok }')],
  ['an operation that is not there', json('query A { ok }', { operationName: 'C' })],
  ['variables', json('query ($n: Int) { ok(n: $n) }', { variables: { n: 3 } })],
  ['variables that are null', json('query ($n: Int) { ok(n: $n) }', { variables: null, operationName: null })],
  ['wrong variables', json('query ($n: Int!) { ok(n: $n) }', { variables: { n: 'text' } })],
  ['a variable too few', json('query ($n: Int!) { ok(n: $n) }')],
  ['a page that is too large', json('query ($f: Int) { list(first: $f) { name } }', { variables: { f: 1_000 } })],
  ['a mutation', json('mutation { change(to: 3) }')],
  ['a subscription', json('subscription { ticks }')],
  ['an error of a source', json('{ refused ok }')],
  ['an error that stays inside', json('{ broken ok }')],
  ['an error that leaves nothing', json('{ strict { name } }')],
  ['null where none may be', json('{ item { name child { name } } }')],
  ['a scope that is missing', json('{ secret }')],
  ['a field that does not exist', json('{ nothing }')],
  ['what is not GraphQL', json('{ ok')],
  ['introspection', json('{ __schema { queryType { name } } }')],
  ['extensions', json('{ ok }', { extensions: { persistedQuery: { version: 1 } } })],
  ['extensions that are none', json('{ ok }', { extensions: 'text' })],
  ['a parameter that is unknown', json('{ ok }', { other: 1 })],
  ['a batch', `[${json('{ ok }')}]`],
  ['no query', '{}'],
  ['a query that is no text', '{"query": 5}'],
  ['variables that are a list', json('query ($n: Int) { ok(n: $n) }', { variables: [1] })],
  ['what is not JSON', '{"query":'],
  ['null', 'null'],
  ['nothing', ''],
  ['a byte order mark', `\ufeff${json('{ ok }')}`],
  [
    'bytes that are not UTF-8',
    Buffer.concat([Buffer.from('{"query":"{ ok # '), Buffer.from([0xff, 0xfe]), Buffer.from('\\n }"}')]),
  ],
  ['more than is allowed', json(`{ ok } # ${'x'.repeat(10_000)}`)],
];

const headers: readonly (readonly [what: string, headers: Record<string, string>])[] = [
  ['no Accept', {}],
  ['JSON', { accept: 'application/json' }],
  ['JSON of GraphQL', { accept: 'application/graphql-response+json' }],
  ['both', { accept: 'application/graphql-response+json; charset=utf-8, application/json; q=0.9' }],
  ['anything', { accept: '*/*' }],
  ['events', { accept: 'text/event-stream' }],
  ['nothing that there is', { accept: 'image/png' }],
  ['another charset', { accept: 'application/json; charset=latin1' }],
  ['no credential', { authorization: '' }],
  ['a wrong credential', { authorization: 'Bearer unknown-key-0123456789' }],
  ['a charset', { 'content-type': 'application/json; charset=utf-8' }],
  ['another type', { 'content-type': 'text/plain' }],
  ['a form', { 'content-type': 'application/x-www-form-urlencoded' }],
  ['an encoding', { 'content-encoding': 'gzip' }],
  ['a page that may call', { origin: 'https://app.example.com' }],
  ['a page that may not', { origin: 'https://evil.example.com' }],
  ['a wrong host', { host: 'a b' }],
];

describe('an answer is the same by either door', () => {
  it.each(bodies)('to %s', async (_what, body) => {
    // From the third time on it is compiled.
    for (let time = 0; time < 4; time += 1) await answer({ body });
  });

  it.each(bodies)('to %s, for a client that wants JSON of GraphQL', async (_what, body) => {
    await answer({ body, headers: { accept: 'application/graphql-response+json' } });
  });

  it.each(headers)('whatever the headers say: %s', async (_what, given) => {
    await answer({ body: json('{ ok item { name } }'), headers: given });
    await answer({ body: json('{ nothing }'), headers: given });
    await answer({ body: json('{ item { child { name } } refused }'), headers: given });
  });

  it.each([
    ['PUT', { method: 'PUT', body: json('{ ok }') }],
    ['a path with parameters', { path: '/graphql?query={ok}', body: json('{ item { name } }') }],
    ['a path with a slash', { path: '/graphql/', body: json('{ ok }') }],
    ['a body of many pieces', { body: json('{ ok item { name } }'), pieces: 7 }],
  ] as const)('to %s', async (_what, sent) => {
    await answer({ ...sent, ...('path' in sent ? { path: encodeURI(sent.path) } : {}) });
  });

  it('for every Accept that media ranges can be put together to', async () => {
    const range = fc.constantFrom(
      ...['application/json', 'application/graphql-response+json', '*/*', 'application/*', 'text/event-stream'],
      ...['multipart/mixed', 'text/*', 'image/png', 'Application/JSON', ''],
    );
    const parameter = fc.constantFrom('', ';q=0.5', '; charset=utf-8', ';charset=latin1', '; deferSpec=20220824');
    const accept = fc.array(fc.tuple(range, parameter), { minLength: 1, maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(accept, async (parts) => {
        await answer({ body: json('{ ok }'), headers: { accept: parts.map((part) => part.join('')).join(', ') } });
      }),
      { numRuns: 150 },
    );
  });
});

describe('a mutation', () => {
  it('is carried out once, also where something is wrong with what it answers', async () => {
    const before = changes;
    await ask(fast, { body: json('mutation ($to: Int!) { change(to: $to) }', { variables: { to: 'text' } }) });
    expect(changes).toBe(before);
    await ask(fast, { body: json('mutation { a: change(to: 1) }') });
    expect(changes).toBe(before + 1);
  });
});

describe('a client that goes away', () => {
  it('in the middle of its request takes nothing with it', async () => {
    const body = json('{ ok }');
    const request = send(fast.url, {
      method: 'POST',
      agent: false,
      headers: {
        authorization: `Bearer ${fast.key}`,
        'content-type': 'application/json',
        'content-length': String(body.length + 100),
      },
    });
    const gone = new Promise((resolve) => request.once('error', resolve));
    await new Promise((resolve) => request.write(body, resolve));
    request.destroy(new Error('gone'));
    await gone;
    expect((await ask(fast, { body })).status).toBe(200);
  });
});

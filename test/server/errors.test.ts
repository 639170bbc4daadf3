import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { SourceError } from '../../src/transport/source-error.ts';
import { startServer, type TestServer, type TestServerOptions } from './start-server.ts';

class Broken extends Error {
  readonly password = 'hunter2';
}

const options: TestServerOptions = {
  schema: `
    enum Colour { RED GREEN }
    input Wish { colour: Colour! }
    type Query {
      ok: Boolean!
      throws: Boolean
      rejects: Boolean
      text: Boolean
      needed: Needed
      busy: Boolean
      refused: Boolean
      count: Int
      wish(wish: Wish!): Boolean
    }
    type Needed { never: Boolean! }
  `,
  resolvers: {
    'Query.ok': () => true,
    'Query.throws': () => {
      throw new Broken('cannot read /etc/gateway/key.pem');
    },
    'Query.rejects': () => Promise.reject(new Broken('connect ECONNREFUSED 10.1.2.3:443')),
    'Query.text': () => {
      throw 'only a text';
    },
    'Query.needed': () => ({ never: null }),
    'Query.busy': () => {
      const cause = new Error('https://node.internal:9092 said 429');
      throw new SourceError('SOURCE_RATE_LIMITED', 'london asks for fewer requests.', {
        source: 'london',
        retryAfterMs: 2_000,
        vendorCode: '17',
        cause,
      });
    },
    'Query.refused': () => {
      throw new SourceError('NOT_FOUND', 'There is no such file on london.', { source: 'london' });
    },
    'Query.wish': () => true,
    'Query.count': () => 'hunter2 of a source',
  },
};

let server: TestServer;
beforeAll(async () => {
  server = await startServer(options);
});
afterAll(() => server.stop());

const hidden = 'Something went wrong inside the gateway. Its log knows more, under the request id.';

describe('a value that is not of its type', () => {
  it('is told as a bad answer of the source, and shown to nobody', async () => {
    const { data, errors } = await server.ask('{ ok count }');
    expect(data).toEqual({ ok: true, count: null });
    const message = 'The source sent a value here that is not of the type that the graph promises.';
    const extensions = { code: 'SOURCE_BAD_ANSWER', retryable: false, requestId: expect.any(String) };
    expect(errors).toMatchObject([{ message, path: ['count'], extensions }]);
    expect(JSON.stringify(errors)).not.toContain('hunter2');
    expect(JSON.stringify(server.log)).not.toContain('hunter2');
  });
});

describe('an unexpected failure', () => {
  it.each([
    ['throws', 'cannot read /etc/gateway/key.pem'],
    ['rejects', 'connect ECONNREFUSED'],
    ['text', 'only a text'],
    ['needed { never }', 'Cannot return null for non-nullable field Needed.never.'],
  ])('is told as INTERNAL with the request id and nothing else: %s', async (field, reason) => {
    const { data, errors = [] } = await server.ask(`{ ok ${field} }`);
    expect(data).toMatchObject({ ok: true, [field.split(' ')[0] ?? '']: null });
    expect(errors).toHaveLength(1);
    const [error] = errors;
    expect(error?.message).toBe(hidden);
    expect(error?.extensions).toEqual({ code: 'INTERNAL', requestId: expect.any(String) });
    const lines = server.log.filter(({ requestId }) => requestId === error?.extensions?.requestId);
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatchObject({ level: 'error', viewer: 'key:tester', msg: 'unexpected failure' });
    expect(JSON.stringify(lines[0]?.err)).toContain(reason);
  });

  it('keeps its place, and the request id is one for the whole operation', async () => {
    const { errors = [] } = await server.ask('{ a: throws b: rejects }');
    expect(errors.map(({ path }) => path)).toEqual([['a'], ['b']]);
    expect(new Set(errors.map(({ extensions }) => extensions?.requestId)).size).toBe(1);
  });

  it('of two operations has two request ids', async () => {
    const ids = await Promise.all(
      ['{ throws }', '{ throws }'].map(async (query) => (await server.ask(query)).errors?.[0]?.extensions?.requestId),
    );
    expect(new Set(ids).size).toBe(2);
  });

  it('never puts a secret member of an error into the log', async () => {
    await server.ask('{ throws }');
    expect(JSON.stringify(server.log)).not.toContain('hunter2');
  });

  it('before there is an operation is a 500 with a request id that the log knows', async () => {
    const authenticator = { authenticate: () => Promise.reject(new Broken('the key store is gone')) };
    const broken = await startServer({ authenticator });
    onTestFinished(broken.stop);
    const response = await broken.post({ query: '{ ok }' });
    expect(response.status).toBe(500);
    const { errors } = (await response.json()) as { errors: { message: string; extensions: { requestId: string } }[] };
    expect(errors).toMatchObject([{ message: hidden, extensions: { code: 'INTERNAL' } }]);
    const line = broken.log.find(({ requestId }) => requestId === errors[0]?.extensions.requestId);
    expect(line).toMatchObject({ level: 'error', err: { message: 'the key store is gone' } });
  });
});

describe('a failure of a source', () => {
  it('is told with its code, the source, and when trying again can help', async () => {
    const { data, errors } = await server.ask('{ ok busy }');
    expect(data).toEqual({ ok: true, busy: null });
    expect(errors).toMatchObject([{ message: 'london asks for fewer requests.', path: ['busy'] }]);
    expect(errors?.[0]?.extensions).toEqual({
      code: 'SOURCE_RATE_LIMITED',
      source: 'london',
      retryable: true,
      retryAfterMs: 2_000,
      vendorCode: '17',
    });
  });

  it('says nothing that it does not know', async () => {
    const { errors } = await server.ask('{ refused }');
    expect(errors?.[0]?.extensions).toEqual({ code: 'NOT_FOUND', source: 'london', retryable: false });
  });

  it('is no failure of the gateway: the log has no error of it', async () => {
    const before = server.log.filter(({ level }) => level === 'error').length;
    await server.ask('{ busy }');
    expect(server.log.filter(({ level }) => level === 'error')).toHaveLength(before);
  });
});

describe('a mistake in the request', () => {
  it.each([
    ['{ ok', 'GRAPHQL_PARSE_FAILED', 'Syntax Error: Expected Name, found <EOF>.'],
    ['{ nope }', 'GRAPHQL_VALIDATION_FAILED', 'Cannot query field "nope" on type "Query".'],
    ['{ wish(wish: { colour: BLUE }) }', 'GRAPHQL_VALIDATION_FAILED', 'Value "BLUE" does not exist in "Colour" enum.'],
    ['fragment F on Query { ok }', 'OPERATION_RESOLUTION_FAILURE', 'Could not determine what operation to execute.'],
  ])('has a stable code: %s', async (query, code, message) => {
    const response = await server.post({ query }, { accept: 'application/graphql-response+json' });
    expect(response.status).toBe(400);
    const { errors } = (await response.json()) as { errors: unknown[] };
    expect(errors[0]).toMatchObject({ message, extensions: { code } });
  });

  it('in the variables has one too', async () => {
    const query = 'query ($wish: Wish!) { wish(wish: $wish) }';
    const { errors } = await server.ask(query, { wish: { colour: 'BLUE' } });
    expect(errors?.[0]?.extensions?.code).toBe('BAD_REQUEST');
    expect(errors?.[0]?.message).toContain('There is no such value in "Colour" enum.');
  });

  it('is told without the values that were sent', async () => {
    const query = 'query ($wish: Wish!) { wish(wish: $wish) }';
    const answers = await Promise.all([
      server.post({ query, variables: { wish: { colour: 'hunter2' } } }),
      server.post('{"query":"{ ok }","variables":{"password":hunter2}}'),
      fetch(`${server.url}?${new URLSearchParams({ query: '{ ok }', variables: '{"password":hunter2}' })}`, {
        headers: { authorization: `Bearer ${server.key}` },
      }),
    ]);
    expect(answers.map(({ status }) => status)).toEqual([400, 400, 400]);
    for (const answer of answers) expect(await answer.text()).not.toContain('hunter2');
  });

  it('is told again when the same document comes again', async () => {
    for (const query of ['{ ok', '{ nope }']) {
      const [first, second] = [await server.ask(query), await server.ask(query)];
      expect(second).toEqual(first);
    }
  });

  it('names eight mistakes at most', async () => {
    const { errors } = await server.ask(`{ ${Array.from({ length: 100 }, (_, index) => `nope${index}`).join(' ')} }`);
    expect(errors).toHaveLength(9);
    expect(errors?.at(-1)?.message).toContain('Too many validation errors');
  });
});

describe('a graph that is not to be explored', () => {
  const start = async () => {
    const closed = await startServer({ ...options, settings: { introspection: false } });
    onTestFinished(closed.stop);
    return closed;
  };

  it.each([
    '{ __schema { types { name } } }',
    '{ __type(name: "Query") { name } }',
    '{ ...F } fragment F on Query { __schema { queryType { name } } }',
  ])('does not answer introspection: %s', async (query) => {
    const { data, errors } = await (await start()).ask(query);
    expect(data).toBeUndefined();
    expect(errors?.[0]?.extensions?.code).toBe('GRAPHQL_VALIDATION_FAILED');
  });

  it('still tells the names of types that the caller asked for', async () => {
    expect(await (await start()).ask('{ __typename }')).toEqual({ data: { __typename: 'Query' } });
  });

  it.each([
    ['a field', '{ throw }', undefined],
    ['an argument', '{ wish(wsh: 1) }', undefined],
    ['an enum value', '{ wish(wish: { colour: GREN }) }', undefined],
    ['an input field', '{ wish(wish: { color: RED }) }', undefined],
    ['a type', '{ ok ... on Neded { never } }', undefined],
    ['an enum value in variables', 'query ($wish: Wish!) { wish(wish: $wish) }', { wish: { colour: 'GREN' } }],
    ['an input field in variables', 'query ($wish: Wish!) { wish(wish: $wish) }', { wish: { color: 'RED' } }],
  ])('does not correct who misspells %s', async (_what, query, variables) => {
    const open = await server.ask(query, variables);
    expect(JSON.stringify(open.errors)).toContain('Did you mean');
    const { errors } = await (await start()).ask(query, variables);
    expect(errors?.length).toBeGreaterThan(0);
    expect(JSON.stringify(errors)).not.toContain('Did you mean');
  });
});

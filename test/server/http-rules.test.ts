import { request as send } from 'node:http';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { startServer, type TestServer, type TestServerOptions } from './start-server.ts';

let changes = 0;

const options: TestServerOptions = {
  schema: 'type Query { ok(n: Int): Boolean } type Mutation { change: Boolean } type Subscription { ticks: Int }',
  resolvers: {
    'Query.ok': () => true,
    'Mutation.change': () => {
      changes += 1;
      return true;
    },
  },
  settings: { maxBodyBytes: 10_000 },
};

let server: TestServer;
beforeAll(async () => {
  server = await startServer(options);
});
afterAll(() => server.stop());

const key = () => ({ authorization: `Bearer ${server.key}` });

/** Status and first code of an answer that refuses. */
async function refusal(response: Response) {
  const { errors } = (await response.json()) as { errors: { message: string; extensions: { code: string } }[] };
  return { status: response.status, code: errors[0]?.extensions.code, message: errors[0]?.message };
}

const get = (parameters: Record<string, string>, headers: Record<string, string> = {}) =>
  fetch(`${server.url}?${new URLSearchParams(parameters)}`, { headers: { ...key(), ...headers } });

describe('a caller without a good credential', () => {
  it.each([
    ['none', undefined],
    ['an unknown one', 'Bearer unknown-key-0123456789'],
    ['another scheme', 'Basic dXNlcjpwYXNzd29yZA=='],
  ])('is refused with 401 and told how to authenticate: %s', async (_what, authorization) => {
    const response = await fetch(server.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(authorization ? { authorization } : {}) },
      body: '{"query":"{ ok }"}',
    });
    expect(response.headers.get('www-authenticate')).toBe('Bearer');
    const refused = await refusal(response);
    expect(refused).toMatchObject({ status: 401, code: 'UNAUTHENTICATED' });
    if (authorization) expect(refused.message).not.toContain(authorization.split(' ')[1]);
  });

  it('learns nothing else: also what is wrong with the request is not looked at', async () => {
    const response = await fetch(server.url, { method: 'POST', body: 'nonsense' });
    expect(await refusal(response)).toMatchObject({ status: 401 });
  });
});

describe('the body', () => {
  const large = JSON.stringify({ query: `{ ok } # ${'x'.repeat(20_000)}` });

  it('larger than allowed is refused with 413', async () => {
    expect(await refusal(await server.post(large))).toEqual({
      status: 413,
      code: 'BODY_TOO_LARGE',
      message: 'Request body too large',
    });
  });

  it('larger than allowed is refused also when it does not say how large it is', async () => {
    const body = new ReadableStream({
      start: (controller) => {
        for (let at = 0; at < large.length; at += 4_000) {
          controller.enqueue(new TextEncoder().encode(large.slice(at, at + 4_000)));
        }
        controller.close();
      },
    });
    const headers = { ...key(), 'content-type': 'application/json' };
    const init = { method: 'POST', headers, body, duplex: 'half' } as RequestInit;
    expect(await refusal(await fetch(server.url, init))).toMatchObject({ status: 413, code: 'BODY_TOO_LARGE' });
  });

  it.each([
    ['not JSON', '{"query":'],
    ['a text', '"{ ok }"'],
    ['null', 'null'],
    ['without a query', '{}'],
    ['with a member that nobody knows', '{"query":"{ ok }","querry":1}'],
  ])('is refused with 400 when it is %s', async (_what, body) => {
    const response = await server.post(body, { accept: 'application/graphql-response+json' });
    expect(await refusal(response)).toMatchObject({ status: 400, code: 'BAD_REQUEST' });
  });

  it('with a list of operations is refused: an operation is one', async () => {
    const refused = await refusal(await server.post([{ query: '{ ok }' }, { query: '{ ok }' }]));
    expect(refused).toMatchObject({ status: 400, code: 'BAD_REQUEST' });
  });
});

describe('what a page of another origin can send without asking', () => {
  const query = 'mutation { change }';
  const forms: readonly [string, string, string][] = [
    ['text/plain', 'text/plain', JSON.stringify({ query })],
    ['text/plain that looks like JSON', 'text/plain;charset=application/json', JSON.stringify({ query })],
    ['a form', 'application/x-www-form-urlencoded', new URLSearchParams({ query }).toString()],
    ['a form with a charset', 'application/x-www-form-urlencoded; charset=utf-8', `query=${encodeURIComponent(query)}`],
    ['a form in capitals', 'Application/X-WWW-Form-Urlencoded', `query=${encodeURIComponent(query)}`],
    [
      'a multipart form',
      'multipart/form-data; boundary=x',
      `--x\r\ncontent-disposition: form-data; name="operations"\r\n\r\n${JSON.stringify({ query })}\r\n--x--\r\n`,
    ],
  ];

  it.each(forms)('is not executed: %s', async (_what, type, body) => {
    const before = changes;
    const refused = await refusal(await server.post(body, { 'content-type': type }));
    expect(refused).toMatchObject({ status: 415, code: 'UNSUPPORTED_MEDIA_TYPE' });
    expect(changes).toBe(before);
  });

  it('is not executed either without a content type', async () => {
    const body = new Blob([JSON.stringify({ query })]);
    const response = await fetch(server.url, { method: 'POST', headers: key(), body });
    expect(await refusal(response)).toMatchObject({ status: 415 });
  });
});

describe('GET', () => {
  it('carries out queries', async () => {
    const response = await get({ query: 'query ($n: Int) { ok(n: $n) }', variables: '{"n":1}' });
    expect(await response.json()).toEqual({ data: { ok: true } });
  });

  it('never carries out a mutation', async () => {
    const before = changes;
    const response = await get({ query: 'mutation { change }' });
    expect(response.headers.get('allow')).toBe('POST');
    expect(await refusal(response)).toMatchObject({ status: 405, code: 'METHOD_NOT_ALLOWED' });
    const chosen = await get({ query: 'query A { ok } mutation B { change }', operationName: 'B' });
    expect(await refusal(chosen)).toMatchObject({ status: 405 });
    expect(changes).toBe(before);
  });

  it('with variables that are not JSON is refused with 400, and is no failure of the gateway', async () => {
    const before = server.log.filter(({ level }) => level === 'error').length;
    expect(await refusal(await get({ query: '{ ok }', variables: '{n' }))).toMatchObject({
      status: 400,
      code: 'BAD_REQUEST',
    });
    expect(server.log.filter(({ level }) => level === 'error')).toHaveLength(before);
  });

  it.each(['PUT', 'DELETE', 'PATCH', 'HEAD'])('and POST are all there is: not %s', async (method) => {
    const response = await fetch(server.url, { method, headers: key() });
    expect(response.status).toBe(405);
    expect(response.headers.get('allow')).toBe('GET, POST');
  });
});

describe('a caller who accepts nothing that there is', () => {
  it.each(['text/html', 'image/png', 'application/xml;q=0.9'])('gets JSON: %s', async (accept) => {
    const response = await server.post({ query: 'mutation { change }' }, { accept });
    expect(response.headers.get('content-type')).toBe('application/json; charset=utf-8');
    expect(await response.json()).toEqual({ data: { change: true } });
  });
});

describe('a subscription whose client does not accept events', () => {
  it('is refused with 406 instead of being run unseen', async () => {
    const response = await server.post({ query: 'subscription { ticks }' }, { accept: 'application/json' });
    expect(await refusal(response)).toMatchObject({ status: 406, code: 'NOT_ACCEPTABLE' });
  });
});

describe('paths and hosts', () => {
  it.each(['/', '/graphq', '/graphql/x', '/x/graphql', '/x?/graphql'])('nothing is at %s', async (path) => {
    const response = await fetch(`${server.origin}${path}`, { headers: { ...key(), accept: 'text/html' } });
    expect(await refusal(response)).toEqual({ status: 404, code: 'NOT_FOUND', message: 'There is nothing here.' });
  });

  it.each(['[', 'a b', 'host:port'])(
    'a Host header like `%s` is refused without a trace of the inside',
    async (host) => {
      const { hostname, port } = new URL(server.url);
      const answer = await new Promise<{ status: number | undefined; body: string }>((resolve, reject) => {
        const request = send({ hostname, port, path: '/graphql', headers: { ...key(), host } }, async (response) => {
          resolve({ status: response.statusCode, body: await text(response) });
        });
        request.on('error', reject).end();
      });
      expect(answer.status).toBe(400);
      expect(answer.body).not.toMatch(/node_modules|at \w+/);
    },
  );
});

describe('CORS', () => {
  const origin = 'https://app.example.com';
  const preflight = (url: string, from: string, headers = 'authorization,content-type') =>
    fetch(url, {
      method: 'OPTIONS',
      headers: {
        origin: from,
        'access-control-request-method': 'POST',
        'access-control-request-headers': headers,
      },
    });
  const allowed = ({ headers }: Response) => headers.get('access-control-allow-origin');
  const startWith = async (corsOrigins: readonly string[]) => {
    const shared = await startServer({ ...options, settings: { corsOrigins } });
    onTestFinished(shared.stop);
    return shared;
  };

  it('is off unless it is configured', async () => {
    expect(allowed(await preflight(server.url, origin))).toBeNull();
    expect(allowed(await server.post({ query: '{ ok }' }, { origin }))).toBeNull();
  });

  it('lets pages of configured origins in, and no others', async () => {
    const shared = await startWith([origin, 'https://other.example.com']);
    const answer = await preflight(shared.url, origin);
    expect(answer.status).toBe(204);
    expect(allowed(answer)).toBe(origin);
    expect(answer.headers.get('access-control-allow-headers')).toBe('authorization,content-type');
    expect(answer.headers.get('access-control-allow-credentials')).toBeNull();
    expect(answer.headers.get('vary')).toContain('Origin');
    for (const stranger of ['https://evil.example.com', `${origin}.evil.com`, 'null']) {
      expect(allowed(await preflight(shared.url, stranger))).toBeNull();
    }
  });

  it('lets a page send along what a source wants of its callers', async () => {
    const shared = await startWith([origin]);
    const wanted = 'authorization,content-type,x-faspex-token';
    const answer = await preflight(shared.url, origin, wanted);
    expect(answer.headers.get('access-control-allow-headers')).toBe(wanted);
  });

  it('tells the page also why it was refused', async () => {
    const shared = await startWith([origin]);
    const response = await fetch(shared.url, { method: 'POST', headers: { origin } });
    expect(response.status).toBe(401);
    expect(allowed(response)).toBe(origin);
  });

  it('lets every page in when it is configured as *', async () => {
    const shared = await startWith(['*']);
    expect(allowed(await preflight(shared.url, 'https://anything.example'))).toBe('https://anything.example');
  });
});

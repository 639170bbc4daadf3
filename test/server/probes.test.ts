import { getIntrospectionQuery } from 'graphql';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { type Stack, startStack } from '../helpers/start-stack.ts';
import { keyOf } from './stack-key.ts';
import { startServer } from './start-server.ts';

let stack: Stack;
beforeAll(async () => {
  stack = await startStack({
    configure: (settings) => {
      settings.graphiql = false;
    },
  });
});
afterAll(() => stack.stop());

const headersWithKey = () => ({ authorization: `Bearer ${keyOf(stack)}`, 'content-type': 'application/json' });

const post = (body: unknown, headers: Record<string, string> = {}) =>
  fetch(stack.url, { method: 'POST', headers: { ...headersWithKey(), ...headers }, body: JSON.stringify(body) });

/** What a probe gets back: whether anything was executed, and the codes of the refusal. */
async function probe(query: string) {
  const { data, errors } = await stack.everything.send(query);
  return { executed: data !== undefined && data !== null, codes: errors?.map(({ extensions }) => extensions?.code) };
}

const times = <T>(count: number, make: (index: number) => T) =>
  Array.from({ length: count }, (_, index) => make(index));

/** What graphql-cop tries on a server, and what scanners of its kind call a finding. */
describe('a scanner', () => {
  it('cannot ask for one thing under a hundred aliases', async () => {
    const query = `query cop { ${times(101, (index) => `alias${index}: __typename`).join(' ')} }`;
    expect(await probe(query)).toEqual({ executed: false, codes: ['TOO_MANY_ALIASES'] });
  });

  it('cannot send ten operations as one request', async () => {
    const response = await post(times(10, () => ({ query: 'query cop { __typename }' })));
    expect(response.status).toBe(400);
    expect(await response.text()).not.toContain('"data"');
  });

  it('cannot make an answer grow with directives', async () => {
    const { errors, data } = await stack.everything.send(`query cop { __typename ${'@aa'.repeat(1_000)} }`);
    expect(data).toBeUndefined();
    expect(errors?.length).toBeLessThan(10);
  });

  it('cannot repeat a field five hundred times', async () => {
    const query = `query cop { ${'__typename '.repeat(500)} }`;
    expect(await probe(query)).toEqual({ executed: false, codes: ['TOO_MANY_ALIASES'] });
  });

  it('cannot go round in the introspection', async () => {
    const levels = 4;
    const query = `query cop { __schema { types { ${'fields { type { '.repeat(levels)} name ${'} }'.repeat(levels)} } } }`;
    expect(await probe(query)).toEqual({ executed: false, codes: ['GRAPHQL_VALIDATION_FAILED'] });
  });

  it('gets the schema as tools ask for it, and quickly', async () => {
    const before = process.cpuUsage();
    const { data } = await stack.everything.send(getIntrospectionQuery({ inputValueDeprecation: true, oneOf: true }));
    expect(data).toHaveProperty('__schema');
    expect(process.cpuUsage(before).user / 1_000).toBeLessThan(3_000);
  });

  it('may query by GET, and not more', async () => {
    const get = (query: string) =>
      fetch(`${stack.url}?${new URLSearchParams({ query })}`, { headers: headersWithKey() });
    expect(await (await get('query cop { __typename }')).json()).toEqual({ data: { __typename: 'Query' } });
    expect((await get('mutation cop { __typename }')).status).toBe(405);
  });

  it('cannot make a browser run a form for it', async () => {
    const response = await fetch(stack.url, {
      method: 'POST',
      headers: { ...headersWithKey(), 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({ query: 'query cop { __typename }' }),
    });
    expect(response.status).toBe(415);
  });

  it.each([
    ['a document that is nonsense', 'qwerty cop { abc }'],
    ['a field that is not there', 'query cop { abc }'],
    ['nothing', ''],
  ])('gets neither a stack nor a trace for %s', async (_what, query) => {
    const answer = await (
      await post({ query }, { 'x-apollo-tracing': '1', 'apollo-federation-include-trace': 'ftv1' })
    ).text();
    expect(answer).not.toMatch(/exception|stacktrace|tracing|ftv1|node_modules|at \w+ \(/i);
    expect(JSON.parse(answer)).toMatchObject({ errors: [{ extensions: { code: expect.any(String) } }] });
  });

  it('finds no page for people', async () => {
    for (const path of ['/', '/graphql', '/graphiql', '/playground', '/console', '/altair', '/voyager']) {
      const response = await fetch(new URL(path, stack.url), { headers: { accept: 'text/html' } });
      expect(response.status).toBe(path === '/graphql' ? 401 : 404);
      expect(response.headers.get('content-type')).not.toContain('html');
    }
  });

  it('reads in no header what the server is made of', async () => {
    const { headers } = await post({ query: '{ __typename }' });
    expect(headers.get('server')).toBeNull();
    expect(headers.get('x-powered-by')).toBeNull();
  });
});

describe('GraphiQL', () => {
  it('is there without a credential when it is configured, holds no secret and needs no other host', async () => {
    const server = await startServer({ settings: { graphiql: true } });
    onTestFinished(server.stop);
    const page = await fetch(server.url, { headers: { accept: 'text/html' } });
    expect(page.status).toBe(200);
    expect(page.headers.get('content-type')).toContain('text/html');
    const html = await page.text();
    expect(html).toContain('GraphiQL');
    // Everything is in the page, and the browser is told to load nothing from elsewhere.
    expect(page.headers.get('content-security-policy')).toMatch(
      /^default-src 'self' [^:;]*data: blob:; frame-ancestors/,
    );
    expect(html).not.toMatch(/<(?:script|link|img|iframe)[^>]{0,200}\b(?:src|href)=["']?(?:https?:)?\/\//i);
    expect(html).not.toMatch(/@import|url\(\s*["']?(?:https?:)?\/\/|(?:fetch|import)\(\s*["'`](?:https?:)?\/\//i);
  });

  it('is no way round the credential', async () => {
    const server = await startServer({ settings: { graphiql: true } });
    onTestFinished(server.stop);
    const response = await fetch(server.url, {
      method: 'POST',
      headers: { accept: 'text/html', 'content-type': 'application/json' },
      body: '{"query":"{ ok }"}',
    });
    expect(response.status).toBe(401);
  });
});

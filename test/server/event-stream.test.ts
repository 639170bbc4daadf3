import { createClient, type ExecutionResult } from 'graphql-sse';
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { startJwtIssuer } from '../helpers/jwt-issuer.ts';
import { seen, socketGraph } from './socket-graph.ts';
import { PATIENCE, startServer, type TestServer } from './start-server.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startServer({ ...socketGraph, limits: { depth: 1 } });
});
afterAll(() => server.stop());

/** A client of the protocol's distinct connections mode. */
function connect(key = server.key, url = server.url) {
  const client = createClient({ url, headers: { authorization: `Bearer ${key}` }, retryAttempts: 0 });
  onTestFinished(() => client.dispose());
  return client;
}

async function resultsOf(query: string, variables: Record<string, unknown> = {}) {
  const results: ExecutionResult<Record<string, unknown>, unknown>[] = [];
  for await (const result of connect().iterate({ query, variables })) results.push(result);
  return results;
}

const watching = (number: number) => vi.waitFor(() => expect(seen.watching).toBe(number), PATIENCE);

describe('a subscription over SSE', () => {
  it('tells every event in order and completes', async () => {
    expect(await resultsOf('subscription ($to: Int!) { count(to: $to) }', { to: 3 })).toEqual([
      { data: { count: 1 } },
      { data: { count: 2 } },
      { data: { count: 3 } },
    ]);
  });

  it('may also come as GET, as an EventSource sends it', async () => {
    const parameters = new URLSearchParams({ query: 'subscription { count(to: 1) }' });
    const response = await fetch(`${server.url}?${parameters}`, {
      headers: { authorization: `Bearer ${server.key}`, accept: 'text/event-stream' },
    });
    expect(response.headers.get('content-type')).toContain('text/event-stream');
    expect(await response.text()).toContain('event: next\ndata: {"data":{"count":1}}\n\nevent: complete');
  });

  it('begins to answer before there is an event, so that the client knows it is heard', async () => {
    const response = await server.post({ query: 'subscription { silence }' }, { accept: 'text/event-stream' });
    expect(response.status).toBe(200);
    const reader = response.body?.getReader();
    expect(new TextDecoder().decode((await reader?.read())?.value)).toBe(':\n\n');
    await reader?.cancel();
    await watching(0);
  });

  it('ends when its client goes away', async () => {
    const events = connect().iterate({ query: 'subscription { silence }' });
    const next = events.next();
    await watching(1);
    await events.return?.();
    await next;
    await watching(0);
  });

  it('that fails tells a masked error with a code, then completes', async () => {
    const results = await resultsOf('subscription { breaks }');
    expect(results).toMatchObject([
      { data: { breaks: 1 } },
      { errors: [{ extensions: { code: 'INTERNAL', requestId: expect.any(String) } }] },
    ]);
    expect(JSON.stringify(results)).not.toContain('secret-host');
    const [, failed] = results as [unknown, { errors: { extensions: { requestId: string } }[] }];
    const id = failed.errors[0]?.extensions.requestId;
    expect(server.log.filter(({ requestId }) => requestId === id)).toMatchObject([{ level: 'error' }]);
  });

  it('is refused within the limits of every operation', async () => {
    const response = await server.post(
      { query: '{ __schema { types { fields { name } } } }' },
      { accept: 'text/event-stream' },
    );
    expect(await response.text()).toContain('QUERY_TOO_DEEP');
  });

  it('is refused without a credential', async () => {
    const refused = connect('unknown-key-0123456789').iterate({ query: 'subscription { silence }' });
    await expect(refused.next()).rejects.toThrow('Unauthorized');
  });

  it('is cut, not completed, when the token expires', async () => {
    const issuer = await startJwtIssuer();
    const guarded = await startServer({ ...socketGraph, jwt: [issuer] });
    onTestFinished(guarded.stop);
    const seconds = Math.floor(Date.now() / 1000);
    const events = connect(await issuer.sign({ exp: seconds + 2 }), guarded.url).iterate({
      query: 'subscription { silence }',
    });
    const next = events.next();
    await watching(1);
    await expect(next).rejects.toBeDefined();
    expect(Date.now() / 1000).toBeGreaterThanOrEqual(seconds + 2);
    await watching(0);
  });
});

import type { RequestListener, ServerResponse } from 'node:http';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { QueryValue } from '../../src/transport/upstream.ts';
import { serve } from '../helpers/serve.ts';
import { holdRequests } from './held-server.ts';
import { openTransport, read, write } from './open-transport.ts';

const echo: RequestListener = (request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    const { method, url, headers } = request;
    response.end(JSON.stringify({ method, url, headers, body: Buffer.concat(chunks).toString() }));
  });
};

/** Answers each request with these bytes. */
async function answering(status: number, body: string, headers: Record<string, string> = {}) {
  return serve((_request, response) => response.writeHead(status, headers).end(body));
}

describe('an upstream request', () => {
  it('goes below the path prefix of the source', async () => {
    const { origin } = await serve(echo);
    for (const [prefix, path] of [
      ['', '/ping'],
      ['/', '/ping'],
      ['/aspera/faspex', '/aspera/faspex/ping'],
      ['/a/b/', '/a/b/ping'],
      ['/with%20space', '/with%20space/ping'],
    ]) {
      const { body } = await openTransport(`${origin}${prefix}`).send(read('/ping'));
      expect(body).toMatchObject({ url: path, method: 'GET', body: '' });
    }
  });

  it('keeps percent-encoded parts of its path as they are', async () => {
    const { origin } = await serve(echo);
    const { body } = await openTransport(origin).send(read('/files/a%2Fb%20%C3%BC'));
    expect(body).toMatchObject({ url: '/files/a%2Fb%20%C3%BC' });
  });

  it('spells arrays in its query by repeating the name, and leaves out what is undefined', async () => {
    const { origin } = await serve(echo);
    const query = {
      'type[]': ['file', 'folder'],
      skip: 0,
      recursive: false,
      q: 'a&b=c d/ü',
      sort: undefined,
      none: [],
    };
    const { body } = await openTransport(origin).send(read('/files', { query }));
    const { searchParams } = new URL((body as { url: string }).url, origin);
    expect([...searchParams]).toEqual([
      ['type[]', 'file'],
      ['type[]', 'folder'],
      ['skip', '0'],
      ['recursive', 'false'],
      ['q', 'a&b=c d/ü'],
    ]);
  });

  it('has no question mark when its query is empty', async () => {
    const { origin } = await serve(echo);
    const { body } = await openTransport(origin).send(read('/files', { query: { sort: undefined } }));
    expect(body).toMatchObject({ url: '/files' });
  });

  it('arrives with any query as it was given', async () => {
    const { origin } = await serve(echo);
    const transport = openTransport(origin);
    const text = fc.string({ unit: 'grapheme', minLength: 1 });
    const values = fc.oneof(text, fc.integer(), fc.boolean(), fc.array(text, { maxLength: 3 }));
    await fc.assert(
      fc.asyncProperty(fc.dictionary(text, values, { maxKeys: 4 }), async (query: Record<string, QueryValue>) => {
        const { body } = await transport.send(read('/q', { query }));
        const sent = Object.entries(query).flatMap(([name, value]) =>
          [value].flat().map((part) => [name, String(part)]),
        );
        expect([...new URL((body as { url: string }).url, origin).searchParams]).toEqual(sent);
      }),
      { numRuns: 50 },
    );
  });

  it('carries JSON or a form, with its type, and its own headers', async () => {
    const { origin } = await serve(echo);
    const transport = openTransport(origin);
    const json = await transport.send(write('/', { json: { name: 'ü', list: [1] }, headers: { 'x-token': 't' } }));
    expect(json.body).toMatchObject({
      method: 'POST',
      body: '{"name":"ü","list":[1]}',
      headers: { 'content-type': 'application/json', accept: 'application/json', 'x-token': 't' },
    });
    const form = await transport.send(write('/', { form: { grant_type: 'a b', assertion: 'x+y&z' } }));
    expect(form.body).toMatchObject({
      body: 'grant_type=a+b&assertion=x%2By%26z',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    });
  });
});

describe('an upstream answer', () => {
  it('is its status, its headers and its parsed body, whatever content type it names', async () => {
    const { origin } = await answering(201, '{"id":7}', { 'content-type': 'application/x-javascript', 'x-count': '3' });
    const answer = await openTransport(origin).send(read('/'));
    expect(answer).toMatchObject({ status: 201, body: { id: 7 } });
    expect(answer.headers['x-count']).toBe('3');
  });

  it.each([
    [200, ''],
    [204, ''],
    [200, ' \r\n'],
  ])('with status %i and the body %j has an undefined body', async (status, text) => {
    const { origin } = await answering(status, text);
    expect(await openTransport(origin).send(read('/'))).toMatchObject({ status, body: undefined });
  });

  it.each(['<html>Welcome</html>', '{"id":', 'OK', '{"id":1}{"id":2}'])(
    'that says 200 and sends %j is a bad answer, never an empty one',
    async (text) => {
      const { origin } = await answering(200, text, { 'content-type': 'application/json' });
      await expect(openTransport(origin).send(read('/'))).rejects.toMatchObject({
        code: 'SOURCE_BAD_ANSWER',
        message: 'london sent an answer that is not JSON.',
        retryable: false,
      });
    },
  );

  it('that has a second answer glued behind its JSON is read up to there', async () => {
    const second = 'HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n';
    const first = { note: 'ends with } and HTTP/1.1 400 ', list: [1] };
    const { origin } = await answering(200, `${JSON.stringify(first)}${second}`);
    expect(await openTransport(origin).send(read('/'))).toMatchObject({ body: first });
    const nonsense = await answering(200, `{"open": ${second}`);
    await expect(openTransport(nonsense.origin).send(read('/'))).rejects.toMatchObject({ code: 'SOURCE_BAD_ANSWER' });
  });

  it('that refuses in HTML keeps its status', async () => {
    const { origin } = await answering(404, '<html>404</html>');
    expect(await openTransport(origin).send(read('/'))).toMatchObject({ status: 404, body: undefined });
  });

  it('that stops before its announced end is a broken connection', async () => {
    const cut = (response: ServerResponse) => {
      response.write('{"id":1');
      setImmediate(() => response.destroy());
    };
    for (const headers of [{ 'content-length': '100' }, {}]) {
      const { origin } = await serve((_request, response) => cut(response.writeHead(200, headers)));
      await expect(openTransport(origin).send(read('/'))).rejects.toMatchObject({ code: 'SOURCE_UNREACHABLE' });
    }
  });

  it.each([true, false])('that is larger than allowed is not read (length announced: %s)', async (isAnnounced) => {
    const text = JSON.stringify('x'.repeat(4_000));
    const { origin } = await serve((_request, response) => {
      if (isAnnounced) response.setHeader('content-length', text.length);
      response.write(text);
      response.end();
    });
    await expect(openTransport(origin, { maxBodyBytes: 2_000 }).send(read('/'))).rejects.toMatchObject({
      code: 'SOURCE_BAD_ANSWER',
      message: 'london sent an answer that is larger than allowed.',
    });
    expect((await openTransport(origin, { maxBodyBytes: 8_000 }).send(read('/'))).status).toBe(200);
  });

  it('that cannot be had, because nobody listens, is told apart from one that is late', async () => {
    const server = await serve(echo);
    await server.close();
    const failure = openTransport(`${server.origin}/secret-path`).send(read('/'));
    await expect(failure).rejects.toMatchObject({ code: 'SOURCE_UNREACHABLE', source: 'london', retryable: true });
    await expect(failure).rejects.not.toThrow(/127\.0\.0\.1|secret-path/);
  });
});

describe('the deadline of an attempt', () => {
  const late = { code: 'SOURCE_TIMEOUT', message: 'london did not answer in time.', retryable: true };

  it('ends it when no answer begins, and closes the socket', async () => {
    const server = await holdRequests();
    const sent = openTransport(server.origin, { deadlineMs: 60 }).send(read('/'));
    await expect(sent).rejects.toMatchObject(late);
    const request = await server.arrival(0);
    await expect.poll(() => request.isClosed, { timeout: 5_000 }).toBe(true);
  });

  it('ends it when the answer begins and stalls', async () => {
    const server = await serve((_request, response) => void response.writeHead(200).write('{"id":'));
    await expect(openTransport(server.origin, { deadlineMs: 60 }).send(read('/'))).rejects.toMatchObject(late);
  });

  it('ends it when the answer never stops trickling in', async () => {
    const server = await serve((_request, response) => {
      const drops = setInterval(() => response.write(' '), 5);
      response.once('close', () => clearInterval(drops));
    });
    await expect(openTransport(server.origin, { deadlineMs: 60 }).send(read('/'))).rejects.toMatchObject(late);
  });

  it('counts the wait for a free socket', async () => {
    const server = await holdRequests();
    const transport = openTransport(server.origin, { poolSize: 1 });
    const first = transport.send(read('/first'));
    const request = await server.arrival(0);
    await expect(transport.send(read('/second', { deadlineMs: 60 }))).rejects.toMatchObject(late);
    request.answer({});
    await expect(first).resolves.toMatchObject({ status: 200 });
    expect(server.count).toBe(1);
  });

  it('may be longer for a single call', async () => {
    const server = await serve((_request, response) => void setTimeout(() => response.end('{}'), 120));
    const transport = openTransport(server.origin, { deadlineMs: 30 });
    await expect(transport.send(read('/', { deadlineMs: 5_000 }))).resolves.toMatchObject({ status: 200 });
    await expect(transport.send(read('/'))).rejects.toMatchObject(late);
  });
});

describe('a caller who goes away', () => {
  const canceled = { code: 'CANCELED', retryable: false };

  it('ends the request at the source too', async () => {
    const server = await holdRequests();
    const caller = new AbortController();
    const sent = openTransport(server.origin).send(read('/'), caller.signal);
    const request = await server.arrival(0);
    caller.abort();
    await expect(sent).rejects.toMatchObject(canceled);
    await expect.poll(() => request.isClosed, { timeout: 5_000 }).toBe(true);
  });

  it('ends it also while the answer is being read', async () => {
    const server = await holdRequests();
    const caller = new AbortController();
    const sent = openTransport(server.origin).send(read('/'), caller.signal);
    const request = await server.arrival(0);
    await new Promise((resolve) => request.response.writeHead(200).write('{"id":', resolve));
    caller.abort();
    await expect(sent).rejects.toMatchObject(canceled);
    await expect.poll(() => request.isClosed, { timeout: 5_000 }).toBe(true);
  });

  it('sends nothing when it has gone before', async () => {
    const server = await holdRequests();
    const transport = openTransport(server.origin);
    await expect(transport.send(read('/'), AbortSignal.abort())).rejects.toMatchObject(canceled);
    await expect(transport.send(write('/'), AbortSignal.abort())).rejects.toMatchObject(canceled);
    expect(server.count).toBe(0);
  });

  it('leaves other requests alone', async () => {
    const server = await holdRequests();
    const transport = openTransport(server.origin);
    const caller = new AbortController();
    const [left, stays] = [transport.send(read('/1'), caller.signal), transport.send(read('/2'))];
    await server.arrival(1);
    caller.abort();
    await expect(left).rejects.toMatchObject(canceled);
    for (const request of server.held) if (request.path === '/2') request.answer({ ok: true });
    await expect(stays).resolves.toMatchObject({ body: { ok: true } });
  });
});

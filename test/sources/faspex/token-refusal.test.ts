import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { createSecret } from '../../../src/config/secret.ts';
import { SourceError } from '../../../src/transport/source-error.ts';
import { type Answer, keys, openFor, openSource, startServer } from './fixture.ts';
import { startTokenServer, tokenCalls } from './token-server.ts';

/** What the client is told when the token endpoint answers like this. */
async function refusal(answer: Answer, settings: Record<string, unknown> = {}): Promise<SourceError> {
  await using server = await startTokenServer({ token: () => answer });
  await using source = openSource(server.url, settings);
  const error: unknown = await openFor(source)
    .package('43')
    .catch((reason: unknown) => reason);
  if (!(error instanceof SourceError)) throw new Error('No error came.');
  return error;
}

const said = (status: number, code: string, message = 'text'): Answer => ({
  status,
  json: { status: 'x', code, message, trace: '11111111-2222-4333-8444-555555555555' },
});

describe('a refusal to give a token', () => {
  it.each([
    [403, '2015', /clientId does not name the API client/],
    [403, '2016', /may not act for this user/],
    [403, '2017', /does not belong to the public key/],
    [403, '2018', /JWT grant is not enabled/],
    [401, '2001', /check clientId, and that this user exists/],
    [400, '1003', /check clientId and tokenPath/],
    [400, '2026', /check clientSecret/],
    [403, '9999', /check clientId, the key pair, the user, and that both clocks agree/],
  ])('says what to check (%i %s)', async (status, code, message) => {
    const error = await refusal(said(status, code, 'vendor words'));
    expect(error).toMatchObject({ code: 'SOURCE_UNAUTHENTICATED', vendorCode: code, retryable: false });
    expect(error.message).toMatch(message);
    expect(error.message).toMatch(/: vendor words$/);
  });

  it('shows both clocks when the times are refused', async () => {
    const date = 'Sat, 10 Jan 2026 09:00:00 GMT';
    const error = await refusal({ ...said(400, '2019', 'Signature has expired'), headers: { date } });
    expect(error.message).toMatch(/compare the clocks \(here it is \d{4}-.*Z, there 2026-01-10T09:00:00.000Z\)/);
    expect(error.message).toContain('clockSkewMs');
  });

  it('names the set-up as a likely cause of an internal error, and is not worth a retry', async () => {
    const error = await refusal(said(500, '1000'));
    expect(error).toMatchObject({ code: 'SOURCE_UNAVAILABLE', retryable: false });
    expect(error.message).toMatch(/wrong clientId or key/);
  });

  it.each([
    [404, { status: 404, text: '<html>nothing here</html>' }],
    [405, said(405, '0')],
    [302, { status: 302, headers: { location: 'https://elsewhere.example.com/' } }],
  ])('says that the address is wrong (%i)', async (_, answer) => {
    const error = await refusal(answer);
    expect(error.code).toBe('SOURCE_BAD_ANSWER');
    expect(error.message).toMatch(/check url and tokenPath/);
  });

  it.each([
    ['has no token', { status: 201, json: { token_type: 'bearer' } }],
    ['is HTML', { status: 200, text: '<html>welcome</html>' }],
    ['is a list', { status: 200, json: [] }],
    ['is empty', { status: 204 }],
  ])('is a bad answer when the body %s', async (_, answer) => {
    expect(await refusal(answer)).toMatchObject({ code: 'SOURCE_BAD_ANSWER' });
  });

  it('is not asked for again at once, so that no account is locked', async () => {
    let now = Date.now();
    await using server = await startTokenServer({ token: () => said(401, '2001') });
    await using source = openSource(server.url, {}, () => now);
    for (let n = 0; n < 3; n += 1)
      await openFor(source)
        .package('43')
        .catch(() => undefined);
    expect(tokenCalls(server)).toBe(1);
    now += 10_000;
    await openFor(source)
      .package('43')
      .catch(() => undefined);
    expect(tokenCalls(server)).toBe(2);
  });

  it('holds no secret, even where the server repeats what it was sent', async () => {
    const accessToken = `eyJhbGciOiJSUzI1NiJ9.${'a'.repeat(80)}.${'b'.repeat(80)}`;
    const secret = 'cl1ent-s3cret-of-the-gateway';
    const shown: string[] = [];
    for (const status of [400, 401, 403, 404, 500]) {
      await using server = await startServer((request) => {
        const form = new URLSearchParams(request.text);
        const echo = `assertion ${form.get('assertion')} with ${request.headers.authorization} and ${keys.privateKey}`;
        return { status, json: { code: '2019', message: echo } };
      });
      await using source = openSource(server.url, { clientSecret: createSecret(secret) });
      const error: unknown = await openFor(source)
        .package('43')
        .catch((reason: unknown) => reason);
      shown.push(inspect(error, { depth: 10 }), inspect(source.faspex, { depth: 10 }));
    }
    shown.push(inspect(await refusal({ json: { access_token: [accessToken] } }), { depth: 10 }));
    shown.push(inspect(await refusal({ text: `{"access_token":"${accessToken}"}{}` }), { depth: 10 }));
    await using server = await startTokenServer({
      token: () => ({ json: { access_token: accessToken } }),
      other: (credential) => ({ status: 401, json: { code: '2005', message: `Bad ${credential}` } }),
    });
    await using source = openSource(server.url);
    shown.push(
      inspect(
        await openFor(source)
          .package('43')
          .catch((reason: unknown) => reason),
        { depth: 10 },
      ),
    );
    const everything = shown.join('\n');
    expect(everything).toContain('gave no token');
    const basic = Buffer.from(`client-1:${secret}`).toString('base64');
    for (const hidden of [secret, basic, accessToken, 'PRIVATE KEY', 'eyJ']) expect(everything).not.toContain(hidden);
    expect(everything).not.toContain(keys.privateKey.split('\n')[3]);
  });
});

import { generateKeyPairSync } from 'node:crypto';
import { decodeJwt, decodeProtectedHeader, SignJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  AVA,
  claimsFor,
  formFor,
  JONAS,
  JWT_GRANT,
  type Running,
  requestToken,
  signAssertion,
  startFaspex,
  TOMAS,
} from './start-faspex.ts';

let running: Running;

beforeAll(async () => {
  running = await startFaspex();
});
afterAll(() => running.stop());

const newKey = () =>
  generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });

const ask = async (claims: Record<string, unknown>) =>
  requestToken(running.faspex, await formFor(running.faspex, claims));
const account = (authorization: string | undefined) =>
  fetch(`${running.faspex.url}/api/v5/account`, authorization === undefined ? {} : { headers: { authorization } });

describe('POST /auth/token', () => {
  it('answers 201 with a token of twelve hours whose subject is the numeric user id', async () => {
    const { status, json } = await ask(claimsFor(running.faspex, `user:${AVA}@example.com`));
    expect(status).toBe(201);
    expect(json).toMatchObject({ token_type: 'bearer', expiration_date: expect.stringMatching(/Z$/) });
    const payload = decodeJwt(String(json.access_token));
    expect(decodeProtectedHeader(String(json.access_token)).alg).toBe('RS256');
    expect(payload).toMatchObject({ sub: 'user:1', aud: running.faspex.clientId, email: `${AVA}@example.com` });
    expect((payload.exp ?? 0) - (payload.iat ?? 0)).toBe(12 * 3600);
    expect(Date.parse(String(json.expiration_date))).toBe((payload.exp ?? 0) * 1000);
  });

  it('takes a JSON body and a user name as well', async () => {
    const form = await formFor(running.faspex, claimsFor(running.faspex, `user:${AVA}`));
    const headers = { 'content-type': 'application/json' };
    const body = JSON.stringify(form);
    const response = await fetch(`${running.faspex.url}/auth/token`, { method: 'POST', headers, body });
    expect(response.status).toBe(201);
  });

  it('accepts a clock that is four minutes fast and refuses one that is two hours off either way', async () => {
    expect((await ask(claimsFor(running.faspex, `user:${AVA}`, 240))).status).toBe(201);
    for (const seconds of [-7200, 7200]) {
      const { status, json } = await ask(claimsFor(running.faspex, `user:${AVA}`, seconds));
      expect([status, json.code]).toEqual([400, '2019']);
    }
  });

  it.each([
    ['no expiry', { exp: undefined }],
    ['an expiry that is no number', { exp: 'soon' }],
    ['no jti', { jti: undefined }],
    ['a wrong audience', { aud: 'https://faspex.example.com' }],
  ])('refuses an assertion with %s as 400/2019', async (_case, change) => {
    const { status, json } = await ask({ ...claimsFor(running.faspex, `user:${AVA}`), ...change });
    expect([status, json.code]).toEqual([400, '2019']);
    expect(json).toMatchObject({ status: 'Bad Request', trace: expect.stringMatching(/^[0-9a-f-]{36}$/) });
  });

  it.each([
    ['nobody', 'user:nobody'],
    ['an account that is switched off', 'user:former.colleague'],
    ['a subject without a kind', AVA],
  ])('does not let a client act as %s', async (_case, subject) => {
    const { status, json } = await ask(claimsFor(running.faspex, subject));
    expect([status, json.code]).toEqual([403, '2016']);
  });

  it('refuses a signature by any other key, and one that is none', async () => {
    const { faspex } = running;
    const claims = claimsFor(faspex, `user:${AVA}`);
    const stolen = await signAssertion(claims, newKey().privateKey);
    const hmac = await new SignJWT(claims).setProtectedHeader({ alg: 'HS256' }).sign(new Uint8Array(32));
    for (const assertion of [stolen, hmac]) {
      const form = { client_id: faspex.clientId, grant_type: JWT_GRANT, assertion };
      const { status, json } = await requestToken(faspex, form);
      expect([status, json.code]).toEqual([403, '2017']);
    }
  });

  it('takes the key that a user has put into their preferences, for that user alone', async () => {
    const { faspex } = running;
    const { publicKey, privateKey } = newKey();
    const jonas = await running.signIn(JONAS);
    expect((await jonas.call('PUT', '/account/preferences', { public_key: 'ssh-rsa AAAA' })).status).toBe(400);
    expect((await jonas.call('PUT', '/account/preferences', { public_key: publicKey })).status).toBe(200);
    const as = async (subject: string) => {
      const assertion = await signAssertion(claimsFor(faspex, subject), privateKey);
      return requestToken(faspex, { client_id: faspex.clientId, grant_type: JWT_GRANT, assertion });
    };
    expect((await as(`user:${JONAS}`)).status).toBe(201);
    expect((await as(`user:${AVA}`)).json.code).toBe('2017');
  });

  it('names what is missing or mistaken in the request', async () => {
    const { faspex } = running;
    const form = await formFor(faspex, claimsFor(faspex, `user:${AVA}`));
    const codes: Record<string, unknown>[] = [
      { ...form, assertion: '' },
      { ...form, grant_type: 'password' },
      { ...form, client_id: 'other' },
      { ...form, client_secret: 'wrong' },
      { ...form, assertion: 'no.jwt' },
    ];
    const answers = await Promise.all(codes.map((fields) => requestToken(faspex, fields as Record<string, string>)));
    expect(answers.map(({ status, json }) => `${status}/${json.code}`)).toEqual([
      '400/1003',
      '400/1003',
      '403/2015',
      '400/2026',
      '400/2019',
    ]);
  });

  it('accepts the right secret by Basic and refuses a wrong one with 401/2001', async () => {
    const { faspex } = running;
    const form = await formFor(faspex, claimsFor(faspex, `user:${AVA}`));
    const post = (secret: string) =>
      fetch(`${faspex.url}/auth/token`, {
        method: 'POST',
        headers: { authorization: `Basic ${Buffer.from(`${faspex.clientId}:${secret}`).toString('base64')}` },
        body: new URLSearchParams(form),
      });
    expect((await post(faspex.clientSecret)).status).toBe(201);
    const refused = await post('wrong');
    expect([refused.status, await refused.json()]).toMatchObject([401, { code: '2001' }]);
  });
});

describe('an access token', () => {
  it('is accepted with and without the word Bearer', async () => {
    const { token } = await running.signIn(TOMAS);
    for (const header of [`Bearer ${token}`, token]) {
      const response = await account(header);
      expect(await response.json()).toMatchObject({ name: TOMAS, role: 'user', manages_workgroups: false });
    }
  });

  it('is refused with 2002 when missing, 2001 when unknown and 2005 when expired', async () => {
    expect(await (await account(undefined)).json()).toMatchObject({ status: 'Unauthorized', code: '2002' });
    expect(await (await account('Bearer made-up')).json()).toMatchObject({ code: '2001' });
    const { token } = await running.signIn(TOMAS);
    await running.faspex.switches.expireTokens?.({});
    const expired = await account(`Bearer ${token}`);
    expect([expired.status, await expired.json()]).toMatchObject([401, { code: '2005' }]);
  });

  it('is good for nothing after it was revoked', async () => {
    const { token } = await running.signIn(TOMAS);
    const headers = { authorization: `Bearer ${token}` };
    const revoke = () => fetch(`${running.faspex.url}/auth/token`, { method: 'DELETE', headers });
    expect((await revoke()).status).toBe(204);
    expect((await account(`Bearer ${token}`)).status).toBe(401);
    expect((await revoke()).status).toBe(401);
  });

  it('of a client itself reads the version but is no user', async () => {
    const { faspex } = running;
    const { json } = await ask(claimsFor(faspex, `client:${faspex.clientId}`));
    const headers = { authorization: `Bearer ${json.access_token}` };
    expect(decodeJwt(String(json.access_token)).sub).toBe(`client:${faspex.clientId}`);
    const version = await fetch(`${faspex.url}/api/v5/version`, { headers });
    expect(await version.json()).toEqual({ version: '5.0.13' });
    const refused = await account(`Bearer ${json.access_token}`);
    expect([refused.status, await refused.json()]).toMatchObject([403, { code: '2014' }]);
  });
});

import { generateKeyPairSync } from 'node:crypto';
import { expect, it, onTestFinished } from 'vitest';
import { type Json, objectAt } from '../openapi/json.ts';
import { claimsOf, recordedClaims, signAssertion } from './assertion.ts';
import { names } from './cast.ts';
import { askForToken, type FaspexWorld, tokenForm } from './faspex-world.ts';

const HOUR_MS = 3_600_000;

/** The JWT bearer grant and the token that it gives (aspera-apps-api.md §2.1, part F). */
export function judgeTokens(world: () => FaspexWorld): void {
  const claims = (changes: Json = {}, nowMs?: number): Json => ({
    ...recordedClaims(world().faspex.clientId, names.self, nowMs),
    ...changes,
  });
  const ask = (payload: Json, key = world().faspex.clientPrivateKey) =>
    askForToken(world().anyone, world().faspex.clientId, signAssertion(payload, key));
  const refusal = async (payload: Json, key?: string) => {
    const { status, json } = await ask(payload, key);
    return `${status} ${objectAt(json).code}`;
  };

  it('gives a bearer token for the recorded assertion', async () => {
    const { status, json } = await ask(claims());
    expect(status).toBe(201);
    expect(json).toMatchObject({ token_type: 'bearer', access_token: expect.any(String) });
    expect(json).not.toHaveProperty('refresh_token');
    expect(Date.parse(String(objectAt(json).expiration_date))).toBeGreaterThan(Date.now());
  });

  it('gives a token that is a JWT of twelve hours with the numeric id of the user', async () => {
    const { json } = await ask(claims());
    const payload = claimsOf(String(objectAt(json).access_token));
    expect(Number(payload.exp) - Number(payload.iat)).toBe(43_200);
    expect(payload).toMatchObject({
      sub: 'user:1',
      aud: world().faspex.clientId,
      scope: '',
      email: expect.any(String),
    });
  });

  it('takes the e-mail address as subject, the secret in either place, and JSON', async () => {
    const { faspex, anyone } = world();
    const assertion = signAssertion(claims({ sub: `user:${names.self}@example.com` }), faspex.clientPrivateKey);
    const form = tokenForm(faspex.clientId, assertion);
    const basic = `Basic ${Buffer.from(`${faspex.clientId}:${faspex.clientSecret}`).toString('base64')}`;
    const formType = { 'content-type': 'application/x-www-form-urlencoded' };
    expect((await anyone('POST', '/auth/token', form, formType)).status).toBe(201);
    expect((await anyone('POST', '/auth/token', form, { ...formType, authorization: basic })).status).toBe(201);
    const withSecret = `${form}&client_secret=${faspex.clientSecret}`;
    expect((await anyone('POST', '/auth/token', withSecret, formType)).status).toBe(201);
    expect((await anyone('POST', '/auth/token', Object.fromEntries(new URLSearchParams(form)))).status).toBe(201);
    const wrong = await anyone('POST', '/auth/token', `${form}&client_secret=wrong`, formType);
    expect([wrong.status, objectAt(wrong.json).code]).toEqual([400, '2026']);
  });

  it('bears a clock that is four minutes fast, and none that is two hours off', async () => {
    expect((await ask(claims({}, Date.now() + 240_000))).status).toBe(201);
    expect(await refusal(claims({}, Date.now() + 2 * HOUR_MS))).toBe('400 2019');
    expect(await refusal(claims({}, Date.now() - 2 * HOUR_MS))).toBe('400 2019');
  });

  it('refuses claims, keys and subjects that are not right, each with its own code', async () => {
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    expect(await refusal(claims({ aud: 'https://faspex.example.com' }))).toBe('400 2019');
    expect(await refusal(claims({ iss: 'another-client' }))).toBe('403 2015');
    expect(await refusal(claims({ sub: 'user:nobody' }))).toBe('403 2016');
    expect(await refusal(claims(), privateKey.export({ type: 'pkcs8', format: 'pem' }).toString())).toBe('403 2017');
    const { faspex, anyone } = world();
    await faspex.switches.setJwtGrant?.({ allowed: false });
    expect(await refusal(claims())).toBe('403 2018');
    await faspex.switches.setJwtGrant?.({ allowed: true });
    const missing = await anyone('POST', '/auth/token', { client_id: faspex.clientId });
    expect([missing.status, objectAt(missing.json).code]).toEqual([400, '1003']);
  });

  it('takes the token without the word Bearer, and forgets it on demand', async () => {
    const { as, anyone } = world();
    const token = String(objectAt((await ask(claims())).json).access_token);
    expect((await as(token)('GET', '/api/v5/account')).status).toBe(200);
    expect((await as(`Bearer ${token}`)('DELETE', '/auth/token')).status).toBe(204);
    for (const [call, code] of [
      [as(`Bearer ${token}`), '2001'],
      [anyone, '2002'],
    ] as const) {
      const { status, json } = await call('GET', '/api/v5/account');
      expect([status, objectAt(json).code]).toEqual([401, code]);
    }
  });

  it('gives a client its own token, which no user’s call takes', async () => {
    const { json } = await ask(claims({ sub: `client:${world().faspex.clientId}` }));
    const token = String(objectAt(json).access_token);
    expect(claimsOf(token).sub).toBe(`client:${world().faspex.clientId}`);
    const call = world().as(`Bearer ${token}`);
    expect((await call('GET', '/api/v5/version')).status).toBe(200);
    const { status, json: refused } = await call('GET', '/api/v5/account');
    expect([status, objectAt(refused).code]).toEqual([403, '2014']);
  });

  it('answers 429 above the rate that an administrator has set', async () => {
    const { faspex, anyone } = world();
    await faspex.switches.setThrottle?.({ requestsPerSecond: 1 });
    onTestFinished(async () => {
      await faspex.switches.setThrottle?.({ requestsPerSecond: 0 });
    });
    await anyone('GET', '/health');
    const { status, json } = await anyone('GET', '/health');
    expect([status, objectAt(json).code]).toEqual([429, '1001']);
  });
}

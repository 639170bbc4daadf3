import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Api, claimsFor, formFor, type Running, requestToken, startFaspex, TOMAS } from './start-faspex.ts';

let running: Running;
let tomas: Api;

beforeAll(async () => {
  running = await startFaspex();
});
beforeEach(async () => {
  tomas = await running.signIn(TOMAS);
});
afterAll(() => running.stop());

const flip = (name: string, parameters: object = {}) =>
  fetch(`${running.faspex.controlUrl}/switches/${name}`, { method: 'POST', body: JSON.stringify(parameters) });
const tokenAnswer = async () => {
  const { faspex } = running;
  return requestToken(faspex, await formFor(faspex, claimsFor(faspex, `user:${TOMAS}`)));
};

describe('the control port', () => {
  it('lists its switches', async () => {
    const response = await fetch(`${running.faspex.controlUrl}/switches`);
    expect(await response.json()).toContain('expireTokens');
  });

  it('drops connections at a restart and keeps packages, tokens and port', async () => {
    const { url } = running.faspex;
    const id = await tomas.send(TOMAS);
    expect((await flip('restart')).status).toBe(204);
    expect(running.faspex.url).toBe(url);
    expect((await tomas.get(`/packages/${id}`)).json).toMatchObject({ id });
  });

  it('makes every token expire', async () => {
    await flip('expireTokens');
    const { status, json } = await tomas.get('/account');
    expect([status, json.code]).toEqual([401, '2005']);
  });

  it('sets how long tokens live, and moves the clock past it', async () => {
    await flip('setAccessTokenHours', { hours: 1 });
    const short = await running.signIn(TOMAS);
    await flip('advanceClock', { milliseconds: 3_599_000 });
    expect((await short.get('/account')).status).toBe(200);
    await flip('advanceClock', { milliseconds: 1_001 });
    expect((await short.get('/account')).json.code).toBe('2005');
    expect((await flip('advanceClock', { milliseconds: 'long' })).status).toBe(400);
  });

  it('limits the requests of a second', async () => {
    await flip('setThrottle', { requestsPerSecond: 3 });
    const answers = await Promise.all(Array.from({ length: 10 }, () => tomas.get('/account')));
    const refused = answers.filter(({ status }) => status === 429);
    expect(refused.length).toBeGreaterThanOrEqual(4);
    expect(refused[0]?.json).toMatchObject({ status: 'Too Many Requests', code: '1001' });
    await flip('setThrottle', { requestsPerSecond: 0 });
    expect((await tomas.get('/account')).status).toBe(200);
  });

  it('gives the API client another key, and takes the JWT grant from it', async () => {
    const old = await formFor(running.faspex, claimsFor(running.faspex, `user:${TOMAS}`));
    const { clientPrivateKey } = (await (await flip('rotateKey')).json()) as { clientPrivateKey: string };
    expect(clientPrivateKey).toBe(running.faspex.clientPrivateKey);
    expect((await requestToken(running.faspex, old)).json.code).toBe('2017');
    expect((await tokenAnswer()).status).toBe(201);
    await flip('setJwtGrant', { allowed: false });
    expect((await tokenAnswer()).json.code).toBe('2018');
    await flip('setJwtGrant', { allowed: true });
    expect((await tokenAnswer()).status).toBe(201);
  });

  it('refuses to fail the processing of what is processed or unknown', async () => {
    const { json } = await tomas.get('/outbox/packages?status=completed');
    const [{ id }] = json.packages as [{ id: string }];
    expect((await flip('failProcessing', { packageId: id })).status).toBe(400);
    expect((await flip('failProcessing', { packageId: 'none' })).status).toBe(400);
  });

  it('makes requests fail in the words of Faspex', async () => {
    running.faspex.faults.add({ kind: 'status', status: 500, path: '/account', times: 1 });
    expect((await tomas.get('/account')).json).toMatchObject({ status: 'Internal Server Error', code: '1000' });
    expect((await tomas.get('/account')).status).toBe(200);
  });
});

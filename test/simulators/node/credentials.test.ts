import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { mintBearerToken } from '../../../simulators/node/tokens/bearer-token.ts';
import { basicOf, startNode } from './start-nodes.ts';

const HOUR_MS = 3_600_000;

describe('a node checks who calls', () => {
  it('answers /ping with an empty 200 to anybody, and closes the connection as real nodes do', async () => {
    const { node } = await startNode();
    const answer = await fetch(`${node.url}/ping`);
    expect(answer.status).toBe(200);
    expect(answer.headers.get('connection')).toBe('close');
    expect(await answer.text()).toBe('');
  });

  it('describes itself to a node user, an access key and a bearer token', async () => {
    const london = await startNode();
    const info = await london.json('GET', '/info');
    expect(info).toMatchObject({
      application: 'node',
      transfer_user: 'xfer',
      docroot: `file:///${london.node.docroot}`,
      current_time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
    });
    expect(info.capabilities).toContainEqual({ name: 'aej_version', value: '1.0' });
    expect(info.settings).toContainEqual({ name: 'wss_enabled', value: false });
    for (const headers of [london.keyHeaders, london.bearer()]) {
      expect(await london.json('GET', '/info', undefined, headers)).toMatchObject({ node_id: info.node_id });
    }
  });

  it('refuses wrong names, wrong secrets and unknown schemes with 401 and the error object', async () => {
    const { call, node } = await startNode();
    const wrong = [
      basicOf(node.username, 'wrong'),
      basicOf('nobody', node.password),
      basicOf(node.accessKeyId, node.password),
      'Digest x',
      'Basic',
      '',
    ];
    for (const authorization of wrong) {
      const answer = await call('GET', '/info', undefined, { authorization });
      expect(answer.status).toBe(401);
      expect(await answer.json()).toMatchObject({ error: { code: 401, reason: 'Unauthorized' } });
    }
  });

  it('takes a bearer token only with its key, its scope, a valid signature and before it expires', async () => {
    const london = await startNode();
    const { node, call } = london;
    const status = async (headers: Record<string, string>) => (await call('GET', '/self', undefined, headers)).status;
    const good = london.bearer();
    expect(await status(good)).toBe(200);
    const { 'x-aspera-accesskey': _, ...withoutKey } = good;
    expect(await status(withoutKey as Record<string, string>)).toBe(401);
    expect(await status({ ...good, 'x-aspera-accesskey': 'another' })).toBe(401);
    expect(await status(london.bearer({ scope: 'node.another:user:all' }))).toBe(401);
    expect(await status(london.bearer({ scope: `node.${node.accessKeyId}:root:all` }))).toBe(401);
    expect(await status(london.bearer({ user_id: '' }))).toBe(401);
    expect(await status(london.bearer({ expires_at: 'soon' }))).toBe(401);
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const claims = { user_id: '1', scope: `node.${node.accessKeyId}:user:all`, expires_at: '2099-01-01T00:00:00Z' };
    const foreign = mintBearerToken(claims, privateKey);
    expect(await status({ ...good, authorization: `Bearer ${foreign}` })).toBe(401);
    expect(await status({ ...good, authorization: 'Bearer nonsense' })).toBe(401);
    node.clock.advance(2 * HOUR_MS);
    expect(await status(good)).toBe(401);
    expect(await status(london.bearer())).toBe(200);
  });

  it('keeps bearer tokens out of the calls that take Basic authorization only', async () => {
    const london = await startNode();
    const closed: [string, string, unknown][] = [
      ['POST', '/files/upload_setup', { transfer_requests: [{ transfer_request: { destination_root: '/' } }] }],
      ['POST', '/files/download_setup', { transfer_requests: [{ transfer_request: { source_root: '/' } }] }],
      ['POST', '/files/browse', { path: '/' }],
      ['GET', '/access_keys', undefined],
      ['GET', '/access_keys/self', undefined],
    ];
    for (const [method, path, body] of closed) {
      expect((await london.call(method, path, body, london.bearer())).status).toBe(403);
      expect((await london.call(method, path, body, london.keyHeaders)).status).toBe(200);
    }
    for (const path of ['/ops/transfers', '/events', '/usage', '/self', '/ops/transfers/bandwidth']) {
      expect((await london.call('GET', path, undefined, london.bearer())).status).toBe(200);
    }
  });
});

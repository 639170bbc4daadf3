import { describe, expect, test } from 'vitest';
import { createSecret } from '../../../src/config/secret.ts';
import { openSource, startOddNode, viewerSettings } from './odd-node.ts';

const wanted = { kind: 'BEARER', direction: 'RECEIVE', folderId: '17', paths: [{ source: 'a.mov' }] } as const;
const keyed = { accessKey: { id: 'ak1', secret: createSecret('key-secret-1') } };

/** A client in the name of ada, and what the node says of itself. */
async function openFor(info: object, settings: object = viewerSettings, now?: () => number) {
  const node = await startOddNode(() => ({ json: { application: 'node', ...info } }));
  const source = openSource(node.url, { ...settings }, now);
  return { node, client: source.open({ identity: source.identify({ subject: 'ada@example.com' }) }) };
}

describe('a spec that no server was asked for', () => {
  test('takes user and WebSocket of what the node says of itself, by one call', async () => {
    const settings = [
      { name: 'wss_enabled', value: true },
      { name: 'wss_port', value: 9443 },
    ];
    const { node, client } = await openFor({ transfer_user: 'faspex', settings });
    const { json } = await client.makeSpec(wanted);
    expect(json).toMatchObject({ remote_user: 'faspex', wss_enabled: true, wss_port: 9443 });
    expect(json).not.toHaveProperty('destination_root');
    expect(node.requests.map(({ method, url }) => `${method} ${url}`)).toEqual(['GET /info']);
  });

  test('has the usual user and no WebSocket where the node says nothing, or that there is none', async () => {
    const off = [
      { name: 'wss_enabled', value: false },
      { name: 'wss_port', value: 443 },
    ];
    for (const settings of [undefined, off, [{ name: 'wss_enabled', value: true }]]) {
      const { client } = await openFor({ settings });
      const { json } = await client.makeSpec(wanted);
      expect(json).toMatchObject({ remote_user: 'xfer', ssh_port: 33001, fasp_port: 33001 });
      expect(json).not.toHaveProperty('wss_enabled');
      expect(json).not.toHaveProperty('wss_port');
    }
  });

  test('has every wish of the caller, and nothing that is not wished for', async () => {
    const { client } = await openFor({});
    const { json } = await client.makeSpec({
      ...{ ...wanted, direction: 'SEND', targetRateKbps: 9_000, ratePolicy: 'LOW' },
      ...{ cipher: 'aes-256', title: 'dailies', cookie: 'c', tags: { graphqlGateway: { viewer: 'v' } } },
    });
    expect(json).toEqual({
      ...{ direction: 'send', remote_host: '127.0.0.1', remote_user: 'xfer', ssh_port: 33001, fasp_port: 33001 },
      ...{ token: expect.stringMatching(/^Bearer /), paths: [{ source: 'a.mov' }], destination_root: '/' },
      ...{ cipher: 'aes-256', rate_policy: 'low', target_rate_kbps: 9_000, title: 'dailies', cookie: 'c' },
      tags: { graphqlGateway: { viewer: 'v' }, aspera: { node: { access_key: 'ak1', file_id: '17' } } },
    });
  });

  test('tells when its bearer token ends, to the second, and is a new one each time', async () => {
    let now = Date.parse('2026-11-23T00:00:00.700Z');
    const { client } = await openFor({}, viewerSettings, () => now);
    const first = await client.makeSpec({ ...wanted, tokenLifeSeconds: 90 });
    expect(first.expiresAt?.toISOString()).toBe('2026-11-23T00:01:30.000Z');
    const usual = await client.makeSpec(wanted);
    expect(usual.expiresAt?.toISOString()).toBe('2026-11-23T01:00:00.000Z');
    now += 1_000;
    expect((await client.makeSpec(wanted)).token).not.toBe(usual.token);
  });

  test('with a secret is made for the gateway itself, from the access key of the configuration', async () => {
    const node = await startOddNode(() => ({ json: { application: 'node' } }));
    const source = openSource(node.url, keyed);
    const client = source.open({ identity: source.identify(undefined) });
    const spec = await client.makeSpec({ ...wanted, kind: 'BASIC' });
    expect(spec).toMatchObject({ authorizationKind: 'BASIC', expiresAt: undefined });
    expect(spec.token).toBe(`Basic ${Buffer.from('ak1:key-secret-1').toString('base64')}`);
  });

  test.each([
    ['BEARER', 'service', {}, 'SOURCE_FORBIDDEN'],
    ['BASIC', 'service', {}, 'SOURCE_FORBIDDEN'],
    ['BASIC', 'viewer', { ...viewerSettings, ...keyed }, 'SOURCE_FORBIDDEN'],
    ['BASIC', 'service', { ...keyed, tokenLifeSeconds: 60 }, 'BAD_INPUT'],
  ] as const)('is refused where there is no such token: %s under actAs: %s', async (kind, _actAs, settings, code) => {
    const { tokenLifeSeconds, ...rest } = { tokenLifeSeconds: undefined, ...settings };
    const { node, client } = await openFor({}, rest);
    const request = { ...wanted, kind, tokenLifeSeconds };
    await expect(client.makeSpec(request)).rejects.toMatchObject({ code });
    expect(() => client.demandOwnToken(request)).toThrow(expect.objectContaining({ code }));
    expect(node.requests).toEqual([]);
  });
});

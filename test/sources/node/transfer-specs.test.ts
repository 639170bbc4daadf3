import { describe, expect, test } from 'vitest';
import { openClient, openSource, startOddNode } from './odd-node.ts';

const spec = {
  direction: 'send',
  remote_host: 'london.example.com',
  remote_user: 'xfer',
  ssh_port: 33001,
  fasp_port: 33001,
  token: 'ATB3_ACsecret_3BTA',
  destination_root: '/in',
  paths: [{ source: 'a.mov' }],
  tags: null,
  sshfp: null,
};
const answer = (transfer_spec: unknown) => ({ json: { transfer_specs: [{ transfer_spec }] } });

describe('asking a node for a transfer spec', () => {
  test.each([
    ['authorizeUpload', '/files/upload_setup'],
    ['authorizeDownload', '/files/download_setup'],
  ] as const)('%s asks once at %s', async (name, url) => {
    const node = await startOddNode(() => answer(spec));
    const made = await openClient(node.url)[name]({ paths: [{ source: '/a' }] });
    expect(node.requests).toMatchObject([{ method: 'POST', url }]);
    expect(node.requests[0]?.json).toEqual({
      transfer_requests: [{ transfer_request: { paths: [{ source: '/a' }] } }],
    });
    expect(made).toMatchObject({
      remoteHost: 'london.example.com',
      token: spec.token,
      authorizationKind: 'TRANSFER_TOKEN',
    });
    expect(made.json).not.toHaveProperty('sshfp');
  });

  test.each([
    ['PUSH', 'sync_upload'],
    ['PULL', 'sync_download'],
    ['BOTH', 'sync'],
  ] as const)('a synchronization says which way it goes: %s is %s', async (direction, type) => {
    const node = await startOddNode(() => answer(spec));
    await openClient(node.url).authorizeSync(direction, { paths: [{ source: '/a', destination: '/b' }] });
    expect(node.requests[0]).toMatchObject({
      url: '/files/sync_setup',
      json: { transfer_requests: [{ transfer_request: { type, paths: [{ source: '/a', destination: '/b' }] } }] },
    });
  });

  test('passes on every wish in the vendor’s words', async () => {
    const node = await startOddNode(() => answer(spec));
    const tags = { graphqlGateway: { viewer: 'v1' } };
    await openClient(node.url).authorizeUpload({
      paths: [{ source: 'a.mov', destination: 'b.mov' }],
      sourceRoot: '/out',
      destinationRoot: '/in',
      tokenLifeSeconds: 600,
      targetRateKbps: 10_000,
      targetRateCapKbps: 20_000,
      ratePolicy: 'HIGH',
      cipher: 'aes-256',
      contentProtection: { mode: 'ENCRYPT', password: 'sesame' },
      cookie: 'c1',
      tags,
      title: 'dailies',
    });
    const transfer_request = {
      paths: [{ source: 'a.mov', destination: 'b.mov' }],
      source_root: '/out',
      destination_root: '/in',
      token_life_seconds: 600,
      target_rate_kbps: 10_000,
      target_rate_cap_kbps: 20_000,
      rate_policy: 'high',
      cipher_allowed: 'aes-256',
      content_protection: 'encrypt',
      content_protection_password: 'sesame',
      cookie: 'c1',
      tags,
    };
    expect(node.requests[0]?.json).toEqual({ transfer_requests: [{ transfer_request }] });
  });

  test('puts into the spec what the node did not give back, and leaves what the node said', async () => {
    const node = await startOddNode(() =>
      answer({ ...spec, cookie: 'of the node', tags: { aspera: { node: { access_key: 'ak1' } } } }),
    );
    const made = await openClient(node.url).authorizeUpload({
      paths: [{}],
      destinationRoot: '/in',
      cookie: 'mine',
      title: 'dailies',
      contentProtection: { mode: 'DECRYPT', password: 'sesame' },
      tags: { aspera: { xfer_id: 'x-1', node: { access_key: 'other' } }, graphqlGateway: { viewer: 'v1' } },
    });
    expect(made.json).toMatchObject({
      title: 'dailies',
      content_protection: 'decrypt',
      content_protection_password: 'sesame',
      cookie: 'of the node',
      tags: { aspera: { xfer_id: 'x-1', node: { access_key: 'ak1' } }, graphqlGateway: { viewer: 'v1' } },
    });
  });

  test('knows when the token ends only where its life was chosen', async () => {
    const node = await startOddNode(() => answer(spec));
    const now = Date.parse('2026-11-23T00:00:00Z');
    const source = openSource(node.url, {}, () => now);
    const client = source.open({ identity: source.identify(undefined) });
    const chosen = await client.authorizeUpload({ paths: [{}], destinationRoot: '/in', tokenLifeSeconds: 90 });
    const left = await client.authorizeUpload({ paths: [{}], destinationRoot: '/in' });
    expect(chosen.expiresAt?.toISOString()).toBe('2026-11-23T00:01:30.000Z');
    expect(left.expiresAt).toBeUndefined();
  });

  test('gives a token of its own to each who asks, even for the same at the same time', async () => {
    const node = await startOddNode((_request, count) => answer({ ...spec, token: `ATB3_${count}_3BTA` }));
    const client = openClient(node.url);
    const request = { paths: [{ source: '/a' }] };
    const made = await Promise.all([client.authorizeDownload(request), client.authorizeDownload(request)]);
    expect(new Set(made.map(({ token }) => token)).size).toBe(2);
  });

  const refused = { code: 404, reason: 'Not Found', user_message: 'No such file or directory: /gone' };

  test.each([
    ['beside the spec', { error: refused, transfer_spec: {} }],
    ['beside no spec at all', { error: refused }],
    ['inside the spec', { transfer_spec: { error: refused } }],
  ])('fails with the node’s reason when that comes with status 200, %s', async (_name, item) => {
    const node = await startOddNode(() => ({ json: { transfer_specs: [item] } }));
    await expect(openClient(node.url).authorizeDownload({ paths: [{ source: '/gone' }] })).rejects.toMatchObject({
      code: 'NOT_FOUND',
      message: 'london does not have this: No such file or directory: /gone.',
    });
  });

  test.each([
    ['no specs', { transfer_specs: [] }],
    ['nothing of the kind', { ok: true }],
    ['a spec that goes nowhere', { transfer_specs: [{ transfer_spec: { ...spec, remote_host: null } }] }],
    ['a spec that is text', { transfer_specs: [{ transfer_spec: 'spec' }] }],
  ])('is a bad answer, not the caller’s mistake, when the node sends %s', async (_name, json) => {
    const node = await startOddNode(() => ({ json }));
    const asking = openClient(node.url).authorizeUpload({ paths: [{}], destinationRoot: '/in' });
    await expect(asking).rejects.toMatchObject({ code: 'SOURCE_BAD_ANSWER' });
  });
});

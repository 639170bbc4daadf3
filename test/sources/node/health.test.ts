import { describe, expect, test } from 'vitest';
import { openSource, startOddNode } from './odd-node.ts';

const now = Date.parse('2026-11-23T12:00:00Z');
const infoAt = (current_time: string) => ({ json: { version: '4.4.6.1646', node_id: 'n1', current_time } });

describe('the health of a node', () => {
  test('is told by one call', async () => {
    const node = await startOddNode(() => infoAt('2026-11-23T12:00:59Z'));
    const health = await openSource(node.url, {}, () => now).check();
    expect(health).toEqual({
      reachable: true,
      latencyMs: expect.any(Number),
      version: '4.4.6.1646',
      detail: undefined,
      credentialExpiresAt: undefined,
    });
    expect(node.requests.map(({ url }) => url)).toEqual(['/info']);
  });

  test.each([
    ['2026-11-23T12:01:30Z', '90 s ahead of'],
    ['2026-11-23T11:58:59Z', '61 s behind'],
  ])('mentions a clock that says %s', async (time, detail) => {
    const node = await startOddNode(() => infoAt(time));
    const health = await openSource(node.url, {}, () => now).check();
    expect(health.reachable).toBe(true);
    expect(health.detail).toContain(detail);
  });

  test.each([
    ['refuses the credential', { status: 401 }, 'credential'],
    ['is another server', { json: { status: 'ok' } }, 'not information about a node'],
    ['is only a proxy', { text: '<html>' }, 'not JSON'],
    ['sends an empty answer', {}, 'empty'],
    ['is out of order', { status: 503 }, 'cannot serve'],
  ])('says why when the node %s, without trying again', async (_name, answer, detail) => {
    const node = await startOddNode(() => answer);
    const health = await openSource(node.url, { retries: 3 }).check();
    expect(health).toMatchObject({ reachable: false, version: undefined });
    expect(health.detail).toContain(detail);
    expect(node.requests).toHaveLength(1);
  });

  test('does not throw when nobody listens or nobody waits', async () => {
    const source = openSource('http://127.0.0.1:1');
    expect(await source.check()).toMatchObject({ reachable: false });
    expect(await source.check(AbortSignal.abort())).toMatchObject({ reachable: false });
  });
});

describe('what a node says of itself', () => {
  test('is read whatever it leaves out', async () => {
    const settings = [
      { name: 'wss_enabled', value: true },
      { name: 'ssh_fingerprint', value: null },
    ];
    const node = await startOddNode(() => ({ json: { version: '4.4.6', docroot: '', acls: null, settings } }));
    const source = openSource(node.url);
    const loaders = source.createLoaders(source.open({ identity: source.identify(undefined) }));
    const [info, again] = await Promise.all([loaders.info.load('info'), loaders.info.load('info')]);
    expect(again).toBe(info);
    expect(info).toMatchObject({
      version: '4.4.6',
      docroot: undefined,
      acls: [],
      capabilities: [],
      settings: [
        { name: 'wss_enabled', value: 'true' },
        { name: 'ssh_fingerprint', value: undefined },
      ],
    });
    expect(node.requests).toHaveLength(1);
  });
});

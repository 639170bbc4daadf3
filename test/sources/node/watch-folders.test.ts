import { describe, expect, test } from 'vitest';
import type { NewWatchFolder } from '../../../src/sources/node/types.ts';
import { openClient, openSource, startOddNode, viewerSettings } from './odd-node.ts';

const stored = {
  id: 'w1',
  source: { path: '/out' },
  target: {
    path: '/in',
    location: {
      ...{ type: 'REMOTE', host: 'tokyo.example.com', port: 9092 },
      authentication: { type: 'NODE_BASIC', user: 'bob', pass: 'hunter2', keypath: '/root/.ssh/id' },
    },
  },
  cool_off: '30s',
  snapshot_creation_period: '500ms',
  watchd: { scan_period: '30m', identifier: 'root' },
  transport: { proxy: 'dnat://proxyuser:proxypass@10.0.0.1:9091' },
};

const wanted: NewWatchFolder = {
  ...{ direction: 'PUSH', sourcePath: '/out', targetPath: '/in', coolOffSeconds: 7 },
  remote: { host: 'tokyo.example.com', port: 9092, login: 'NODE_API', user: 'bob', password: 'hunter2' },
};

describe('a watch folder of a node', () => {
  test('is read in seconds and without its secrets, with the version in the header', async () => {
    const { url, requests } = await startOddNode(() => ({ json: stored }));
    const folder = await openClient(url).watchFolder('w 1');
    expect(folder).toMatchObject({
      ...{ watchFolderId: 'w 1', direction: 'PUSH', sourcePath: '/out', targetPath: '/in' },
      remote: { host: 'tokyo.example.com', port: 9092, user: 'bob', login: 'NODE_API' },
      ...{ coolOffSeconds: 30, snapshotPeriodSeconds: 0.5, scanPeriodSeconds: 1800 },
    });
    expect(JSON.stringify(folder)).not.toMatch(/hunter2|id_rsa|\.ssh|proxypass/);
    expect(folder.config).toMatchObject({ watchd: { identifier: 'root' } });
    expect(requests[0]).toMatchObject({ method: 'GET', url: '/v3/watchfolders/w%201' });
    expect(requests[0]?.headers['x-aspera-wf-version']).toBe('2017_10_23');
  });

  test('is read in the older form, too', async () => {
    const old = { id: 'w1', source_dir: '/a', target_dir: '/b', transport: { host: 'h', user: 'u', pass: 'hunter2' } };
    const { url } = await startOddNode(() => ({ json: old }));
    const folder = await openClient(url).watchFolder('w1');
    expect(folder).toMatchObject({
      direction: 'PUSH',
      sourcePath: '/a',
      targetPath: '/b',
      remote: { host: 'h', user: 'u' },
    });
    expect(JSON.stringify(folder)).not.toContain('hunter2');
  });

  test('is a pull where the source is elsewhere, and says no seconds where there are none', async () => {
    const { source, target } = stored;
    const json = { ...stored, source: target, target: source, watchd: { scan_period: 'infinite' } };
    const { url } = await startOddNode(() => ({ json }));
    expect(await openClient(url).watchFolder('w1')).toMatchObject({ direction: 'PULL', scanPeriodSeconds: undefined });
  });

  test('is created once, in the words of the node', async () => {
    const { url, requests } = await startOddNode(() => ({ json: { id: 'w9' } }));
    const created = await openClient(url).createWatchFolder(wanted);
    expect(created).toMatchObject({ watchFolderId: 'w9', coolOffSeconds: 7 });
    expect(JSON.stringify(created)).not.toContain('hunter2');
    expect(requests.map(({ json }) => json)).toEqual([
      {
        source: { path: '/out' },
        target: {
          path: '/in',
          location: {
            ...{ type: 'REMOTE', host: 'tokyo.example.com', port: 9092 },
            authentication: { type: 'NODE_BASIC', user: 'bob', pass: 'hunter2' },
          },
        },
        cool_off: '7s',
        watchd: { scan_period: '30m' },
      },
    ]);
  });

  test('is never created twice, whatever comes of it', async () => {
    const { url, requests } = await startOddNode(() => ({ status: 503 }));
    const failed = openClient(url, { retries: 3 }).createWatchFolder(wanted);
    await expect(failed).rejects.toMatchObject({ code: 'SOURCE_UNAVAILABLE' });
    expect(requests).toHaveLength(1);
  });

  test('is changed as a whole, with everything that nobody asked to change', async () => {
    const { url, requests } = await startOddNode(({ method }) => (method === 'GET' ? { json: stored } : {}));
    const changed = await openClient(url).changeWatchFolder('w1', { targetPath: '/new', coolOffSeconds: 1 });
    expect(changed).toMatchObject({ targetPath: '/new', coolOffSeconds: 1, sourcePath: '/out' });
    expect(requests.at(-1)).toMatchObject({ method: 'PUT', url: '/v3/watchfolders/w1' });
    expect(requests.at(-1)?.json).toEqual({ ...stored, cool_off: '1s', target: { ...stored.target, path: '/new' } });
  });

  test.each([undefined, '********'])(
    'is not changed into one that cannot log in, where the node tells the password as %j',
    async (pass) => {
      const { location } = stored.target;
      const target = {
        path: '/in',
        location: { ...location, authentication: { type: 'NODE_BASIC', user: 'bob', pass } },
      };
      const { url, requests } = await startOddNode(() => ({ json: { ...stored, target } }));
      const client = openClient(url);
      const refused = client.changeWatchFolder('w1', { coolOffSeconds: 1 });
      await expect(refused).rejects.toMatchObject({ code: 'BAD_INPUT', message: expect.stringContaining('password') });
      expect(requests.map(({ method }) => method)).toEqual(['GET']);
      await client.changeWatchFolder('w1', { remote: wanted.remote });
      expect(requests.at(-1)?.json).toMatchObject({ target: { location: { authentication: { pass: 'hunter2' } } } });
    },
  );

  test('is as healthy as the node says, in words that it may not have been told', async () => {
    const components = {
      watch: { state: 'HEALTHY', state_changed_at: '2026-01-02T03:04:05Z' },
      transport: { state: 'BROKEN', last_error: 'refused by 10.0.0.1:33001', last_error_at: '2026-01-02T03:04:06Z' },
      watchfolderd: { state: 'UNKNOWN' },
      odd: 'nothing',
    };
    const statistics = { files_succeeded: 3, files_disappeared_before_cool_off: '2', bytes_written: 10 };
    const { url } = await startOddNode(() => ({ json: { state: 'HEALTHY', statistics, components } }));
    const state = await openClient(url).watchFolderState('w1');
    expect(state).toMatchObject({
      health: 'HEALTHY',
      statistics: { filesSucceeded: 3, filesDisappeared: 2, bytesWritten: 10, filesFailed: undefined },
      components: [
        { name: 'watch', health: 'HEALTHY', changedAt: new Date('2026-01-02T03:04:05Z') },
        { name: 'transport', health: 'IMPAIRED', vendorState: 'BROKEN', lastError: 'refused by [address]' },
        { name: 'watchfolderd', health: 'UNKNOWN' },
      ],
    });
  });

  test('is nothing that a viewer’s own token is tried on', async () => {
    const { url, requests } = await startOddNode(() => ({ json: { ids: [] } }));
    const source = openSource(url, viewerSettings);
    const client = source.open({ identity: source.identify({ subject: 'ada' }) });
    await expect(client.watchFolderIds()).rejects.toMatchObject({ code: 'SOURCE_FORBIDDEN' });
    await expect(client.createWatchFolder(wanted)).rejects.toMatchObject({ code: 'SOURCE_FORBIDDEN' });
    expect(requests).toEqual([]);
  });

  test.each([{ json: {} }, { json: { ids: 'none' } }, { text: '' }])(
    'is no empty list when the answer is %j',
    async (answer) => {
      const { url } = await startOddNode(() => answer);
      await expect(openClient(url).watchFolderIds()).rejects.toMatchObject({ code: 'SOURCE_BAD_ANSWER' });
    },
  );
});

import { describe, expect, test } from 'vitest';
import type { NewSyncJob } from '../../../src/sources/node/types.ts';
import { openClient, openSource, startOddNode, viewerSettings } from './odd-node.ts';

const configuration = {
  name: 'pair',
  direction: 'bidi',
  mode: 'continuous',
  local: { path: '/here', pass: 'hunter2' },
  remote: {
    ...{ host: 'tokyo.example.com', user: 'xfer', path: '/there', pass: 'hunter2', token: 'ATB3_ACsecret_3BTA' },
    ...{ private_key_paths: ['/root/.ssh/id_rsa'], proxy: { host: 'p', pass: 'proxypass' } },
  },
};

const wanted: NewSyncJob = {
  ...{ name: 'pair', direction: 'PULL', mode: 'CONTINUOUS', localPath: '/here', createFolders: true },
  ...{ scanIntervalSeconds: 2 },
  remote: { host: 'h', port: 33001, user: 'xfer', path: '/there', token: 'ATB3_ACsecret_3BTA' },
};

describe('a sync of a node', () => {
  test('is read without its secrets', async () => {
    const { url } = await startOddNode(() => ({ json: { configuration } }));
    const job = await openClient(url).syncJob('s1');
    expect(job).toMatchObject({
      ...{ syncJobId: 's1', name: 'pair', direction: 'BOTH', mode: 'CONTINUOUS', localPath: '/here' },
      ...{ remotePath: '/there', remoteHost: 'tokyo.example.com', remoteUser: 'xfer' },
    });
    expect(JSON.stringify(job)).not.toMatch(/hunter2|secret|proxypass|id_rsa/);
  });

  test('has the defaults of the vendor where it says nothing', async () => {
    const { url } = await startOddNode(() => ({ json: { configuration: { name: 'pair' } } }));
    expect(await openClient(url).syncJob('s1')).toMatchObject({
      direction: 'PUSH',
      mode: 'ONE_TIME',
      remoteHost: undefined,
    });
  });

  test('is created once, in the words of the vendor', async () => {
    const { url, requests } = await startOddNode(() => ({ json: { id: 7 } }));
    const created = await openClient(url).createSyncJob(wanted);
    expect(created).toMatchObject({ syncJobId: '7', direction: 'PULL', localPath: '/here' });
    expect(JSON.stringify(created)).not.toContain('secret');
    expect(requests.map(({ method, url: path, json }) => ({ method, path, json }))).toEqual([
      {
        ...{ method: 'POST', path: '/asyncs' },
        json: {
          configuration: {
            ...{ name: 'pair', direction: 'pull', mode: 'continuous', local: { path: '/here' }, create_dir: true },
            remote: { host: 'h', port: 33001, user: 'xfer', path: '/there', token: 'ATB3_ACsecret_3BTA' },
            ...{ local_scan_interval_milliseconds: 2000, remote_scan_interval_milliseconds: 2000 },
          },
        },
      },
    ]);
  });

  test('is started and stopped by an empty body of text, and never twice', async () => {
    const { url, requests } = await startOddNode((_request, count) => ({ status: count < 3 ? 204 : 503 }));
    const client = openClient(url, { retries: 3 });
    await client.controlSyncJob('s 1', 'start');
    await client.controlSyncJob('s 1', 'stop');
    await expect(client.controlSyncJob('s 1', 'start')).rejects.toMatchObject({ code: 'SOURCE_UNAVAILABLE' });
    expect(requests.map(({ method, url: path }) => `${method} ${path}`)).toEqual([
      'POST /asyncs/s%201/start',
      'POST /asyncs/s%201/stop',
      'POST /asyncs/s%201/start',
    ]);
    expect(requests[0]).toMatchObject({ json: undefined, headers: { 'content-type': 'text/plain' } });
  });

  test.each([
    [{ state: 'running' }, 'RUNNING'],
    [{ status: 'Stopped' }, 'STOPPED'],
    [{ state: 'error', error_desc: 'boom' }, 'FAILED'],
    [{ state: 'pondering' }, 'UNKNOWN'],
    [{ anything: 'else' }, 'UNKNOWN'],
  ])('stands where %j says: %s, with all that the node says beside it', async (json, status) => {
    const { url } = await startOddNode(() => ({ json }));
    expect(await openClient(url).syncJobState('s1')).toMatchObject({ status, details: json });
  });

  test('survives the second answer that nodes put behind their JSON', async () => {
    const glued = '{"ids":["s1"]}HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n';
    const { url } = await startOddNode(() => ({ text: glued }));
    expect(await openClient(url).syncJobIds()).toEqual(['s1']);
  });

  test('tells no bad file in the place of a good one', async () => {
    const { url, requests } = await startOddNode(() => ({ json: { files: [{ path: 'a', size: 1 }, 'odd'] } }));
    const files = await openClient(url).syncJobFiles('s1', { skip: 2, count: 5 });
    expect(files).toMatchObject([{ path: 'a', sizeBytes: 1 }, { code: 'SOURCE_BAD_ANSWER' }]);
    expect(requests[0]?.url).toBe('/asyncs/s1/files?skip=2&count=5');
  });

  test('is among the statistics by its number', async () => {
    const { url, requests } = await startOddNode(({ method }) =>
      method === 'GET'
        ? { json: { sync_ids: [1, '2', 3] } }
        : {
            json: {
              sync_summaries: [{ snid: 1, name: 'a', local_dir: '/l', remote_dir: '/r' }, { name: 'no number' }],
            },
          },
    );
    const summaries = await openClient(url).syncSummaries(2);
    expect(summaries).toMatchObject([
      { snid: '1', name: 'a', localPath: '/l', remotePath: '/r' },
      { code: 'SOURCE_BAD_ANSWER' },
    ]);
    expect(requests[1]?.json).toEqual({ syncs: ['1', '2'] });
  });

  test('is nothing that a viewer’s own token is tried on', async () => {
    const { url, requests } = await startOddNode(() => ({ json: { ids: [] } }));
    const source = openSource(url, viewerSettings);
    const client = source.open({ identity: source.identify({ subject: 'ada' }) });
    await expect(client.syncJobIds()).rejects.toMatchObject({ code: 'SOURCE_FORBIDDEN' });
    await expect(client.createSyncJob(wanted)).rejects.toMatchObject({ code: 'SOURCE_FORBIDDEN' });
    expect(requests).toEqual([]);
  });

  test.each([{ json: {} }, { json: { ids: [{}] } }, { text: '' }, { text: '{"ids"HTTP/1.1 400 Bad Request\r\n\r\n' }])(
    'is no empty list when the answer is %j',
    async (answer) => {
      const { url } = await startOddNode(() => answer);
      await expect(openClient(url).syncJobIds()).rejects.toMatchObject({ code: 'SOURCE_BAD_ANSWER' });
    },
  );
});

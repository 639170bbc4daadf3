import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { startNode } from './start-nodes.ts';

describe('the setup calls', () => {
  it('answer one spec for each request in their order, and errors inside a 200', async () => {
    const london = await startNode();
    await writeFile(join(london.node.docroot, 'a'), 'a');
    const requests = [{ paths: [{ source: '/a' }] }, { paths: [{ source: '/missing' }] }, {}, { source_root: '/' }];
    const answer = await london.call('POST', '/files/download_setup', {
      transfer_requests: requests.map((transfer_request) => ({ transfer_request })),
    });
    expect(answer.status).toBe(200);
    expect(await answer.json()).toMatchObject({
      transfer_specs: [
        { transfer_spec: { direction: 'receive', paths: [{ source: '/a' }] } },
        { transfer_spec: { error: { code: 404, reason: 'Not Found', user_message: 'No such file or directory' } } },
        { transfer_spec: { error: { code: 400 } } },
        { transfer_spec: { direction: 'receive', source_root: '/' } },
      ],
    });
  });

  it('refuse a body without requests', async () => {
    const london = await startNode();
    for (const body of [undefined, {}, { transfer_requests: [] }, { transfer_requests: [{}] }]) {
      expect((await london.call('POST', '/files/upload_setup', body)).status).toBe(400);
    }
  });

  it('give a whole spec, with null members as real servers have them', async () => {
    const london = await startNode();
    expect(await london.setup('upload', { paths: [{}], destination_root: '/up/' })).toEqual({
      paths: [{}],
      source_root: '',
      destination_root: '/up',
      token: expect.stringMatching(/^ATB3_AC[\w-]+_3BTA$/),
      direction: 'send',
      cipher: 'aes-128',
      tags: null,
      sshfp: null,
      rate_policy_allowed: 'fixed',
      rate_policy: 'fair',
      target_rate_kbps: 1_000_000,
      min_rate_kbps: 0,
      remote_host: '127.0.0.1',
      remote_user: 'xfer',
      ssh_port: london.node.sshPort,
      fasp_port: 33001,
      http_fallback: false,
    });
  });

  it('repeat cookie, tags and rates of the request', async () => {
    const london = await startNode();
    const echoed = { cookie: 'c', tags: { aspera: { xfer_id: '1' } }, rate_policy: 'low', target_rate_cap_kbps: 9 };
    const spec = await london.setup('upload', { destination_root: '/', target_rate_kbps: 8, ...echoed });
    expect(spec).toMatchObject({ ...echoed, target_rate_kbps: 8 });
  });

  it('make the one folder of an upload the root of its spec, and keep pairs as they are', async () => {
    const london = await startNode();
    expect(await london.setup('upload', { paths: [{ destination: '/up' }] })).toMatchObject({
      destination_root: '/up',
      paths: [{}],
    });
    const pairs = [{ source: '/local/a', destination: '/up/b' }];
    expect(await london.setup('upload', { paths: pairs })).toMatchObject({ destination_root: '/', paths: pairs });
    expect(await london.setup('upload', { paths: [{}] })).toHaveProperty('error');
  });

  it('authorize a sync in its direction under both names of the call', async () => {
    const london = await startNode();
    await mkdir(join(london.node.docroot, 'mirror'));
    const request = { type: 'sync_download', paths: [{ source: '/mirror' }] };
    expect(await london.setup('sync', request)).toMatchObject({ direction: 'receive', tags: null });
    const body = { transfer_requests: [{ transfer_request: { type: 'sync', paths: [{ source: '/mirror' }] } }] };
    expect(await london.json('POST', '/files/async_setup', body)).toMatchObject({
      transfer_specs: [{ transfer_spec: { direction: 'send', token: expect.stringMatching(/^AT/) } }],
    });
    expect(await london.setup('sync', { type: 'sync' })).toHaveProperty('error');
  });
});

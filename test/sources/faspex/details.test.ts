import { describe, expect, it } from 'vitest';
import { type Answer, failure, openFor, openSource, startApi } from './fixture.ts';

async function withAnswer<T>(answer: Answer, use: (client: ReturnType<typeof openFor>) => Promise<T>): Promise<T> {
  await using server = await startApi(() => answer);
  await using source = openSource(server.url);
  return await use(openFor(source));
}

describe('the upload of a package', () => {
  it('is told in numbers, whatever the server makes strings of', async () => {
    const json = {
      upload_status: 'transferring',
      start_time: '2026-01-10T08:59:10Z',
      completion_time: '',
      percentage_complete: '42',
      time_remaining: '12',
      bytes_written: '482',
      bytes_total: 1149,
      time_elapsed: '9',
      average_rate: '53',
    };
    expect(await withAnswer({ json }, (client) => client.uploadDetails('43'))).toEqual({
      uploadStatus: 'transferring',
      progress: 0.42,
      startedAt: '2026-01-10T08:59:10Z',
      completedAt: undefined,
      writtenBytes: 482,
      totalBytes: 1149,
      elapsedMs: 9000,
      remainingMs: 12_000,
    });
  });

  it.each([
    ['100', 1],
    ['101', 1],
    ['', undefined],
    ['n/a', undefined],
    [null, undefined],
  ])('has no progress beyond 0 to 1 (%j)', async (percentage_complete, progress) => {
    const json = { upload_status: 'queued', percentage_complete };
    expect((await withAnswer({ json }, (client) => client.uploadDetails('43'))).progress).toBe(progress);
  });

  it('is an error when the answer is not an object', async () => {
    const error = await failure(withAnswer({ json: ['x'] }, (client) => client.uploadDetails('43')));
    expect(error.message).toBe('faspex sent an answer that is not what its contract says.');
  });
});

describe('the downloads of a package', () => {
  it('are receipts, and who downloaded all, part, or is at it', async () => {
    const person = { id: '7', name: 'Bob Jones', email: 'bob@example.com' };
    const json = {
      total_count: 1,
      full_downloads: [{ ...person, count: 2 }],
      active_downloads: [{ ...person, progress_percentage_complete: '50', estimated_time_remaining: '1' }],
      all_downloads: [{ ...person, ip: '192.0.2.1', start: '2026-01-10T09:00:00.000+0000', stop: '', type: 'full' }],
    };
    const details = await withAnswer({ json }, (client) => client.downloadDetails('43'));
    expect(details.complete).toMatchObject([{ userId: '7', count: 2, progress: undefined }]);
    expect(details.partial).toEqual([]);
    expect(details.active).toMatchObject([{ progress: 0.5, count: undefined }]);
    expect(details.receipts).toMatchObject([
      { address: '192.0.2.1', startedAt: '2026-01-10T09:00:00.000Z', endedAt: undefined, vendorType: 'full' },
    ]);
  });

  it('are empty for a package that nobody downloaded', async () => {
    const details = await withAnswer({ json: { total_count: 0 } }, (client) => client.downloadDetails('43'));
    expect(details).toEqual({ receipts: [], complete: [], partial: [], active: [] });
  });
});

describe('the events of a package', () => {
  it('name what happened and who did it', async () => {
    const event = {
      id: 5,
      created_at: '2026-01-10T09:00:00Z',
      event_type: 'package_sent',
      message: 'sent',
      package_id: 43,
      event_value: null,
      user: [{ id: '2', name: 'alex' }],
      client: null,
    };
    const json = { total_count: 1, application_events: [event, { id: '6' }] };
    const page = await withAnswer({ json }, (client) => client.applicationEvents('43'));
    expect(page.items).toMatchObject([
      { eventId: '5', eventType: 'package_sent', packageId: '43', value: undefined, users: [{ userId: '2' }] },
      { code: 'SOURCE_BAD_ANSWER' },
    ]);
  });
});

describe('a transfer spec', () => {
  const spec = {
    authentication: 'token',
    direction: 'send',
    remote_host: 'node.example.com',
    ssh_port: 33001,
    token: 'ATM3_x_3MTA',
    cookie: 'aspera.faspex20:u:id:dXNlcg:e30:dGl0bGU',
    tags: { aspera: { faspex: { f5_xfer_id: 'id', _pkg_id: 43 } } },
    destination_root: '/x',
    paths: [{ source: '/a' }],
  };

  it('for an upload keeps cookie and tags, loses `authentication`, and is asked for with the paths', async () => {
    await using server = await startApi(() => ({ json: spec }));
    await using source = openSource(server.url);
    const answer = await openFor(source).uploadSpec('43', ['/local/a', '/local/b']);
    const { authentication, ...kept } = spec;
    expect(answer.json).toEqual(kept);
    expect(answer).toMatchObject({ direction: 'SEND', authorizationKind: 'TRANSFER_TOKEN', cookie: spec.cookie });
    const request = server.received[1];
    expect(request?.path).toBe('/api/v5/packages/43/transfer_spec/upload');
    expect(Object.fromEntries(request?.query ?? [])).toEqual({ transfer_type: 'connect' });
    expect(JSON.parse(request?.text ?? '')).toEqual({ paths: ['/local/a', '/local/b'] });
  });

  it('for a download names side, recipient and paths', async () => {
    await using server = await startApi(() => ({ json: { ...spec, direction: 'receive' } }));
    await using source = openSource(server.url);
    const client = openFor(source);
    await client.downloadSpec('43', { direction: 'RECEIVED', recipient: { recipientUserId: '7' } });
    await client.downloadSpec('43', { direction: 'SENT', paths: ['/a.mov'] });
    const [, whole, part] = server.received;
    expect(Object.fromEntries(whole?.query ?? [])).toEqual({
      type: 'received',
      transfer_type: 'connect',
      recipient_user_id: '7',
    });
    expect(JSON.parse(whole?.text ?? '')).toEqual({});
    expect(Object.fromEntries(part?.query ?? [])).toEqual({ type: 'sent', transfer_type: 'connect' });
    expect(JSON.parse(part?.text ?? '')).toEqual({ paths: [{ source: '/a.mov' }] });
  });

  it('is never shared by two who ask for the same at once', async () => {
    let n = 0;
    await using server = await startApi(() => {
      n += 1;
      return { json: { ...spec, cookie: `cookie ${n}` } };
    });
    await using source = openSource(server.url);
    const client = openFor(source);
    const specs = await Promise.all([client.uploadSpec('43', ['/a']), client.uploadSpec('43', ['/a'])]);
    expect(new Set(specs.map((one) => one.cookie)).size).toBe(2);
  });

  it.each([
    ['no host', { ...spec, remote_host: undefined }],
    ['another direction', { ...spec, direction: 'up' }],
    ['a list', [spec]],
    ['a wrapped spec', { transfer_spec: spec }],
  ])('that is none is a bad answer without the token (%s)', async (_, json) => {
    const error = await failure(withAnswer({ json }, (client) => client.uploadSpec('43', ['/a'])));
    expect(error).toMatchObject({ code: 'SOURCE_BAD_ANSWER' });
    expect(error.message).toMatch(/^faspex sent an answer that is not a transfer spec\. .*[^.]\.$/);
    expect(error.message).not.toContain('ATM3');
  });
});

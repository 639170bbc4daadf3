import { describe, expect, it } from 'vitest';
import { failure, openFor, openSource, type Received, rawPackage, startApi } from './fixture.ts';

const bodyOf = (request: Received | undefined): unknown => JSON.parse(request?.text ?? 'null');

describe('making a package', () => {
  it('sends only what was given', async () => {
    await using server = await startApi(() => ({
      status: 201,
      json: rawPackage({ state: 'held', status: 'starting' }),
    }));
    await using source = openSource(server.url);
    const pkg = await openFor(source).createPackage({ title: 'Rushes', recipients: [{ name: 'bob@example.com' }] });
    expect(pkg).toMatchObject({ packageId: '43', status: 'STARTING' });
    expect(bodyOf(server.received[1])).toEqual({ title: 'Rushes', recipients: [{ name: 'bob@example.com' }] });
  });

  it('spells everything as the vendor does', async () => {
    await using server = await startApi(() => ({ status: 201, json: rawPackage() }));
    await using source = openSource(server.url);
    await openFor(source).createPackage({
      title: 'Rushes',
      recipients: [{ name: 'Inbox A', recipientType: 'SHARED_INBOX' }],
      privateRecipients: [{ name: 'x@example.com', recipientType: 'EXTERNAL_USER' }],
      note: 'hello',
      metadata: { Project: 'x' },
      encryptAtRest: true,
      preventHttpDownload: false,
      downloadLimit: 3,
      releasePolicy: 'ON_DATE',
      releaseAt: new Date('2026-02-01T00:00:00Z'),
      expirationPolicy: 'DELETE_AFTER_EXPIRATION_DATE',
      expiresAt: new Date('2026-03-01T00:00:00Z'),
      notifyOnUpload: true,
      notifyOnDownload: true,
      notifyOnReceipt: false,
    });
    expect(bodyOf(server.received[1])).toEqual({
      title: 'Rushes',
      recipients: [{ name: 'Inbox A', recipient_type: 'shared_inbox' }],
      private_recipients: [{ name: 'x@example.com', recipient_type: 'external_user' }],
      note: 'hello',
      metadata: { Project: 'x' },
      ear_enabled: true,
      prevent_http_download: false,
      download_limit: 3,
      release_policy: 'on_date',
      release_date: '2026-02-01T00:00:00.000Z',
      expiration_policy: 'delete_after_expiration_date',
      expiration_date: '2026-03-01T00:00:00.000Z',
      notify_on_upload: true,
      notify_on_download: true,
      notify_on_receipt: false,
    });
  });

  it('is never repeated when the connection breaks or the server is busy', async () => {
    await using server = await startApi(() => ({ status: 503 }));
    await using source = openSource(server.url, { retries: 3 });
    const error = await failure(openFor(source).createPackage({ title: 'x', recipients: [{ name: 'bob' }] }));
    expect(error.code).toBe('SOURCE_UNAVAILABLE');
    expect(server.count('POST', '/api/v5/packages')).toBe(1);
  });
});

describe('changing a package', () => {
  it('sends a removed date as null and leaves out the rest', async () => {
    await using server = await startApi(() => ({ json: rawPackage() }));
    await using source = openSource(server.url);
    await openFor(source).updatePackage('43', { expirationPolicy: 'NONE', expiresAt: null });
    expect(server.received[1]).toMatchObject({ method: 'PUT', path: '/api/v5/packages/43' });
    expect(bodyOf(server.received[1])).toEqual({ expiration_policy: 'none', expiration_date: null });
  });

  it('forwards and archives at the vendor’s addresses', async () => {
    await using server = await startApi(() => ({ status: 201, json: rawPackage({ archived: true }) }));
    await using source = openSource(server.url);
    const client = openFor(source);
    await client.forwardPackage('43', { title: 'Again', recipients: [{ name: 'eve' }] });
    expect((await client.archivePackage('43', 'RECEIVED')).archived).toBe(true);
    await client.archivePackage('43', 'SENT');
    expect(server.received.slice(1).map(({ method, path }) => `${method} ${path}`)).toEqual([
      'POST /api/v5/packages/43/forward',
      'POST /api/v5/packages/43/archive/received',
      'POST /api/v5/packages/43/archive/sent',
    ]);
    expect(bodyOf(server.received[1])).toEqual({ title: 'Again', recipients: [{ name: 'eve' }] });
  });
});

describe('deleting packages', () => {
  it('says of each how it fared', async () => {
    await using server = await startApi(({ path }) => {
      const id = path.split('/').at(-1);
      if (id === '2') return { status: 403, json: { code: '2088', message: 'No access to package.' } };
      if (id === '3') return { status: 400, json: { errors: [{ id: '3', code: '1223', message: 'Bad id.' }] } };
      if (id === '4') {
        const errors = [{ id: '4', code: '1004', message: 'In use.' }];
        return { status: 207, json: { errors, details: { failed: ['4'], succeeded: [] } } };
      }
      return { status: 204 };
    });
    await using source = openSource(server.url);
    const results = await openFor(source).deletePackages(['1', '2', '3', '4', '5']);
    expect(results.map(({ packageId, error }) => [packageId, error?.code, error?.vendorCode])).toEqual([
      ['1', undefined, undefined],
      ['2', 'SOURCE_FORBIDDEN', '2088'],
      ['3', 'BAD_INPUT', '1223'],
      ['4', 'CONFLICT', '1004'],
      ['5', undefined, undefined],
    ]);
    expect(results[3]?.error?.message).toBe('faspex did not do this: In use.');
  });

  it('takes 25 at most, and says so before anything is deleted', async () => {
    await using server = await startApi(() => ({ status: 204 }));
    await using source = openSource(server.url);
    const ids = Array.from({ length: 26 }, (_, n) => String(n + 1));
    expect(await failure(openFor(source).deletePackages(ids))).toMatchObject({ code: 'BAD_INPUT' });
    expect(server.received).toHaveLength(0);
    expect(await openFor(source).deletePackages(ids.slice(1))).toHaveLength(25);
  });

  it('asks for nothing when there is nothing to delete', async () => {
    await using server = await startApi(() => ({ status: 204 }));
    await using source = openSource(server.url);
    expect(await openFor(source).deletePackages([])).toEqual([]);
    expect(server.received).toHaveLength(0);
  });
});

import { describe, expect, it } from 'vitest';
import { createRequestBudget } from '../../../src/transport/request-budget.ts';
import { SourceError } from '../../../src/transport/source-error.ts';
import { type Answer, failure, openFor, openSource, rawPackage, startApi } from './fixture.ts';

const list = (packages: readonly unknown[], more: object = {}): Answer => ({
  json: { total_count: packages.length, offset: 0, limit: 20, packages, ...more },
});

describe('a list of packages', () => {
  it.each([
    ['INBOX', '/api/v5/inbox/packages'],
    ['INBOX_ALL_HISTORY', '/api/v5/inbox_all_history/packages'],
    ['OUTBOX', '/api/v5/outbox/packages'],
    ['PENDING', '/api/v5/pending/packages'],
    ['ALL', '/api/v5/all/packages'],
    ['GLOBAL', '/api/v5/global/packages'],
    ['ADMIN', '/api/v5/packages'],
  ] as const)('of the mailbox %s is at %s', async (mailbox, path) => {
    await using server = await startApi(() => list([]));
    await using source = openSource(server.url);
    await openFor(source).listPackages({ mailbox });
    expect(server.count('GET', path)).toBe(1);
  });

  it('always says how many it wants, and sends the filters as the vendor spells them', async () => {
    await using server = await startApi(() => list([]));
    await using source = openSource(server.url);
    const client = openFor(source);
    await client.listPackages({ mailbox: 'INBOX' });
    await client.listPackages({
      mailbox: 'INBOX',
      offset: 40,
      limit: 20,
      filter: {
        search: 'a & b',
        vendorStatus: 'completed',
        uploadStatus: 'completed',
        createdAfter: new Date('2026-01-01T00:00:00Z'),
        createdBefore: new Date('2026-02-01T00:00:00Z'),
        uploadedAfter: new Date('2026-01-02T00:00:00Z'),
        changedSince: new Date('2026-01-03T10:11:12Z'),
        workgroupIds: ['1', '2'],
        sharedInboxIds: ['3'],
        ignoreDeleted: true,
        releasePolicy: 'ON_DATE',
      },
    });
    const [, plain, filtered] = server.received;
    expect(Object.fromEntries(plain?.query ?? [])).toEqual({ limit: '100', offset: '0' });
    expect(Object.fromEntries(filtered?.query ?? [])).toEqual({
      q: 'a & b',
      status: 'completed',
      upload_status: 'completed',
      created_time: 'gte:2026-01-01T00:00:00.000Z,lte:2026-02-01T00:00:00.000Z',
      upload_completion_time: 'gte:2026-01-02T00:00:00.000Z',
      changed_since_date: '2026-01-03',
      workgroup_ids: '1,2',
      shared_inbox_ids: '3',
      ignore_deleted: 'true',
      release_policy: 'on_date',
      limit: '20',
      offset: '40',
    });
  });

  it.each([
    ['there are more', 5, 2, { total_count: 9 }, 7, 9],
    ['it is the last page', 7, 2, { total_count: 9 }, undefined, 9],
    ['the page is empty though the total says more', 9, 0, { total_count: 99 }, undefined, 99],
    ['the total is not told and the page is full', 0, 3, { total_count: undefined }, 3, undefined],
    ['the total is not told and the page is not full', 0, 2, { total_count: undefined }, undefined, undefined],
    ['the total is a string', 0, 2, { total_count: '4' }, 2, 4],
  ])('says where to go on when %s', async (_, offset, found, envelope, next, total) => {
    await using server = await startApi(() =>
      list(
        Array.from({ length: found }, () => rawPackage()),
        envelope,
      ),
    );
    await using source = openSource(server.url);
    const page = await openFor(source).listPackages({ mailbox: 'INBOX', offset, limit: 3 });
    expect(page).toMatchObject({ next, total });
    expect(page.items).toHaveLength(found);
  });

  it('keeps the others when one item is bad, and says which member of it', async () => {
    await using server = await startApi(() =>
      list([rawPackage({ id: '1' }), rawPackage({ id: '2', title: 7 }), rawPackage({ id: '3' }), null]),
    );
    await using source = openSource(server.url);
    const { items } = await openFor(source).listPackages({ mailbox: 'INBOX' });
    expect(items.map((item) => (item instanceof SourceError ? item.code : item.packageId))).toEqual([
      '1',
      'SOURCE_BAD_ANSWER',
      '3',
      'SOURCE_BAD_ANSWER',
    ]);
    expect((items[1] as SourceError).message).toBe(
      'faspex sent an answer that does not have a usable title in item 1 of packages.',
    );
  });

  it.each([
    ['an HTML page', { text: '<html>Sign in</html>' }],
    ['a second answer glued on', { text: '{"packages":[],"total_count":0}{"packages":[]}' }],
    ['no list', { json: { total_count: 0 } }],
    ['a list under another name', { json: { items: [], total_count: 0 } }],
    ['an object instead of a list', { json: { packages: {}, total_count: 0 } }],
    ['an error inside a success', { json: { code: '1000', message: 'oops' } }],
    ['nothing', { status: 200 }],
  ])('is an error, never an empty list, when the server sends %s', async (_, answer) => {
    await using server = await startApi(() => answer);
    await using source = openSource(server.url);
    const error = await failure(openFor(source).listPackages({ mailbox: 'INBOX' }));
    expect(error).toMatchObject({ code: 'SOURCE_BAD_ANSWER', source: 'faspex' });
  });
});

describe('a package', () => {
  const read = async (raw: object) => {
    await using server = await startApi(() => ({ json: raw }));
    await using source = openSource(server.url);
    return await openFor(source).package('43');
  };

  it('is read in our words, with numbers that came as strings and dates in RFC 3339', async () => {
    const pkg = await read(
      rawPackage({
        id: 43,
        package_uuid: '11111111-2222-4333-8444-555555555555',
        note: null,
        message: 'hello',
        created_time: '2026-01-10T08:59:00.000+0000',
        last_modified: '2026-01-10T10:59:00+0130',
        release_date: '2026-01-10T09:00:00Z',
        expiration_date: null,
        expiration_policy: 'delete_after_all_download',
        release_policy: 'on_date',
        total_bytes: '1149',
        total_files: 2,
        download_limit: null,
        completed_download_count: '3',
        ear_enabled: true,
        metadata: { Project: 'x' },
        error_desc: '',
        sender: { id: '2', name: 'alex', first_name: 'Alex', email: '' },
        recipients: [
          { id: 7, name: 'bob', status: 'active' },
          { id: '9', name: 'Inbox A', recipient_type: 'shared_inbox', archived: true },
          { id: '10', name: 'x', recipient_type: 'something_new' },
        ],
      }),
    );
    expect(pkg).toMatchObject({
      packageId: '43',
      uuid: '11111111-2222-4333-8444-555555555555',
      note: 'hello',
      status: 'AVAILABLE',
      vendorStatus: 'completed',
      createdAt: '2026-01-10T08:59:00.000Z',
      modifiedAt: '2026-01-10T10:59:00+01:30',
      releasedAt: '2026-01-10T09:00:00Z',
      expiresAt: undefined,
      expirationPolicy: 'DELETE_AFTER_ALL_DOWNLOAD',
      releasePolicy: 'ON_DATE',
      sizeBytes: 1149,
      fileCount: 2,
      downloadLimit: undefined,
      downloadCount: 3,
      encryptedAtRest: true,
      metadata: { Project: 'x' },
      errorDescription: undefined,
      sender: { userId: '2', name: 'alex', firstName: 'Alex', email: undefined },
    });
    expect(pkg.recipients.map((one) => [one.recipientId, one.recipientType, one.archived])).toEqual([
      ['7', 'USER', false],
      ['9', 'SHARED_INBOX', true],
      ['10', 'OTHER', false],
    ]);
  });

  it.each([
    ['held', 'starting', 'submitted', 'STARTING'],
    ['held', 'pre_initiation', 'pre_initiation', 'STARTING'],
    ['held', 'uploading', 'queued', 'UPLOADING'],
    ['held', 'transferring', 'transferring', 'UPLOADING'],
    ['held', 'paused', 'stopped', 'PAUSED'],
    ['held', 'failed', 'timed_out', 'FAILED'],
    ['held', 'uploaded_for_processing', 'completed', 'PROCESSING'],
    ['held', 'completed', 'completed', 'PROCESSING'],
    ['transient_held_to_released_start', 'processing', 'completed', 'PROCESSING'],
    ['transient_held_to_released_finish', 'relaying', 'completed', 'PROCESSING'],
    ['transient_file_processing', 'uploaded_for_file_processing', 'completed', 'PROCESSING'],
    ['released', 'completed', 'completed', 'AVAILABLE'],
    ['released', undefined, 'completed', 'AVAILABLE'],
    [undefined, 'completed', 'completed', 'AVAILABLE'],
    ['transient_released_to_expired', 'expiring', 'completed', 'EXPIRED'],
    ['expired', 'completed', 'completed', 'EXPIRED'],
    ['transient_expired_to_deleted', 'deleting', 'completed', 'DELETING'],
    ['transient_file_processing_failed_to_deleted', 'unknown', 'completed', 'DELETING'],
    ['deleted', 'deleted', 'completed', 'DELETED'],
    ['file_processing_failed', 'file_processing_failed', 'completed', 'FAILED'],
    ['file_processing_timeout', 'file_processing_timed_out', 'completed', 'FAILED'],
    ['incorrect_transfer_spec', 'incorrect_transfer_spec', 'pre_initiation', 'FAILED'],
    [undefined, undefined, 'transferring', 'UPLOADING'],
    [undefined, undefined, 'error', 'FAILED'],
    [undefined, undefined, 'completed', 'UNKNOWN'],
    ['held', undefined, 'completed', 'PROCESSING'],
    [undefined, 'unknown', undefined, 'UNKNOWN'],
    ['a_new_state', 'a_new_status', undefined, 'UNKNOWN'],
  ])('in state %s, status %s, upload %s is %s', async (state, status, uploadStatus, expected) => {
    expect((await read(rawPackage({ state, status, upload_status: uploadStatus }))).status).toBe(expected);
  });

  it.each([
    ['its id', { id: undefined }, /does not have a usable id/],
    ['its title', { title: null }, /does not have a usable title/],
    ['a size that is a number', { total_bytes: 'many' }, /does not have a usable total_bytes/],
  ])('without %s is a bad answer', async (_, raw, message) => {
    const error = await failure(read(rawPackage(raw)));
    expect(error.code).toBe('SOURCE_BAD_ANSWER');
    expect(error.message).toMatch(message);
  });

  it.each(['', '..', '1/../2', '1?x=y', '%2e%2e', '1 2'])('is not asked for by an id like %j', async (packageId) => {
    await using server = await startApi(() => ({ json: rawPackage() }));
    await using source = openSource(server.url);
    const client = openFor(source);
    expect(await failure(client.package(packageId))).toMatchObject({ code: 'BAD_INPUT' });
    expect(await failure(client.uploadSpec(packageId, []))).toMatchObject({ code: 'BAD_INPUT' });
    expect(await failure(client.groupPackages('WORKGROUP', packageId))).toMatchObject({ code: 'BAD_INPUT' });
    expect(await client.deletePackages([packageId])).toMatchObject([{ packageId, error: { code: 'BAD_INPUT' } }]);
    expect(server.received).toHaveLength(0);
  });
});

describe('a refusal', () => {
  const vendor = (code: string | number, message = 'vendor words') => ({
    json: { status: 'x', code, message, trace: 'y' },
  });

  it.each([
    [400, vendor('1009'), 'BAD_INPUT', '1009', false],
    [400, vendor(1003), 'BAD_INPUT', '1003', false],
    [400, vendor('1040'), 'CONFLICT', '1040', false],
    [400, vendor('1113'), 'CONFLICT', '1113', false],
    [400, vendor('1237'), 'SOURCE_UNAVAILABLE', '1237', true],
    [403, vendor('2088'), 'SOURCE_FORBIDDEN', '2088', false],
    [403, vendor('1112'), 'SOURCE_FORBIDDEN', '1112', false],
    [401, vendor('1027'), 'SOURCE_FORBIDDEN', '1027', false],
    [404, vendor('1224'), 'NOT_FOUND', '1224', false],
    [404, vendor('1002'), 'SOURCE_BAD_ANSWER', '1002', false],
    [404, { text: '<html></html>' }, 'SOURCE_BAD_ANSWER', undefined, false],
    [409, vendor('1239'), 'CONFLICT', '1239', false],
    [429, vendor('1001'), 'SOURCE_RATE_LIMITED', undefined, true],
    [500, vendor('1000'), 'SOURCE_UNAVAILABLE', '1000', true],
    [500, { text: 'oops' }, 'SOURCE_UNAVAILABLE', undefined, true],
    [301, { headers: { location: 'https://elsewhere.example.com/' } }, 'SOURCE_BAD_ANSWER', undefined, false],
    [418, vendor('1'), 'SOURCE_BAD_ANSWER', '1', false],
  ])('with status %i and body %j is %s', async (status, answer, code, vendorCode, retryable) => {
    await using server = await startApi(() => ({ status, ...answer }));
    await using source = openSource(server.url);
    const error = await failure(openFor(source).package('43'));
    expect(error).toMatchObject({ code, vendorCode, retryable, source: 'faspex' });
  });

  it.each([
    ['message', { message: 'Title is too long.' }],
    ['error_description', { error_description: 'Title is too long.' }],
    ['error.user_message', { error: { user_message: 'Title is too long.' } }],
    ['a plain error', { error: 'Title is too long.' }],
    ['errors of a bulk call', { errors: [{ id: '1', code: '1009', message: 'Title is too long.' }] }],
    ['a code of a strange type', { code: { a: 1 }, message: 'Title is too long.', request_id: 1 }],
  ])('carries the vendor’s sentence from %s', async (_, json) => {
    await using server = await startApi(() => ({ status: 400, json }));
    await using source = openSource(server.url);
    const error = await failure(openFor(source).package('43'));
    expect(error.message).toBe('faspex refused the request: Title is too long.');
  });
});

describe('the budget of an operation', () => {
  it('is spent by every call and not by the token', async () => {
    await using server = await startApi(() => ({ json: rawPackage() }));
    await using source = openSource(server.url);
    const budget = createRequestBudget(2);
    const client = source.faspex.open({ identity: source.faspex.identify(undefined), budget });
    await client.package('1');
    await client.package('2');
    expect(await failure(client.package('3'))).toMatchObject({ code: 'REQUEST_LIMIT' });
    expect(await failure(client.health())).toMatchObject({ code: 'REQUEST_LIMIT' });
    expect(server.received).toHaveLength(3);
  });
});

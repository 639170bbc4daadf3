import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Api, AVA, JONAS, MINA, type PackageJson, type Running, startFaspex, TOMAS } from './start-faspex.ts';

let running: Running;
let tomas: Api;

beforeAll(async () => {
  running = await startFaspex();
  tomas = await running.signIn(TOMAS);
});
afterAll(() => running.stop());

const create = (fields: Record<string, unknown>, api = tomas) =>
  api.post<PackageJson>('/packages', { title: 'Rushes', recipients: [{ name: MINA }], ...fields });
const codeOf = async (fields: Record<string, unknown>, api = tomas) => {
  const { status, json } = await create(fields, api);
  return `${status}/${json.code}`;
};
const press = { recipients: [{ name: 'press deliveries', recipient_type: 'shared_inbox' }] };

describe('POST /packages', () => {
  it('makes a held package and reserves its folder on the node', async () => {
    const { status, json } = await create({ title: 'Day 1: rushes', note: 'hello', download_limit: 3 });
    expect(status).toBe(201);
    expect(json).toMatchObject({
      id: expect.stringMatching(/^\d+$/),
      ...{ title: 'Day 1: rushes', note: 'hello', message: 'hello', download_limit: 3, metadata: {} },
      ...{ state: 'held', upload_status: 'submitted', status: 'starting', files_on_server: 'no', type: 'outbox' },
      created_time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+0000$/),
      sender: { name: TOMAS, role: 'user' },
      recipients: [{ id: '3', name: MINA, recipient_type: 'user', status: 'active' }],
    });
    const folder = `Day 1_ rushes - ${json.package_uuid}.aspera-package/PKG - Day 1_ rushes`;
    expect(existsSync(join(running.storage.docroot, folder))).toBe(true);
  });

  it('makes a folder for any title', async () => {
    for (const title of ['字'.repeat(200), '..', 'a/b\\c\u0000d\n?', '🎬'.repeat(100)]) {
      expect((await create({ title })).json).toMatchObject({ title, status: 'starting' });
    }
  });

  it('names a recipient by user name or address, whatever the case', async () => {
    for (const name of ['MINA.Okafor', `${MINA}@EXAMPLE.com`]) {
      expect((await create({ recipients: [{ name }] })).json.recipients).toMatchObject([{ id: '3' }]);
    }
  });

  it('sends to every member of a distribution list', async () => {
    const recipients = [{ name: 'Post-production', recipient_type: 'distribution_list' }, { name: MINA }];
    const { json } = await create({ recipients });
    expect(json.recipients.map(({ name }) => name)).toEqual([MINA, JONAS, MINA]);
  });

  it('makes a contact of an outsider that is written to for the first time', async () => {
    const name = 'new@studio.example';
    expect((await create({ recipients: [{ name }] })).json.code).toBe('1009');
    const { json } = await create({ recipients: [{ name, recipient_type: 'external_user' }] });
    expect(json.recipients).toMatchObject([{ name, recipient_type: 'user' }]);
    const contacts = await tomas.get(`/contacts?q=${name}`);
    expect(contacts.json.contacts).toMatchObject([{ name, type: 'external_user' }]);
  });

  it.each([
    ['an unknown recipient', { recipients: [{ name: 'nobody@example.com' }] }, '400/1009'],
    ['an account that is switched off', { recipients: [{ name: 'former.colleague' }] }, '400/1009'],
    ['a user who is none', { recipients: [{ name: 'Editorial' }] }, '400/1009'],
    ['a kind of recipient that is none', { recipients: [{ name: MINA, recipient_type: 'robot' }] }, '400/1009'],
    ['an outsider without an address', { recipients: [{ name: 'x', recipient_type: 'external_user' }] }, '400/1009'],
    ['no recipient', { recipients: [] }, '400/1115'],
    ['recipients that are text', { recipients: [MINA] }, '400/1053'],
    ['recipients that are no list', { recipients: MINA }, '400/1053'],
    ['a missing title', { title: undefined }, '400/1003'],
    ['a blank title', { title: ' ' }, '400/1032'],
    ['a title that is too long', { title: 'x'.repeat(256) }, '400/1032'],
    ['an expiry without a date', { expiration_policy: 'delete_after_expiration_date' }, '400/1109'],
    [
      'an expiry in the past',
      { expiration_policy: 'delete_after_expiration_date', expiration_date: '2020-01-01' },
      '400/1032',
    ],
    ['an unknown expiry', { expiration_policy: 'sometimes' }, '400/1011'],
    ['a release without its date', { release_policy: 'on_date' }, '400/1071'],
    ['a release on no date', { release_policy: 'on_date', release_date: 'soon' }, '400/1017'],
    ['a wrong type', { ear_enabled: 'yes' }, '400/1003'],
    ['a limit of zero', { download_limit: 0 }, '400/1003'],
    ['metadata that is a list', { metadata: [] }, '400/1453'],
    ['notified people that are text', { notified_on_download: [MINA] }, '400/1061'],
  ])('refuses %s', async (_case, fields, code) => {
    expect(await codeOf(fields)).toBe(code);
  });

  it('asks for the metadata that the profile of an inbox requires', async () => {
    expect(await codeOf(press)).toBe('400/1454');
    expect(await codeOf({ ...press, metadata: { Outlet: 'Daily', Language: 'Latin' } })).toBe('400/1456');
    expect(await codeOf({ ...press, metadata: { Outlet: 'x'.repeat(81), Language: 'English' } })).toBe('400/1456');
    const { status, json } = await create({ ...press, metadata: { Outlet: 'Daily', Language: '日本語' } });
    expect([status, json.recipients]).toMatchObject([201, [{ id: '1', recipient_type: 'shared_inbox' }]]);
    expect((await create({ ...press, skip_metadata_validation: true })).status).toBe(201);
  });

  it('lets only members send to a group', async () => {
    const jonas = await running.signIn(JONAS);
    expect(await codeOf({ ...press, metadata: {} }, jonas)).toBe('400/1057');
    const recipients = [{ name: 'Editorial', recipient_type: 'workgroup' }];
    expect(await codeOf({ recipients }, jonas)).toBe('400/1009');
    expect((await create({ recipients }, await running.signIn(AVA))).status).toBe(201);
  });

  it('answers 500/1201 and makes nothing when the node cannot make the folder', async () => {
    const count = async () => (await tomas.get('/outbox/packages')).json.total_count;
    const before = await count();
    running.storage.faults.add({ kind: 'status', status: 503, path: '/files/create', times: 1 });
    expect(await codeOf({})).toBe('500/1201');
    expect(await count()).toBe(before);
  });
});

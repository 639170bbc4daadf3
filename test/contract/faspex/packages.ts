import { expect, it } from 'vitest';
import { type Json, listAt, objectAt } from '../openapi/json.ts';
import { names } from './cast.ts';
import { MANY } from './faspex-world.ts';
import { sendPackage, upload } from './send-package.ts';
import type { Stage } from './stage.ts';

const codeOf = (answer: { status: number; json: unknown }) => `${answer.status} ${objectAt(answer.json).code}`;
const toBob = { title: 'For Bob', recipients: [{ name: names.bob }] };

/** Packages and their transfer specs (aspera-apps-api.md §5). */
export function judgePackages(stage: () => Stage): void {
  judgeLists(stage);
  judgeLife(stage);
  judgeSpecs(stage);
}

function judgeLists(stage: () => Stage): void {
  it('has every mailbox of the document, and the global one for administrators alone', async () => {
    const { world } = stage();
    const [call, plain] = [await world.signIn(names.self), await world.signIn(names.bob)];
    const boxes = ['inbox', 'inbox_history', 'inbox_all', 'inbox_all_history', 'outbox', 'outbox_history'];
    for (const box of [...boxes, 'pending', 'pending_history', 'all']) {
      expect([box, (await plain('GET', `/api/v5/${box}/packages`)).status]).toEqual([box, 200]);
    }
    expect((await call('GET', '/api/v5/global/packages')).status).toBe(200);
    expect(codeOf(await plain('GET', '/api/v5/global/packages'))).toBe('401 2028');
    expect(codeOf(await plain('GET', '/api/v5/packages'))).toBe('401 2028');
    expect((await plain('GET', '/api/v5/letterbox/packages')).status).toBe(400);
  });

  it('filters by text, status, time and group, and ignores what it does not know', async () => {
    const { world, cast } = stage();
    const call = await world.signIn(names.self);
    const ids = async (query: string) =>
      listAt((await call('GET', `/api/v5/all/packages?limit=1000&${query}`)).json, 'packages').map(({ id }) => id);
    expect(await ids('q=to%20MYSELF')).toEqual([cast.fullOwn, cast.own]);
    expect(await ids('status=completed')).toContain(cast.own);
    expect(await ids('status=uploading')).not.toContain(cast.own);
    expect(await ids('upload_status=completed')).toContain(cast.own);
    expect(await ids('created_time=gte:2100-01-01T00:00:00')).toEqual([]);
    expect(await ids('created_time=lte:2100-01-01T00:00:00')).toContain(cast.own);
    expect(await ids(`shared_inbox_ids=${cast.inbox.id}`)).toContain(cast.toInbox);
    expect(await ids(`shared_inbox_ids=${cast.inbox.id}`)).not.toContain(cast.own);
    expect(await ids('mailbox=inbox')).toContain(cast.own);
    expect((await call('GET', '/api/v5/all/packages?created_time=yesterday')).status).toBe(400);
  });
}

function judgeLife(stage: () => Stage): void {
  it('starts as held and submitted, takes its files, and is released to its recipients', async () => {
    const { world } = stage();
    const [call, bob] = [await world.signIn(names.self), await world.signIn(names.bob)];
    const options = { note: 'hello', download_limit: 3, notify_on_download: true, prevent_http_download: true };
    const { status, json } = await call('POST', '/api/v5/packages', { ...toBob, ...options });
    expect(status).toBe(201);
    expect(json).toMatchObject({
      state: 'held',
      upload_status: 'submitted',
      note: 'hello',
      message: 'hello',
      download_limit: 3,
    });
    const id = String(objectAt(json).id);
    expect((await call('GET', `/api/v5/packages/${id}/upload_details`)).json).toMatchObject({
      start_time: '',
      bytes_written: '0',
    });
    await upload(world, call, id, ['/local/f.txt']);
    const shown = async () => (await call('GET', `/api/v5/packages/${id}`)).json;
    await expect.poll(shown).toMatchObject({ state: 'released', status: 'completed', total_bytes: 15, total_files: 1 });
    expect((await bob('GET', `/api/v5/packages/${id}`)).json).toMatchObject({
      status: 'completed',
      sender: { name: names.self },
    });
  });

  it('keeps dates for release and expiration', async () => {
    const call = await stage().world.signIn(names.self);
    const release = { release_policy: 'on_date', release_date: '2100-01-01T00:00:00Z' };
    const expiration = { expiration_policy: 'delete_after_expiration_date', expiration_date: '2100-02-01T00:00:00Z' };
    const { json } = await call('POST', '/api/v5/packages', { ...toBob, ...release, ...expiration });
    expect(json).toMatchObject({ release_policy: 'on_date', expiration_policy: 'delete_after_expiration_date' });
    const { release_date, expiration_date } = objectAt(json);
    expect(release_date).toMatch(/^2100-01-01T00:00:00\.000(\+0000|Z)$/);
    expect(expiration_date).toMatch(/^2100-02-01T00:00:00\.000(\+0000|Z)$/);
  });

  it('refuses packages that are not right, each with its own code', async () => {
    const call = await stage().world.signIn(names.self);
    const create = async (changes: Json) => codeOf(await call('POST', '/api/v5/packages', { ...toBob, ...changes }));
    expect(codeOf(await call('POST', '/api/v5/packages', { recipients: [{ name: names.bob }] }))).toBe('400 1003');
    expect(codeOf(await call('POST', '/api/v5/packages', '{"title":'))).toBe('400 1003');
    expect(await create({ recipients: [{ name: 'nobody' }] })).toBe('400 1009');
    expect(await create({ recipients: [] })).toBe('400 1115');
    expect(await create({ recipients: [{ name: names.bob, recipient_type: 'friend' }] })).toBe('400 1009');
    expect(await create({ expiration_policy: 'delete_after_expiration_date' })).toBe('400 1109');
    expect(await create({ expiration_policy: 'sometime' })).toBe('400 1011');
    const { inbox } = stage().cast;
    expect(await create({ recipients: [{ name: inbox.name, recipient_type: 'shared_inbox' }] })).toBe('400 1454');
  });

  it('takes all five types of recipients, outsiders by e-mail as well', async () => {
    const { world, cast } = stage();
    const call = await world.signIn(names.self);
    const lists = listAt((await call('GET', '/api/v5/account/distribution_lists')).json, 'distribution_lists');
    const recipients = [
      { name: cast.inbox.name, recipient_type: 'shared_inbox' },
      { name: cast.workgroup.name, recipient_type: 'workgroup' },
      { name: lists[0]?.name, recipient_type: 'distribution_list' },
      { name: 'outsider@example.org', recipient_type: 'external_user' },
    ];
    const metadata = { Outlet: 'The Daily', Language: 'English' };
    const { status, json } = await call('POST', '/api/v5/packages', {
      title: 'To all',
      metadata,
      recipients,
      private_recipients: [{ name: names.bob }],
    });
    expect(status).toBe(201);
    expect(listAt(json, 'recipients').map(({ recipient_type }) => recipient_type)).toEqual(
      expect.arrayContaining(['shared_inbox', 'workgroup', 'user']),
    );
    expect(listAt(json, 'recipients').map(({ email }) => email)).toContain('outsider@example.org');
    expect(listAt(json, 'private_recipients')).toMatchObject([{ name: names.bob }]);
  });

  it('is changed and archived by its sender, and forwarded with its files', async () => {
    const { world, cast } = stage();
    const call = await world.signIn(names.self);
    const place = `/api/v5/packages/${cast.own}`;
    const changed = await call('PUT', place, { expiration_policy: 'delete_after_all_download' });
    expect(changed.json).toMatchObject({ id: cast.own, expiration_policy: 'delete_after_all_download' });
    const forwarded = await call('POST', `${place}/forward`, {
      title: 'Look',
      note: 'at this',
      recipients: [{ name: names.bob }],
    });
    expect(forwarded.status).toBe(201);
    expect(codeOf(await call('POST', `${place}/forward`, { title: 'Look', recipients: [{ name: 'nobody' }] }))).toBe(
      '400 1009',
    );
    const id = await sendPackage(world, call, { title: 'Away', note: 'for good', recipients: [{ name: names.self }] }, [
      '/local/f.txt',
    ]);
    for (const side of ['received', 'sent']) {
      expect((await call('POST', `/api/v5/packages/${id}/archive/${side}`)).json).toMatchObject({ id, archived: true });
    }
    const boxed = async (box: string) =>
      listAt((await call('GET', `/api/v5/${box}/packages?q=Away`)).json, 'packages').length;
    expect([await boxed('inbox_all'), await boxed('outbox')]).toEqual([0, 0]);
    expect([await boxed('inbox_all_history'), await boxed('outbox_history')]).toEqual([1, 1]);
  });

  it('tells its history: events, downloads, processed files, and new sizes', async () => {
    const { world, cast } = stage();
    const call = await world.signIn(names.self);
    const place = `/api/v5/packages/${cast.own}`;
    const events = await call('GET', `${place}/application_events?sort=-created_at`);
    expect(listAt(events.json, 'application_events').length).toBeGreaterThan(0);
    expect((await call('GET', `${place}/application_events?sort=colour`)).status).toBe(400);
    expect((await call('GET', `${place}/download_details`)).json).toMatchObject({
      all_downloads: expect.any(Array),
      full_downloads: expect.any(Array),
    });
    expect((await call('GET', `${place}/file_statuses`)).json).toMatchObject({ files: expect.any(Array) });
    expect((await call('POST', `${place}/update_stats`)).json).toMatchObject({ status: expect.any(String) });
    expect((await call('GET', place)).json).toMatchObject({ total_files: 2 });
  });

  it('is deleted alone or with others, by ids in the query or in the body', async () => {
    const { world } = stage();
    const [call, bob] = [await world.signIn(names.self), await world.signIn(names.bob)];
    const made = async () => String(objectAt((await call('POST', '/api/v5/packages', toBob)).json).id);
    expect((await call('DELETE', `/api/v5/packages/${await made()}`)).status).toBe(204);
    expect((await call('DELETE', `/api/v5/packages?ids=${await made()},${await made()}`)).status).toBe(204);
    const id = await made();
    const refused = await bob('DELETE', '/api/v5/packages', { ids: [id] });
    expect([refused.status, listAt(refused.json, 'errors')]).toMatchObject([400, [{ id, code: '2088' }]]);
    expect(codeOf(await bob('DELETE', `/api/v5/packages/${id}`))).toBe('403 2088');
    expect(codeOf(await call('DELETE', '/api/v5/packages'))).toMatch(/^400 /);
    const many = Array.from({ length: 26 }, (_, index) => index + 1).join(',');
    expect(codeOf(await call('DELETE', `/api/v5/packages?ids=${many}`))).toBe('400 1016');
    expect(codeOf(await call('GET', '/api/v5/packages/one'))).toBe('400 1223');
  });
}

function judgeSpecs(stage: () => Stage): void {
  it('hands out uploads to the sender alone, until the upload is complete, and only with paths', async () => {
    const { world, cast } = stage();
    const [call, bob] = [await world.signIn(names.self), await world.signIn(names.bob)];
    const id = objectAt((await call('POST', '/api/v5/packages', { ...toBob, title: 'Plan: B' })).json).id;
    const ask = (caller: typeof call, of: unknown, query: string, body: unknown = { paths: ['/a'] }) =>
      caller('POST', `/api/v5/packages/${of}/transfer_spec/upload?${query}`, body);
    const { json } = await ask(call, id, 'transfer_type=connect');
    const { destination_root, cookie, tags } = objectAt(json);
    expect(destination_root).toMatch(/^\/Plan_ B - [\da-f-]{36}\.aspera-package\/PKG - Plan_ B\/$/);
    const transfer = objectAt(tags, 'aspera', 'faspex').f5_xfer_id;
    expect(cookie).toMatch(new RegExp(`^aspera\\.faspex20:u:${transfer}:[\\w-]+:[\\w-]+:[\\w-]+$`));
    expect(codeOf(await ask(call, id, 'transfer_type=connect', {}))).toBe('400 1003');
    expect(codeOf(await ask(call, id, ''))).toBe('400 1232');
    expect(codeOf(await ask(call, id, 'transfer_type=pigeon'))).toBe('400 1225');
    expect(codeOf(await ask(bob, id, 'transfer_type=connect'))).toBe('403 1112');
    expect(codeOf(await ask(call, cast.own, 'transfer_type=connect'))).toBe('400 1113');
    expect(codeOf(await ask(call, 999_999, 'transfer_type=connect'))).toBe('404 1224');
    await call('DELETE', `/api/v5/packages/${id}`);
    expect(codeOf(await ask(call, id, 'transfer_type=connect'))).toBe('400 1114');
  });

  it('hands out downloads to whoever names a recipient, in either spelling of the paths', async () => {
    const { world, cast } = stage();
    const [call, bob] = [await world.signIn(names.self), await world.signIn(names.bob)];
    const ask = (caller: typeof call, query: string, body: unknown = {}) =>
      caller('POST', `/api/v5/packages/${cast.own}/transfer_spec/download?${query}`, body);
    const named = `type=received&transfer_type=connect&recipient_user_id=${cast.self.id}`;
    for (const path of [{ source: '/a.txt' }, { path: '/a.txt', basename: 'a.txt', type: 'file', size: 1 }]) {
      const { json } = await ask(call, named, { paths: [path] });
      expect(listAt(json, 'paths')).toMatchObject([{ source: expect.stringMatching(/\/a\.txt$/) }]);
    }
    expect(codeOf(await ask(call, 'type=received&transfer_type=connect'))).toBe('403 2088');
    expect(codeOf(await ask(call, 'transfer_type=connect'))).toBe('400 1233');
    expect(codeOf(await ask(call, 'type=received&transfer_type=connect&recipient_user_id=me'))).toBe('400 1235');
    expect(codeOf(await ask(call, 'type=received&transfer_type=connect&recipient_workgroup_id=me'))).toBe('400 1236');
    expect(codeOf(await ask(bob, named))).toBe('403 2088');
  });

  it('browses with per_page or limit, the token in the query or in the body', async () => {
    const { world, cast } = stage();
    const call = await world.signIn(names.self);
    const place = `/api/v5/packages/${cast.fullOwn}/files/received`;
    const named = `recipient_user_id=${cast.self.id}`;
    const first = await call('POST', `${place}/page?${named}&per_page=500`, { path: '/' });
    const token = first.headers.get('x-aspera-next-iteration-token');
    const rest = await call('POST', `${place}/page?${named}&limit=500`, { path: '/', iteration_token: token });
    expect(listAt(rest.json, 'items')).toHaveLength(MANY - 500);
    expect(rest.headers.get('x-aspera-next-iteration-token') ?? '').toBe('');
    expect(codeOf(await call('POST', `${place}/page?${named}&limit=5&per_page=6`, { path: '/' }))).toBe('400 1035');
    const filtered = await call('POST', `${place}?${named}`, { path: '/', filters: { basenames: ['1.dpx'] } });
    expect(listAt(filtered.json, 'items')).toMatchObject([{ path: '/1.dpx', type: 'file', size: '1' }]);
    const sent = `/api/v5/packages/${cast.fullOwn}/files/sent`;
    expect((await call('POST', sent, { path: '/' })).json).toMatchObject({ total_count: MANY });
  });

  it('sends from a shared folder, told in the query as documented', async () => {
    const { world, cast } = stage();
    const call = await world.signIn(names.self);
    const made = async () => objectAt((await call('POST', '/api/v5/packages', toBob)).json).id;
    const id = await made();
    const place = `/api/v5/packages/${id}/remote_transfer`;
    const sent = await call('POST', `${place}?shared_folder_id=${cast.folder.id}`, { paths: ['/stills'] });
    expect([sent.status, sent.json]).toMatchObject([201, { transfer_id: expect.any(String), direction: 'send' }]);
    const status = async () => objectAt((await call('GET', `/api/v5/packages/${id}`)).json).status;
    await expect.poll(status).toBe('completed');
    const other = `/api/v5/packages/${await made()}/remote_transfer`;
    expect(codeOf(await call('POST', other, { paths: ['/x'] }))).toBe('400 1307');
    expect(codeOf(await call('POST', other, { shared_folder_id: cast.folder.id }))).toBe('400 1309');
    expect(codeOf(await call('POST', other, { shared_folder_id: '999999', paths: ['/x'] }))).toBe('404 1303');
  });
}

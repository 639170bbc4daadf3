import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Api, AVA, JONAS, MINA, type PackagePage, type Running, startFaspex, TOMAS } from './start-faspex.ts';

let running: Running;
let ava: Api;
let tomas: Api;
let mina: Api;
let jonas: Api;

beforeAll(async () => {
  running = await startFaspex();
  [ava, tomas, mina, jonas] = (await Promise.all([AVA, TOMAS, MINA, JONAS].map(running.signIn))) as [
    Api,
    Api,
    Api,
    Api,
  ];
});
afterAll(() => running.stop());

async function ids(api: Api, path: string): Promise<readonly string[]> {
  const { status, json } = await api.get<PackagePage>(path);
  if (status !== 200) throw new Error(`${path} answered ${status}`);
  return json.packages.map(({ id }) => id);
}

describe('mailboxes', () => {
  it('show a package in the outbox of its sender and the inboxes of its recipient', async () => {
    const id = await tomas.send(MINA);
    for (const box of ['outbox', 'pending', 'all']) expect(await ids(tomas, `/${box}/packages`)).toContain(id);
    for (const box of ['inbox', 'inbox_all', 'all']) expect(await ids(mina, `/${box}/packages`)).toContain(id);
    for (const box of ['inbox', 'outbox_history']) expect(await ids(tomas, `/${box}/packages`)).not.toContain(id);
    const { json } = await mina.get<PackagePage>('/inbox_all/packages');
    expect(json.packages[0]).toMatchObject({ id, type: 'inbox_all', status: 'starting', sender: { name: TOMAS } });
  });

  it('give members what comes to their workgroup in inbox_all but not in inbox', async () => {
    const recipients = [{ name: 'Editorial', recipient_type: 'workgroup' }];
    const id = await ava.send('', { recipients });
    expect(await ids(mina, '/inbox_all/packages')).toContain(id);
    expect(await ids(mina, '/inbox/packages')).not.toContain(id);
    expect(await ids(jonas, '/inbox_all/packages')).not.toContain(id);
    expect(await ids(mina, '/workgroups/2/packages')).toContain(id);
    expect(await ids(mina, '/packages?workgroup_ids=2').catch(String)).toContain('401');
    expect(await ids(ava, '/packages?workgroup_ids=2,7')).toContain(id);
  });

  it('hide what came to a shared inbox from those who may only submit to it', async () => {
    const metadata = { Outlet: 'Daily', Language: 'English' };
    const recipients = [{ name: 'Press Deliveries', recipient_type: 'shared_inbox' }];
    const id = await tomas.send('', { recipients, metadata });
    expect((await tomas.get('/shared_inboxes/1/packages')).json.code).toBe('1504');
    expect(await ids(tomas, '/inbox_all/packages')).not.toContain(id);
    expect(await ids(mina, '/shared_inboxes/1/packages')).toContain(id);
    expect(await ids(mina, '/inbox_all/packages?shared_inbox_ids=1')).toContain(id);
  });

  it('move a package to the history of whoever archives it', async () => {
    const id = await tomas.send(JONAS);
    expect((await jonas.post(`/packages/${id}/archive/received`)).json).toMatchObject({ archived: true });
    expect((await tomas.post(`/packages/${id}/archive/sent`)).json).toMatchObject({ archived: true });
    expect(await ids(jonas, '/inbox_all/packages')).not.toContain(id);
    for (const box of ['inbox_history', 'inbox_all_history'])
      expect(await ids(jonas, `/${box}/packages`)).toContain(id);
    for (const box of ['outbox_history', 'pending_history']) expect(await ids(tomas, `/${box}/packages`)).toContain(id);
  });

  it('show everything to admins only, and know no other names', async () => {
    const { json } = await ava.get<PackagePage>('/packages?limit=1000');
    expect((await ava.get<PackagePage>('/global/packages')).json.total_count).toBe(json.total_count);
    for (const path of ['/packages', '/global/packages']) expect((await tomas.get(path)).json.code).toBe('2028');
    expect((await tomas.get('/drafts/packages')).json.code).toBe('1025');
  });
});

describe('filters', () => {
  it('search title, note, sender and recipients', async () => {
    const id = await tomas.send(JONAS, { title: 'Zeppelin', note: 'For the archive' });
    for (const q of ['zeppelin', 'ARCHIVE', 'tomás rivera', `${JONAS}@example.com`]) {
      expect(await ids(ava, `/packages?q=${encodeURIComponent(q)}`)).toContain(id);
    }
    expect(await ids(jonas, '/inbox/packages?q=balloon')).toEqual([]);
  });

  it('select by status, upload status and release policy', async () => {
    const id = await tomas.send(JONAS, { release_policy: 'later' });
    expect(await ids(tomas, '/outbox/packages?status=starting&release_policy=later')).toContain(id);
    expect(await ids(tomas, '/outbox/packages?upload_status=submitted')).toContain(id);
    expect(await ids(tomas, '/outbox/packages?upload_status=completed')).not.toContain(id);
    expect((await tomas.get('/outbox/packages?upload_status=lost')).json.code).toBe('1048');
  });

  it('select a range of time with gte: and lte:, joined by a comma or repeated', async () => {
    const id = await tomas.send(JONAS);
    const at = running.faspex.clock.now();
    const [before, after] = [at - 60_000, at + 60_000].map((ms) => new Date(ms).toISOString().slice(0, 19));
    const box = '/outbox/packages?created_time=';
    expect(await ids(tomas, `${box}gte:${before},lte:${after}`)).toContain(id);
    expect(await ids(tomas, `${box}gte:${before}&created_time=lte:${after}`)).toContain(id);
    expect(await ids(tomas, `${box}gte:${after}`)).toEqual([]);
    expect(await ids(tomas, `${box}lte:${before}`)).not.toContain(id);
    expect(await ids(tomas, `/outbox/packages?upload_completion_time=gte:${before}`)).not.toContain(id);
    expect(await ids(tomas, `/outbox/packages?changed_since_date=${before}`)).toContain(id);
    expect((await tomas.get(`${box}${before}`)).json.code).toBe('1013');
    expect((await tomas.get(`${box}gte:yesterday`)).json.code).toBe('1017');
  });

  it('leave deleted packages out only when asked to', async () => {
    const id = await tomas.send(JONAS);
    expect((await tomas.call('DELETE', `/packages/${id}`)).status).toBe(204);
    expect(await ids(tomas, '/outbox/packages')).toContain(id);
    expect(await ids(tomas, '/outbox/packages?ignore_deleted=true')).not.toContain(id);
  });

  it('ignore parameters that the server does not know', async () => {
    expect((await tomas.get('/outbox/packages?mailbox=inbox')).status).toBe(200);
  });
});

describe('pages of packages', () => {
  it('come newest first and fit together', async () => {
    for (const title of ['one', 'two', 'three']) await jonas.send(MINA, { title });
    const { json } = await jonas.get<PackagePage>('/outbox/packages?limit=3');
    expect(json.packages.map(({ title }) => title)).toEqual(['three', 'two', 'one']);
    const all = await ids(ava, '/packages?limit=1000');
    const pages = await Promise.all([0, 4, 8].map((offset) => ids(ava, `/packages?limit=4&offset=${offset}`)));
    expect(pages.flat()).toEqual(all.slice(0, 12));
    expect(await ids(ava, '/packages?offset=1000')).toEqual([]);
  });
});

describe('who may see a package', () => {
  it('are its sender, its recipients and admins', async () => {
    const id = await tomas.send(MINA);
    for (const api of [tomas, mina, ava]) expect((await api.get(`/packages/${id}`)).status).toBe(200);
    const refused = await jonas.get(`/packages/${id}`);
    expect([refused.status, refused.json.code]).toEqual([403, '2088']);
    const unknown = await jonas.get('/packages/4711');
    expect([unknown.status, unknown.json.code]).toEqual([403, '2088']);
    expect((await jonas.get('/packages/first')).json.code).toBe('1223');
  });

  it('are no recipients while its release is withheld', async () => {
    const id = await tomas.send(MINA, { release_policy: 'later' });
    expect(await ids(mina, '/inbox_all/packages')).not.toContain(id);
    expect((await mina.get(`/packages/${id}`)).json.code).toBe('2088');
  });

  it('see private recipients only as far as it concerns them', async () => {
    const more = { private_recipients: [{ name: JONAS }] };
    const id = await tomas.send(MINA, more);
    const seen = async (api: Api) => (await api.get(`/packages/${id}`)).json;
    expect(await seen(mina)).toMatchObject({ recipients: [{ name: MINA }], private_recipients: [] });
    expect(await seen(jonas)).toMatchObject({ recipients: [{ name: MINA }, { name: JONAS }], private_recipients: [] });
    expect(await seen(ava)).toMatchObject({ recipients: [{ name: MINA }], private_recipients: [{ name: JONAS }] });
  });
});

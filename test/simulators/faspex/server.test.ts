import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Api, AVA, MINA, type Running, startFaspex, TOMAS } from './start-faspex.ts';

let running: Running;
let admin: Api;
let tomas: Api;

beforeAll(async () => {
  running = await startFaspex();
  [admin, tomas] = await Promise.all([running.signIn(AVA), running.signIn(TOMAS)]);
});
afterAll(() => running.stop());

const names = (list: unknown) => (list as { name: string }[]).map(({ name }) => name);

describe('the server', () => {
  it('tells its health and its release without a token', async () => {
    const health = await fetch(`${running.faspex.url}/health`);
    expect(await health.json()).toEqual({ core: { connected: true } });
    const ping = await fetch(`${running.faspex.url}/api/v5/configuration/ping`);
    expect([ping.status, await ping.text()]).toEqual([200, '']);
    for (const { headers } of [health, ping]) expect(headers.get('x-ibm-aspera')).toBe('F5.0.13');
  });

  it('answers an unknown route with its own error body', async () => {
    const { status, json } = await admin.get('/nowhere');
    expect([status, json.code, json.status]).toEqual([404, '1002', 'Not Found']);
  });

  it('refuses a body that is no JSON object', async () => {
    const response = await fetch(`${running.faspex.url}/api/v5/packages`, {
      method: 'POST',
      headers: { authorization: tomas.token },
      body: '{"title":',
    });
    expect([response.status, await response.json()]).toMatchObject([400, { code: '1003' }]);
  });
});

describe('collections', () => {
  it('come twenty at a time, with a total and what was asked for', async () => {
    const { json } = await admin.get('/accounts');
    expect(json).toMatchObject({ offset: 0, limit: 20, total_count: 8 });
    const second = await admin.get('/accounts?offset=6&limit=5');
    expect(second.json).toMatchObject({ offset: 6, limit: 5, total_count: 8 });
    expect(second.json.accounts).toHaveLength(2);
  });

  it.each([
    ['limit=-1', '1005'],
    ['limit=many', '1005'],
    ['offset=-1', '1004'],
  ])('refuse %s with 400/%s', async (query, code) => {
    const { status, json } = await tomas.get(`/inbox_all/packages?${query}`);
    expect([status, json.code]).toEqual([400, code]);
  });

  it('refuse to sort by what they cannot', async () => {
    const sorted = await admin.get('/shared_inboxes?sort=-name');
    expect(sorted.status).toBe(200);
    expect((await admin.get('/shared_inboxes?sort=colour')).json.code).toBe('1012');
  });
});

describe('the directory', () => {
  it('finds contacts by any part of a name or address, of the types asked for', async () => {
    const types = ['user', 'workgroup', 'external_user', 'distribution_list', 'shared_inbox'];
    const query = types.map((type) => `type[]=${type}`).join('&');
    const found = await tomas.get(`/contacts?context=packages&${query}&q=MINA.OKA`);
    expect(found.json.contacts).toMatchObject([{ id: '3', name: MINA, type: 'user', email: `${MINA}@example.com` }]);
    const lists = await tomas.get('/contacts?type[]=distribution_list&type[]=shared_inbox');
    expect(names(lists.json.contacts)).toEqual(['Press Deliveries', 'Post-production']);
    expect((await tomas.get('/contacts?type[]=robot')).json.code).toBe('1013');
  });

  it('shows accounts to managers and admins only', async () => {
    expect((await tomas.get('/accounts')).json.code).toBe('2028');
    const manager = await running.signIn(MINA);
    const found = await manager.get(`/accounts?q=${TOMAS}`);
    expect(found.json.accounts).toMatchObject([{ id: '2', role: 'user', type: 'local_user', status: 'active' }]);
    expect((await admin.get('/accounts/2?expand=true')).json).toMatchObject({ name: TOMAS, uploads_allowed: true });
    expect((await admin.get('/accounts/99')).status).toBe(404);
    expect((await admin.get('/accounts/me')).json.code).toBe('1004');
  });

  it('shows shared inboxes and workgroups to their members', async () => {
    expect((await tomas.get('/shared_inboxes')).json.shared_inboxes).toMatchObject([
      { id: '1', name: 'Press Deliveries', user_can_manage: false, metadata_profile_id: '2' },
    ]);
    expect((await tomas.get('/workgroups')).json.total_count).toBe(0);
    expect((await tomas.get('/workgroups/2')).json.code).toBe('1504');
    expect((await admin.get('/workgroups?all=true&q=edit')).json.workgroups).toMatchObject([{ id: '2' }]);
    expect((await admin.get('/shared_inboxes/2')).json.code).toBe('1502');
    expect((await admin.get('/shared_inboxes/9')).json.code).toBe('1500');
  });

  it('lists members with their access, those of workgroups with the documented 201', async () => {
    const inbox = await admin.get('/shared_inboxes/1/members?type[]=user&access=submit_only');
    expect([inbox.status, inbox.json.members]).toMatchObject([200, [{ user_id: '2', access: 'submit_only' }]]);
    const workgroup = await admin.get('/workgroups/2/members');
    expect([workgroup.status, workgroup.json.total_count]).toEqual([201, 2]);
  });

  it('shows distribution lists to whom they belong', async () => {
    expect(names((await admin.get('/account/distribution_lists')).json.distribution_lists)).toHaveLength(2);
    const { json } = await tomas.get('/account/distribution_lists');
    expect(json.distribution_lists).toMatchObject([{ type: 'global', contacts: [{ name: MINA }, { type: 'user' }] }]);
    expect((await tomas.get('/account/distribution_lists/2')).status).toBe(404);
  });

  it('shows metadata profiles, the default one even without a token', async () => {
    const path = '/configuration/metadata_profiles';
    const open = await fetch(`${running.faspex.url}/api/v5${path}/default`);
    expect(await open.json()).toMatchObject({ id: '1', default: true });
    expect((await tomas.get(path)).json.profiles).toMatchObject([{ id: '1' }, { id: '2', name: 'Press' }]);
    const { json } = await tomas.get(`${path}/2`);
    expect(json.fields).toMatchObject([{ name: 'Outlet', require: true }, { type: 'option_list' }, { require: false }]);
  });

  it('keeps preferences and tells who is logged in', async () => {
    const { json } = await tomas.call('PUT', '/account/preferences', { rows_per_page: 50, connect_disabled: true });
    expect(json).toMatchObject({ rows_per_page: 50, connect_disabled: true, locale: 'en' });
    expect((await tomas.get('/account/preferences')).json.rows_per_page).toBe(50);
    const account = await admin.get('/account?expand=true');
    expect(account.json).toMatchObject({ role: 'admin', manages_shared_inboxes: true, encryption_at_rest: 'optional' });
  });
});

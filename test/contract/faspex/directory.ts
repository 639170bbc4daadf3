import { expect, it } from 'vitest';
import { listAt, objectAt, valueAt } from '../openapi/json.ts';
import { names } from './cast.ts';
import type { Stage } from './stage.ts';

/** What the signed-in user learns of themselves (aspera-apps-api.md §3). */
const ownMembers = [
  ...['id', 'name', 'first_name', 'last_name', 'email', 'status', 'role', 'type', 'slug', 'account_activated'],
  ...['last_login_time', 'can_have_public_url', 'can_invite', 'can_send_normal_packages', 'uploads_allowed'],
  ...['forwards_allowed', 'manages_shared_inboxes', 'manages_workgroups', 'obfuscation_optional', 'encryption_at_rest'],
  ...['connect_enabled', 'gateway_enabled', 'gateway_url', 'public_url', 'allow_send_to_email'],
  'user_profile_data_attributes',
];

/** Server, people, groups and profiles (aspera-apps-api.md §1.1, §3, §4, §6, §9). */
export function judgeDirectory(stage: () => Stage): void {
  const codeOf = (answer: { status: number; json: unknown }) => `${answer.status} ${objectAt(answer.json).code}`;

  it('shows its version in a header, without a token, where clients look for it', async () => {
    const { anyone } = stage().world;
    for (const path of ['/', '/health', '/api/v5/configuration/ping']) {
      const { status, headers } = await anyone('GET', path);
      expect([path, status, headers.get('x-ibm-aspera')]).toEqual([path, 200, expect.stringMatching(/^F5\.\d+\.\d+$/)]);
    }
    expect((await anyone('GET', '/api/v5/configuration/ping')).text).toBe('');
    expect((await anyone('GET', '/health')).json).toEqual({ core: { connected: true } });
    expect(codeOf(await anyone('GET', '/api/v5/version'))).toBe('401 2002');
    const unknown = await fetch(`${stage().world.faspex.url}/api/v5/no/such/route`);
    expect([unknown.status, await unknown.json()]).toMatchObject([404, { code: '1002', message: expect.any(String) }]);
  });

  it('pages every collection by offset and limit, 20 unless told otherwise, and refuses other numbers', async () => {
    const call = await stage().world.signIn(names.self);
    const { json } = await call('GET', '/api/v5/packages');
    expect(json).toMatchObject({ offset: 0, limit: 20, total_count: expect.any(Number) });
    const [, second] = listAt(json, 'packages');
    const page = await call('GET', '/api/v5/packages?offset=1&limit=1');
    const { total_count } = objectAt(json);
    expect(page.json).toMatchObject({ offset: 1, limit: 1, total_count, packages: [{ id: second?.id }] });
    expect(codeOf(await call('GET', '/api/v5/packages?offset=-1'))).toBe('400 1004');
    for (const limit of ['-1', 'all'])
      expect(codeOf(await call('GET', `/api/v5/packages?limit=${limit}`))).toBe('400 1005');
  });

  it('shows and changes the signed-in user', async () => {
    const call = await stage().world.signIn(names.self);
    for (const query of ['', '?expand=true']) {
      const { json } = await call('GET', `/api/v5/account${query}`);
      expect(json).toMatchObject({ name: names.self, role: 'admin' });
      expect(Object.keys(objectAt(json))).toEqual(expect.arrayContaining(ownMembers));
    }
    const { json } = await call('PUT', '/api/v5/account/preferences', { rows_per_page: 50, locale: 'de' });
    expect(json).toMatchObject({ rows_per_page: 50, locale: 'de' });
    expect((await call('GET', '/api/v5/account/preferences')).json).toEqual(json);
    expect(codeOf(await call('PUT', '/api/v5/account/preferences', { public_key: 'no key' }))).toBe('400 1003');
  });

  it('lists accounts to managers, by type, role and text, and to nobody else', async () => {
    const call = await stage().world.signIn(names.self);
    const list = async (query: string) => listAt((await call('GET', `/api/v5/accounts?${query}`)).json, 'accounts');
    expect((await list('role=admin')).map(({ name }) => name)).toEqual([names.self]);
    expect((await list('type[]=external_user')).every(({ type }) => type === 'external_user')).toBe(true);
    expect((await list('active=false')).every(({ status }) => status === 'inactive')).toBe(true);
    expect((await list('q=JONAS')).map(({ name }) => name)).toEqual([names.bob]);
    expect((await call('GET', `/api/v5/accounts/${stage().cast.bob.id}?expand=true`)).json).toMatchObject({
      name: names.bob,
    });
    expect(codeOf(await call('GET', '/api/v5/accounts/999999'))).toBe('404 1004');
    expect(codeOf(await call('GET', '/api/v5/accounts/none'))).toBe('400 1004');
    const plain = await stage().world.signIn(names.bob);
    expect(codeOf(await plain('GET', '/api/v5/accounts'))).toBe('401 2028');
  });

  it('finds contacts of all five types by a part of their names', async () => {
    const call = await stage().world.signIn(names.self);
    const { json } = await call('GET', '/api/v5/contacts?context=packages&limit=100');
    const types = new Set(listAt(json, 'contacts').map(({ type }) => type));
    expect(types).toEqual(new Set(['user', 'external_user', 'workgroup', 'shared_inbox', 'distribution_list']));
    const found = await call('GET', '/api/v5/contacts?type[]=shared_inbox&q=press');
    expect(listAt(found.json, 'contacts')).toMatchObject([{ type: 'shared_inbox', name: stage().cast.inbox.name }]);
    expect(objectAt((await call('GET', '/api/v5/contacts?q=nobody-at-all')).json).total_count).toBe(0);
  });

  it('shows distribution lists with their contacts', async () => {
    const call = await stage().world.signIn(names.self);
    const { json } = await call('GET', '/api/v5/account/distribution_lists');
    const [first] = listAt(json, 'distribution_lists');
    expect(first).toMatchObject({ type: expect.stringMatching(/^(global|personal)$/), contacts: expect.any(Array) });
    expect((await call('GET', `/api/v5/account/distribution_lists/${first?.id}`)).json).toEqual(first);
    expect((await call('GET', '/api/v5/account/distribution_lists/999999')).status).toBe(404);
  });

  it.each(['shared_inboxes', 'workgroups'] as const)('shows %s and their members', async (kind) => {
    const call = await stage().world.signIn(names.self);
    const { json } = await call('GET', `/api/v5/${kind}?sort=name`);
    const [group] = listAt(json, kind);
    expect((await call('GET', `/api/v5/${kind}/${group?.id}`)).json).toEqual(group);
    const members = await call('GET', `/api/v5/${kind}/${group?.id}/members`);
    expect(listAt(members.json, 'members')[0]).toMatchObject({
      user_id: expect.any(String),
      access: expect.any(String),
    });
    expect(codeOf(await call('GET', `/api/v5/${kind}?sort=colour`))).toBe('400 1012');
    expect((await call('GET', `/api/v5/${kind}/999999`)).status).toBe(404);
    expect((await call('GET', `/api/v5/${kind}/${group?.id}/packages`)).status).toBe(200);
    const outsider = await stage().world.signIn(names.bob);
    expect(codeOf(await outsider('GET', `/api/v5/${kind}/${group?.id}/packages`))).toBe('403 1504');
  });

  it('does not let somebody list an inbox who may only submit to it', async () => {
    const { world, cast } = stage();
    const submitter = await world.signIn('tomas.rivera');
    expect(codeOf(await submitter('GET', `/api/v5/shared_inboxes/${cast.inbox.id}/packages`))).toBe('403 1504');
  });

  it('shows metadata profiles, the default one to anybody', async () => {
    const { anyone, signIn } = stage().world;
    const { json: standard } = await anyone('GET', '/api/v5/configuration/metadata_profiles/default');
    expect(standard).toMatchObject({ default: true, fields: expect.any(Array) });
    const call = await signIn(names.self);
    const { json } = await call('GET', '/api/v5/configuration/metadata_profiles');
    expect(listAt(json, 'profiles')).toContainEqual(standard);
    for (const profile of listAt(json, 'profiles')) {
      expect((await call('GET', `/api/v5/configuration/metadata_profiles/${profile.id}`)).json).toEqual(profile);
    }
    expect((await call('GET', '/api/v5/configuration/metadata_profiles/999999')).status).toBe(404);
    expect(valueAt(standard, 'fields', 0, 'name')).toBeTypeOf('string');
  });

  it('browses shared folders in both generations, and lets nobody leave them', async () => {
    const { world, cast } = stage();
    const call = await world.signIn(names.self);
    const place = `/api/v5/nodes/${cast.folder.node_id}/shared_folders/${cast.folder.id}/browse`;
    for (const path of [place, `${place}/page`]) {
      const { json } = await call('POST', path, { path: '/', filters: { basenames: ['*.txt'] } });
      expect(listAt(json, 'items')).toMatchObject([{ path: '/reel.mov.txt', type: 'file', size: expect.any(String) }]);
      expect((await call('POST', path, {})).status).toBe(400);
    }
    expect((await call('POST', place, { path: '/../' })).status).toBe(400);
    expect((await call('POST', '/api/v5/nodes/1/shared_folders/999999/browse', { path: '/' })).status).toBe(404);
  });
}

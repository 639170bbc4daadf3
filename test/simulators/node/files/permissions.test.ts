import { describe, expect, it } from 'vitest';
import { type Asker, type FileBody, mountFiles } from './mounted-files.ts';

interface PermissionBody {
  readonly id: string;
  readonly file_id: string;
  readonly access_id: string;
  readonly [member: string]: unknown;
}

/** A tree /team/{shared/{a.txt,deep/b.txt},shared-not/d.txt,private/c.txt} and ways to grant. */
async function mount() {
  const files = await mountFiles();
  files.write('team/shared/a.txt', 'a');
  files.write('team/shared/deep/b.txt', 'b');
  files.write('team/shared-not/d.txt', 'd');
  files.write('team/private/c.txt', 'c');
  const idOf = (path: string) => files.ids.fileIdOf(files.storage, path);
  const grant = (
    path: string,
    access_id: string,
    access_levels: string[],
    more: object = {},
    asker: Asker = 'accessKey',
  ) =>
    files.call<PermissionBody>(asker, 'POST', '/permissions', {
      body: { file_id: idOf(path), access_type: 'user', access_id, access_levels, ...more },
    });
  const list = (query = '', asker: Asker = 'accessKey') =>
    files.call<PermissionBody[]>(asker, 'GET', `/permissions${query}`);
  const status = async (asker: Asker, method: string, path: string, body?: object) =>
    (await files.call(asker, method, path, body ? { body } : {})).status;
  return { ...files, idOf, grant, list, status };
}

const ids = (permissions: readonly PermissionBody[]) => permissions.map(({ id }) => id);

describe('permissions on files', () => {
  it('are inherited by everything below a folder, and by nothing else', async () => {
    const { grant, status, idOf } = await mount();
    await grant('/team/shared', 'ada', ['list', 'read']);
    const seen = async (path: string) => status('ada', 'GET', `/files/${idOf(path)}`);
    expect(await seen('/team/shared')).toBe(200);
    expect(await seen('/team/shared/deep/b.txt')).toBe(200);
    expect(await seen('/team')).toBe(403);
    expect(await seen('/')).toBe(403);
    expect(await seen('/team/private/c.txt')).toBe(403);
    expect(await seen('/team/shared-not/d.txt')).toBe(403);
    expect(await status('bob', 'GET', `/files/${idOf('/team/shared')}`)).toBe(403);
  });

  it('are asked for level by level', async () => {
    const { grant, status, idOf, call } = await mount();
    const made = await grant('/team/shared', 'ada', ['preview']);
    const folder = `/files/${idOf('/team/shared')}`;
    const file = `/files/${idOf('/team/shared/a.txt')}`;
    const calls: [level: string, expected: number, method: string, path: string, body?: object][] = [
      ['list', 200, 'GET', `${folder}/files`],
      ['read', 200, 'GET', `${file}/content`],
      ['write', 200, 'POST', `${folder}/files`, { name: 'new', type: 'file' }],
      ['mkdir', 200, 'POST', `${folder}/files`, { name: 'newd', type: 'folder' }],
      ['rename', 204, 'PUT', file, { name: 'renamed.txt' }],
      ['delete', 204, 'DELETE', file],
    ];
    for (const [level, expected, method, path, body] of calls) {
      expect([level, await status('ada', method, path, body)]).toEqual([level, 403]);
      await call('accessKey', 'PUT', `/permissions/${made.json.id}`, { body: { access_levels: [level] } });
      expect([level, await status('ada', method, path, body)]).toEqual([level, expected]);
    }
  });

  it('reach the members of a group, add up, and end when they are deleted', async () => {
    const { grant, status, call, idOf } = await mount();
    const group = await grant('/team', 'editors', ['list'], { access_type: 'group' });
    await grant('/team/shared', 'bob', ['read']);
    const path = `/files/${idOf('/team/shared')}?include=access_levels`;
    expect((await call<FileBody>('bob', 'GET', path)).json).toMatchObject({
      access_levels: ['list', 'read'],
      access_level: 'view',
    });
    expect(await status('ada', 'GET', path)).toBe(403);
    const deleted = await call('accessKey', 'DELETE', `/permissions/${group.json.id}`);
    expect([deleted.status, deleted.bytes.length, deleted.headers.get('content-length')]).toEqual([200, 0, '0']);
    expect((await call<FileBody>('bob', 'GET', path)).json).toMatchObject({ access_levels: ['read'] });
  });

  it('do not hold admins, who alone see paths', async () => {
    const { grant, call, idOf } = await mount();
    await grant('/team/shared', 'ada', ['list']);
    const path = `/files/${idOf('/team/shared/a.txt')}`;
    expect((await call<FileBody>('admin', 'GET', path)).json.path).toBe('/team/shared/a.txt');
    expect((await call<FileBody>('ada', 'GET', path)).json).not.toHaveProperty('path');
    const listed = await call<FileBody[]>('ada', 'GET', `/files/${idOf('/team/shared')}/files`);
    expect(listed.json.map(({ name }) => name)).toEqual(['a.txt', 'deep']);
    expect(listed.json.every((file) => file.path === undefined)).toBe(true);
  });
});

describe('/permissions', () => {
  it('creates a permission with its author and times, once per file and user', async () => {
    const { grant, idOf } = await mount();
    const made = await grant('/team', 'ada', ['list', 'write'], { tags: { team: 'x' } });
    expect(made.status).toBe(200);
    expect(made.json).toEqual({
      id: expect.stringMatching(/^\d+$/),
      file_id: idOf('/team'),
      access_type: 'user',
      access_id: 'ada',
      access_levels: ['list', 'write'],
      access_level: 'edit',
      tags: { team: 'x' },
      created_by_id: 'ASPERA_ACCESS_KEY_ADMIN',
      created_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
      last_updated_by_id: 'ASPERA_ACCESS_KEY_ADMIN',
      last_updated_at: made.json.created_at,
    });
    expect((await grant('/team', 'ada', ['list'])).status).toBe(409);
    expect((await grant('/team', 'ada', ['list'], { access_type: 'group' })).status).toBe(200);
  });

  it('takes the old access_level, and refuses bodies that say too little or nonsense', async () => {
    const { status, idOf, call } = await mount();
    const base = { file_id: idOf('/team'), access_type: 'user', access_id: 'ada' };
    for (const body of [
      base,
      { ...base, access_levels: ['fly'] },
      { ...base, access_levels: [] },
      { ...base, access_type: 'robot', access_levels: ['list'] },
    ]) {
      expect(await status('accessKey', 'POST', '/permissions', body)).toBe(400);
    }
    expect(await status('accessKey', 'POST', '/permissions', { ...base, file_id: '999', access_level: 'view' })).toBe(
      404,
    );
    const made = await call<PermissionBody>('accessKey', 'POST', '/permissions', {
      body: { ...base, access_level: 'view' },
    });
    expect(made.json).toMatchObject({ access_levels: ['list', 'read', 'preview'], access_level: 'view' });
  });

  it('answers the listing that ascli asks for, page by page', async () => {
    const { grant, list, idOf } = await mount();
    await grant('/', 'root-user', ['list']);
    for (let index = 0; index < 7; index += 1) await grant('/team', `user-${index}`, ['list']);
    const query = `?include[]=access_level&include[]=permission_count&file_id=${idOf('/team')}&inherited=false`;
    const whole = await list(`${query}&per_page=500&page=1`);
    expect(whole.json.map(({ access_id }) => access_id)).toEqual(Array.from({ length: 7 }, (_, n) => `user-${n}`));
    expect(whole.headers.get('x-total-count')).toBe('7');
    const second = await list(`${query}&per_page=5&page=2`);
    expect(second.json.map(({ access_id }) => access_id)).toEqual(['user-5', 'user-6']);
    expect(second.headers.get('x-total-count')).toBe('7');
    expect((await list('?page=1')).status).toBe(400);
  });

  it('lists inherited permissions of a file unless they are left out', async () => {
    const { grant, list, idOf } = await mount();
    const [root, team, own, other] = [
      await grant('/', 'u', ['list']),
      await grant('/team', 'u', ['list']),
      await grant('/team/shared', 'u', ['list']),
      await grant('/team/private', 'u', ['list']),
    ].map(({ json }) => json.id);
    const shared = `?file_id=${idOf('/team/shared')}`;
    expect(ids((await list(shared)).json)).toEqual([root, team, own]);
    expect(ids((await list(`${shared}&inherited=true`)).json)).toEqual([root, team, own]);
    expect(ids((await list(`${shared}&inherited=false`)).json)).toEqual([own]);
    expect(ids((await list(`${shared}&created_by_id=ASPERA_ACCESS_KEY_ADMIN`)).json)).toEqual([own]);
    expect(ids((await list()).json)).toEqual([root, team, own, other]);
    expect((await list('?file_id=999')).status).toBe(404);
    expect((await list(`${shared}&inherited=maybe`)).status).toBe(400);
  });

  it('filters by who, level and tag', async () => {
    const { grant, list } = await mount();
    const one = await grant('/team', 'ada', ['list'], {
      tags: { aspera: { files: { workspace: '7' } }, kind: 'share' },
    });
    const two = await grant('/team', 'editors', ['list', 'write'], { access_type: 'group' });
    const found = async (query: string) => ids((await list(`?${query}`)).json);
    expect(await found('access_type=group&access_id=editors')).toEqual([two.json.id]);
    expect(await found('access_id=ada')).toEqual([one.json.id]);
    expect(await found('access_level=edit')).toEqual([two.json.id]);
    expect(await found('access_levels[]=list&access_levels[]=write')).toEqual([two.json.id]);
    expect(await found('last_updated_by_id=nobody')).toEqual([]);
    expect(await found('tags=kind(share)')).toEqual([one.json.id]);
    expect(await found('tags=aspera.files.workspace(7)')).toEqual([one.json.id]);
    expect(await found('tags=constructor(x)')).toEqual([]);
    expect((await list('?tags=nonsense')).status).toBe(400);
  });

  it('embeds the file when it is asked to', async () => {
    const { grant, list, call, idOf } = await mount();
    const made = await grant('/team/shared/a.txt', 'ada', ['read']);
    const file = { id: idOf('/team/shared/a.txt'), name: 'a.txt', path: '/team/shared/a.txt', type: 'file', size: 1 };
    expect((await list('?embed[]=file')).json[0]).toMatchObject({ id: made.json.id, file });
    expect((await list()).json[0]).not.toHaveProperty('file');
    const shown = await call<PermissionBody>('accessKey', 'GET', `/permissions/${made.json.id}?embed[]=file`);
    expect(shown.json).toMatchObject({ id: made.json.id, file });
  });

  it('changes levels or tags and notes who did it when', async () => {
    const { grant, call, clock } = await mount();
    const made = await grant('/team', 'ada', ['list', 'write'], { tags: { a: '1' } });
    clock.advance(60_000);
    const body = { access_levels: ['list'], file_id: '1', access_id: 'someone else' };
    const changed = await call<PermissionBody>('admin', 'PUT', `/permissions/${made.json.id}`, { body });
    expect(changed.json).toMatchObject({
      access_levels: ['list'],
      access_level: 'view',
      access_id: 'ada',
      file_id: made.json.file_id,
      tags: { a: '1' },
      created_by_id: 'ASPERA_ACCESS_KEY_ADMIN',
      last_updated_by_id: 'admin',
    });
    const age = Date.parse(String(changed.json.last_updated_at)) - Date.parse(String(changed.json.created_at));
    expect(age).toBeGreaterThanOrEqual(60_000);
    const shown = await call<PermissionBody>('accessKey', 'GET', `/permissions/${made.json.id}`);
    expect(shown.json).toEqual(changed.json);
    expect((await call('accessKey', 'PUT', '/permissions/999', { body })).status).toBe(404);
  });

  it('shows callers without a permission on the root only what is theirs or by them', async () => {
    const { grant, list, idOf } = await mount();
    const [ada, group, other] = [
      await grant('/team/shared', 'ada', ['list']),
      await grant('/team', 'editors', ['list'], { access_type: 'group' }),
      await grant('/team/shared', 'carol', ['list']),
    ].map(({ json }) => json.id);
    expect(ids((await list('', 'ada')).json)).toEqual([ada]);
    expect(ids((await list('', 'bob')).json)).toEqual([group]);
    expect(ids((await list(`?file_id=${idOf('/team/shared')}`, 'ada')).json)).toEqual([ada]);
    expect((await list(`?file_id=${idOf('/team/private')}`, 'ada')).status).toBe(403);
    const byAda = await grant('/team/shared/deep', 'dave', ['list'], {}, 'ada');
    expect(byAda.json).toMatchObject({ created_by_id: 'ada' });
    expect(ids((await list('', 'ada')).json)).toEqual([ada, byAda.json.id]);
    const rooted = await grant('/', 'ada', ['preview']);
    expect(ids((await list('', 'ada')).json)).toEqual([ada, group, other, byAda.json.id, rooted.json.id]);
  });

  it('lets nobody grant, show, change or delete on files that they hold no permission on', async () => {
    const { grant, status } = await mount();
    await grant('/team/shared', 'ada', ['list']);
    const foreign = (await grant('/team/private', 'carol', ['list'])).json.id;
    expect((await grant('/team/private', 'ada', ['list'], {}, 'ada')).status).toBe(403);
    expect(await status('ada', 'GET', `/permissions/${foreign}`)).toBe(404);
    expect(await status('ada', 'PUT', `/permissions/${foreign}`, { access_levels: ['list'] })).toBe(403);
    expect(await status('ada', 'DELETE', `/permissions/${foreign}`)).toBe(403);
    expect(await status('accessKey', 'GET', `/permissions/${foreign}`)).toBe(200);
  });

  it('belong to one access key and end with their file', async () => {
    const { grant, list, call, idOf } = await mount();
    const made = await grant('/team/shared', 'ada', ['list']);
    expect((await list('', 'otherKey')).json).toEqual([]);
    expect((await call('otherKey', 'GET', `/permissions/${made.json.id}`)).status).toBe(404);
    await call('accessKey', 'DELETE', `/files/${idOf('/team')}`);
    expect((await list()).json).toEqual([]);
    expect((await call('accessKey', 'GET', `/permissions/${made.json.id}`)).status).toBe(404);
  });
});

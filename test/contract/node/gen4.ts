import { expect, it } from 'vitest';
import { type Json, listAt, objectAt } from '../openapi/json.ts';
import { MANY, type NodeWorld } from './node-world.ts';

const version4 = { 'accept-version': '4.0' };
const named = (json: unknown, name: string): Json => listAt(json).find((entry) => entry.name === name) ?? {};

/** File ids: access key and bearer token (aspera-node-api.md §4). */
export function judgeGen4(world: () => NodeWorld): void {
  const key: NodeWorld['london']['key'] = (...parameters) => world().london.key(...parameters);
  const idOf = async (name: string) => String(named((await key('GET', '/files/1/files')).json, name).id);

  it('shows the root and what it holds, with ids as strings', async () => {
    const { json: root } = await key('GET', '/files/1');
    expect(root).toMatchObject({ id: '1', type: 'folder' });
    const { json, headers } = await key('GET', '/files/1/files');
    expect(headers.get('x-total-count')).toBe(String(listAt(json).length));
    expect(named(json, 'a.txt')).toMatchObject({ id: expect.any(String), type: 'file', size: 9 });
    expect(named(json, 'rushes').type).toBe('folder');
    expect(named(json, 'a.txt').modified_time).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
  });

  it('adds what `include` asks for', async () => {
    const include = 'include=access_levels,permission_count,recursive_counts';
    const { json } = await key('GET', `/files/${await idOf('rushes')}?${include}`);
    expect(json).toMatchObject({
      ...{ recursive_size: 3_002_000, recursive_file_count: 2, recursive_folder_count: 1, recursive_link_count: 0 },
      ...{ permission_count: 0, access_levels: ['list', 'read', 'write', 'delete', 'mkdir', 'rename', 'preview'] },
    });
  });

  it('pages by number only when both numbers are given', async () => {
    const many = await idOf('many');
    const { json, headers } = await key('GET', `/files/${many}/files?page=2&per_page=1000`);
    expect(listAt(json)).toHaveLength(MANY - 1000);
    expect(headers.get('x-total-count')).toBe(String(MANY));
    expect((await key('GET', `/files/${many}/files?page=2`)).status).toBe(400);
    expect(listAt((await key('GET', `/files/${many}/files`)).json)).toHaveLength(MANY);
  });

  it('sorts and filters by name, size, type and time', async () => {
    const names = async (query: string) =>
      listAt((await key('GET', `/files/1/files?${query}`)).json).map(({ name }) => name);
    expect(await names('type=file&sort=size')).toEqual(['a.txt', 'two words.txt']);
    expect(await names('name=a.txt&include=access_levels')).toEqual(['a.txt']);
    expect(await names('name_glob=*.TXT')).toEqual([]);
    expect(await names('name_iglob=*.TXT')).toEqual(['a.txt', 'two words.txt']);
    expect(await names('min_size=9')).toEqual(['two words.txt']);
    expect(await names('type=file&max_modified_time=2011-01-31T00:00:00Z')).toEqual([]);
  });

  it('creates, renames and deletes by id', async () => {
    const spare = await idOf('spare');
    const made = await key('POST', `/files/${spare}/files`, { name: 'by id', type: 'folder' });
    expect(made.json).toMatchObject({ name: 'by id', type: 'folder', id: expect.any(String) });
    const { id } = objectAt(made.json);
    expect((await key('POST', `/files/${spare}/files`, { name: 'by id', type: 'folder' })).status).toBe(409);
    expect((await key('POST', `/files/${spare}/files`, { type: 'folder' })).status).toBe(400);
    expect(await key('PUT', `/files/${id}`, { name: 'renamed' })).toMatchObject({ status: 204 });
    expect((await key('GET', `/files/${id}`)).json).toMatchObject({ name: 'renamed' });
    expect(await key('DELETE', `/files/${id}`)).toMatchObject({ status: 204 });
    expect((await key('GET', `/files/${id}`)).status).toBe(404);
    expect((await key('DELETE', `/files/${id}`)).status).toBe(404);
  });

  it('shows a link with its target, and hides the file that holds it', async () => {
    const target = { target_id: await idOf('rushes'), target_node_id: 'another-node' };
    const spare = await idOf('spare');
    const made = await key('POST', `/files/${spare}/files`, { name: 'elsewhere', type: 'link', ...target });
    expect(made.json).toMatchObject({ name: 'elsewhere', type: 'link' });
    const { json } = await key('GET', `/files/${spare}/files?target_node_id=another-node`);
    expect(listAt(json)).toMatchObject([{ name: 'elsewhere', type: 'link', ...target }]);
    const taken = await key('POST', `/files/${spare}/files`, { name: 'elsewhere', type: 'folder' });
    expect(taken.status).toBe(409);
  });

  it('makes a file of contents and gives them back', async () => {
    const contents = Buffer.from('made by id').toString('base64');
    const spare = await idOf('spare');
    const made = await key('POST', `/files/${spare}/files`, { name: 'made.txt', type: 'file', contents });
    const { id } = objectAt(made.json);
    expect((await key('GET', `/files/${id}/content`)).text).toBe('made by id');
    expect((await key('GET', `/files/${spare}/content`)).status).toBe(400);
    expect((await key('GET', '/files/999999/content')).status).toBe(404);
  });

  it('deletes in the background with version 4.0 and tells how far it is', async () => {
    const made = await key('POST', `/files/${await idOf('spare')}/files`, { name: 'slowly', type: 'folder' });
    const { id } = objectAt(made.json);
    const started = await key('DELETE', `/files/${id}`, undefined, version4);
    expect(started.status).toBe(202);
    const { job_id } = objectAt(started.json);
    const status = async () =>
      objectAt((await key('GET', `/files/${id}?ajq_id=${job_id}`, undefined, version4)).json).status;
    await expect.poll(status).toBe('complete');
    expect((await key('GET', `/files/${id}?ajq_id=none`, undefined, version4)).status).toBe(404);
  });

  it('refuses ids that do not exist, callers without a key, and bearers without the header', async () => {
    expect((await key('GET', '/files/999999')).status).toBe(404);
    expect((await key('GET', '/files/999999/files')).status).toBe(404);
    expect((await key('GET', `/files/${await idOf('a.txt')}/files`)).status).toBe(400);
    expect((await key('PUT', '/files/999999', { name: 'x' })).status).toBe(404);
    expect((await world().london.anyone('GET', '/files/1')).status).toBe(401);
    const wrong = world().london.bearer({ privateKey: world().tokyo.simulator.accessKeyPrivateKey });
    expect((await wrong('GET', '/files/1')).status).toBe(401);
    const late = world().london.bearer({ expiresAt: new Date(Date.now() - 1_000) });
    expect((await late('GET', '/files/1')).status).toBe(401);
  });

  it('lets an admin’s bearer token see the paths, and no user’s', async () => {
    const admin = world().london.bearer({ scope: 'admin:all' });
    expect(objectAt((await admin('GET', `/files/${await idOf('rushes')}`)).json).path).toBe('/rushes');
    const { json: granted } = await key('POST', '/permissions', {
      ...{ file_id: await idOf('rushes'), access_type: 'user', access_id: 'viewer', access_levels: ['list', 'read'] },
    });
    const viewer = world().london.bearer({ userId: 'viewer' });
    const { json } = await viewer('GET', `/files/${await idOf('rushes')}?include=access_levels`);
    expect(objectAt(json).path).toBeUndefined();
    expect(json).toMatchObject({ name: 'rushes', access_levels: ['list', 'read'] });
    await key('DELETE', `/permissions/${objectAt(granted).id}`);
  });
}

import { expect, it } from 'vitest';
import { type Json, listAt, objectAt } from '../openapi/json.ts';
import type { NodeWorld } from './node-world.ts';

/** The access control of gen4 (aspera-node-api.md §2 /permissions). */
export function judgePermissions(world: () => NodeWorld): void {
  const key: NodeWorld['london']['key'] = (...parameters) => world().london.key(...parameters);
  const request = { file_id: '1', access_type: 'user', access_id: 'carla', access_levels: ['list', 'read'] };
  const grant = async (changes: Json = {}) =>
    objectAt((await key('POST', '/permissions', { ...request, ...changes })).json);

  it('gives, shows, changes and takes away a permission', async () => {
    const permission = await grant({ tags: { colour: 'red' } });
    expect(permission).toMatchObject({ ...request, tags: { colour: 'red' }, created_by_id: 'ASPERA_ACCESS_KEY_ADMIN' });
    expect((await key('POST', '/permissions', request)).status).toBe(409);
    const place = `/permissions/${permission.id}`;
    expect((await key('PUT', place, { access_levels: ['list'] })).json).toMatchObject({ access_levels: ['list'] });
    const shown = await key('GET', `${place}?embed[]=file`);
    expect(shown.json).toMatchObject({
      access_id: 'carla',
      access_levels: ['list'],
      file: { id: '1', type: 'folder' },
    });
    const gone = await key('DELETE', place);
    expect([gone.status, gone.text, gone.headers.get('content-length')]).toEqual([200, '', '0']);
    for (const method of ['GET', 'PUT', 'DELETE']) {
      const answer = await key(method, place, method === 'PUT' ? { access_levels: ['list'] } : undefined);
      expect([method, answer.status]).toEqual([method, 404]);
    }
  });

  it('lists a bare array with its size in a header, filtered and with the file', async () => {
    const made = [await grant({ access_id: 'one' }), await grant({ access_id: 'two', access_type: 'group' })];
    const { json, headers } = await key('GET', '/permissions?file_id=1&access_type=group&embed[]=file');
    expect(headers.get('x-total-count')).toBe('1');
    expect(json).toMatchObject([{ access_id: 'two', file: { id: '1', type: 'folder' } }]);
    const operation = world().contract.find('GET', '/permissions/1');
    const [listed] = listAt((await key('GET', '/permissions?access_id=one')).json);
    // The document says that the list is one permission; each of its members is.
    const answer = { status: 200, headers: new Headers(), text: '{}', json: { ...listed, tags: '' } };
    expect(operation && world().contract.deviations(operation, answer)).toEqual([]);
    for (const { id } of made) await key('DELETE', `/permissions/${id}`);
  });

  it('pages by number', async () => {
    const made: Json[] = [];
    for (const access_id of ['a', 'b', 'c']) made.push(await grant({ access_id }));
    const { json, headers } = await key('GET', '/permissions?file_id=1&page=2&per_page=2');
    expect(listAt(json)).toHaveLength(1);
    expect(headers.get('x-total-count')).toBe('3');
    for (const { id } of made) await key('DELETE', `/permissions/${id}`);
  });

  it('refuses unknown levels, a missing file, and a user without any permission', async () => {
    expect((await key('POST', '/permissions', { ...request, access_levels: ['everything'] })).status).toBe(400);
    expect((await key('POST', '/permissions', {})).status).toBe(400);
    expect((await world().london.bearer({ userId: 'nobody' })('POST', '/permissions', request)).status).toBe(403);
    expect((await world().london.anyone('GET', '/permissions')).status).toBe(401);
  });

  it('refuses sub access keys', async () => {
    const { json } = await key('POST', '/access_keys', { storage: { type: 'local', path: '/spare' } });
    const { id, secret } = objectAt(json);
    const authorization = `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`;
    expect((await world().london.anyone('GET', '/permissions', undefined, { authorization })).status).toBe(403);
    await key('DELETE', `/access_keys/${id}`);
  });
}

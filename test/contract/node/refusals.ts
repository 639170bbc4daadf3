import { expect, it } from 'vitest';
import { listAt, objectAt } from '../openapi/json.ts';
import type { NodeWorld } from './node-world.ts';
import { authorize, followed, passedOn, posted } from './run-transfer.ts';

const badSyntax: readonly { readonly method: string; readonly path: string; readonly body?: unknown }[] = [
  { method: 'POST', path: '/files/info', body: {} },
  { method: 'POST', path: '/files/rename', body: { paths: [{ path: '/' }] } },
  { method: 'POST', path: '/files/create', body: {} },
  { method: 'POST', path: '/files/search', body: {} },
  { method: 'POST', path: '/files/du', body: {} },
  { method: 'GET', path: '/files/%2Frushes/contents' },
  { method: 'POST', path: '/files/1/files', body: { name: 'a/b', type: 'folder' } },
  { method: 'PUT', path: '/files/1', body: { name: '' } },
  { method: 'GET', path: '/files/1/files?sort=colour' },
  { method: 'GET', path: '/permissions?page=1' },
  { method: 'GET', path: '/ops/transfers?active_only=perhaps' },
  { method: 'GET', path: '/ops/transfers?view=everything' },
  { method: 'GET', path: '/ops/transfers?after_time=yesterday' },
  { method: 'GET', path: '/ops/transfers?count=-1' },
  { method: 'GET', path: '/ops/transfers/bandwidth?duration=long' },
  { method: 'GET', path: '/events?after_time=yesterday' },
  { method: 'POST', path: '/ops/transfers', body: 'not JSON' },
];

/** What a node refuses, whichever operation it is (aspera-node-api.md §1.2, §1.5). */
export function judgeRefusals(world: () => NodeWorld): void {
  it.each(badSyntax)('$method $path with bad syntax is 400', async ({ method, path, body }) => {
    expect((await world().london.key(method, path, body)).status).toBe(400);
  });

  it('lets nobody change a permission who does not hold the file', async () => {
    const { london } = world();
    const request = { file_id: '1', access_type: 'user', access_id: 'reader', access_levels: ['list'] };
    const { id } = objectAt((await london.key('POST', '/permissions', request)).json);
    const stranger = london.bearer({ userId: 'stranger' });
    for (const [method, body] of [['PUT', { access_levels: ['list', 'read'] }], ['DELETE'], ['GET']] as const) {
      expect([method, (await stranger(method, `/permissions/${id}`, body)).status]).toEqual([
        method,
        expect.toBeOneOf([403, 404]),
      ]);
    }
    const wrong = await london.key('PUT', `/permissions/${id}`, { access_levels: ['everything'] });
    expect(wrong.status).toBe(400);
    expect((await london.key('DELETE', `/permissions/${id}`)).status).toBe(200);
  });

  it('grants a user what its levels say, and no more', async () => {
    const { london } = world();
    const spare = String(listAt((await london.key('GET', '/files/1/files?name=spare')).json)[0]?.id);
    const grant = { file_id: spare, access_type: 'group', access_id: 'editors', access_levels: ['list', 'mkdir'] };
    const { id } = objectAt((await london.key('POST', '/permissions', grant)).json);
    const member = london.bearer({ userId: 'member', groupIds: ['editors'] });
    expect((await member('GET', `/files/${spare}/files`)).status).toBe(200);
    const made = await member('POST', `/files/${spare}/files`, { name: 'by a member', type: 'folder' });
    expect(made.status).toBe(200);
    const file = { name: 'file', type: 'file', contents: '' };
    expect((await member('POST', `/files/${spare}/files`, file)).status).toBe(403);
    expect((await member('PUT', `/files/${spare}`, { name: 'renamed' })).status).toBe(403);
    expect((await member('DELETE', `/files/${objectAt(made.json).id}`)).status).toBe(403);
    expect((await member('GET', '/files/1/files')).status).toBe(403);
    for (const path of [`/permissions/${id}`, `/files/${objectAt(made.json).id}`]) await london.key('DELETE', path);
  });

  it('changes nothing of a transfer that is over', async () => {
    const { london, tokyo } = world();
    const spec = await authorize(tokyo.user, 'upload', { paths: [{}], destination_root: '/in/over' });
    const { id } = await posted(london.user, passedOn(spec, { paths: [{ source: '/a.txt' }] }));
    expect(await followed(london.user, id)).toMatchObject({ status: 'completed' });
    expect((await london.user('DELETE', `/ops/transfers/${id}`)).status).toBe(400);
    expect((await london.user('PUT', `/ops/transfers/${id}`, { status: 'paused' })).status).toBe(400);
  });

  it('shows a transfer to the key that it belongs to, and to no other', async () => {
    const { london, tokyo } = world();
    const spec = await authorize(tokyo.user, 'upload', { paths: [{}], destination_root: '/in/whose' });
    const { id } = await posted(london.key, passedOn(spec, { paths: [{ source: '/a.txt' }] }));
    await followed(london.key, id);
    const made = await london.user('POST', '/access_keys', { storage: { type: 'local', path: '/spare' } });
    const other = objectAt(made.json);
    const authorization = `Basic ${Buffer.from(`${other.id}:${other.secret}`).toString('base64')}`;
    expect((await london.anyone('GET', `/ops/transfers/${id}`, undefined, { authorization })).status).toBe(404);
    const ids = async (query: string) =>
      listAt((await london.user('GET', `/ops/transfers?count=1000&access_key=${query}`)).json).map((one) => one.id);
    expect(await ids(london.simulator.accessKeyId)).toContain(id);
    expect(await ids(String(other.id))).toEqual([]);
    await london.user('DELETE', `/access_keys/${other.id}`);
  });
}

import { expect, it } from 'vitest';
import { type Json, listAt, objectAt } from '../openapi/json.ts';
import { type Call, MANY, type NodeWorld } from './node-world.ts';
import { followed, posted } from './run-transfer.ts';

/** The files of a folder as IBM's client gets them: version 4.0, the token as query parameter, until the header is gone. */
async function walk(call: Call, folderId: string): Promise<Json[]> {
  const found: Json[] = [];
  let token: string | null = null;
  do {
    const query = `per_page=1000${token === null ? '' : `&iteration_token=${token}`}`;
    const { json, headers } = await call('GET', `/files/${folderId}/files?${query}`, undefined, {
      'accept-version': '4.0',
    });
    found.push(...listAt(json));
    token = headers.get('x-aspera-next-iteration-token') || null;
  } while (token !== null);
  return found;
}

const idOf = (entries: readonly Json[], name: string) => String(entries.find((entry) => entry.name === name)?.id);

/** `node access_keys do self …`, which walks the storage by file ids. */
export function judgeAccessKeyCommands(world: () => NodeWorld): void {
  it('access_keys do self browse: walks from the root of the key, every entry once', async () => {
    const { key } = world().tokyo;
    const { json } = await key('GET', '/access_keys/self');
    const root = String(objectAt(json).root_file_id);
    expect((await key('GET', `/files/${root}`)).json).toMatchObject({ type: 'folder' });
    const many = await walk(key, idOf(await walk(key, root), 'many'));
    expect(many).toHaveLength(MANY);
    expect(new Set(many.map(({ id }) => id)).size).toBe(MANY);
  });

  it('access_keys do self mkdir, rename and delete: looks for the name first', async () => {
    const { key } = world().tokyo;
    const { json } = await key('GET', '/files/1/files');
    expect(listAt(json).map(({ name }) => name)).not.toContain('x');
    const made = objectAt((await key('POST', '/files/1/files', { name: 'x', type: 'folder' })).json);
    expect((await key('PUT', `/files/${made.id}`, { name: 'y' })).status).toBe(204);
    expect(idOf(await walk(key, '1'), 'y')).toBe(made.id);
    expect((await key('DELETE', `/files/${made.id}`)).status).toBe(204);
  });

  it('access_keys do self upload: a spec made from /info, a basic token, port 33001 and the folder’s id', async () => {
    const { london, tokyo } = world();
    const { accessKeyId, accessKeySecret } = tokyo.simulator;
    const folder = idOf(await walk(tokyo.key, '1'), 'in');
    const { transfer_user } = objectAt((await tokyo.key('GET', '/info')).json);
    const { id } = await posted(london.user, {
      ...{ direction: 'send', paths: [{ source: '/a.txt' }], remote_host: '127.0.0.1', remote_user: transfer_user },
      ...{ ssh_port: 33001, fasp_port: 33001, create_dir: true, resume_policy: 'sparse_csum' },
      tags: { aspera: { node: { access_key: accessKeyId, file_id: folder } } },
      token: `Basic ${Buffer.from(`${accessKeyId}:${accessKeySecret}`).toString('base64')}`,
    });
    expect(await followed(london.user, id)).toMatchObject({ status: 'completed' });
    expect((await walk(tokyo.key, folder)).map(({ name }) => name)).toContain('a.txt');
  });

  it('access_keys do self download: the parent’s id in the tags and the name as path', async () => {
    const { london, tokyo } = world();
    const file = idOf(await walk(tokyo.key, '1'), 'a.txt');
    expect((await tokyo.key('GET', `/files/${file}`)).json).toMatchObject({ type: 'file', name: 'a.txt' });
    const token = tokyo.bearer;
    expect(token).toBeTypeOf('function');
    const { accessKeyId, accessKeySecret } = tokyo.simulator;
    const { id } = await posted(london.user, {
      ...{ direction: 'receive', paths: [{ source: 'a.txt' }], destination_root: '/in/gen4', remote_host: '127.0.0.1' },
      ...{ remote_user: 'xfer', ssh_port: 33001, fasp_port: 33001, create_dir: true },
      tags: { aspera: { node: { access_key: accessKeyId, file_id: '1' } } },
      token: `Basic ${Buffer.from(`${accessKeyId}:${accessKeySecret}`).toString('base64')}`,
    });
    expect(await followed(london.user, id)).toMatchObject({ status: 'completed', bytes_transferred: 9 });
  });

  it('access_keys do self permission: lists a page of 500, creates with all seven levels, deletes by id', async () => {
    const { key } = world().tokyo;
    const query = 'include[]=access_level&include[]=permission_count&file_id=1&inherited=false&per_page=500&page=1';
    expect((await key('GET', `/permissions?${query}`)).json).toEqual([]);
    const access_levels = ['delete', 'list', 'mkdir', 'preview', 'read', 'rename', 'write'];
    const body = { file_id: '1', access_type: 'user', access_id: '777', access_levels };
    const { id } = objectAt((await key('POST', '/permissions', body)).json);
    expect(listAt((await key('GET', `/permissions?${query}`)).json)).toMatchObject([{ id, access_id: '777' }]);
    expect((await key('DELETE', `/permissions/${id}`)).status).toBe(200);
  });

  it('with a bearer token and --root-id: walks without asking for the access key', async () => {
    const caller = world().tokyo.bearer({ scope: 'admin:all' });
    expect((await walk(caller, '1')).map(({ name }) => name)).toContain('rushes');
  });
}

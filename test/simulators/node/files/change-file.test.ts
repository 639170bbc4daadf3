import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { type FileBody, mountFiles, type PathsBody } from './mounted-files.ts';

const version4 = { 'accept-version': '4.0' };

async function mount() {
  const files = await mountFiles();
  const key = <T = FileBody>(method: string, path: string, body?: object, headers = {}) =>
    files.call<T>('accessKey', method, path, { headers, ...(body ? { body } : {}) });
  const idOf = (path: string) => files.ids.fileIdOf(files.storage, path);
  return { ...files, key, idOf };
}

describe('GET /files/{id}', () => {
  it('tells the root folder of the access key by its id', async () => {
    const { key } = await mount();
    expect((await key('GET', '/files/1')).json).toMatchObject({ id: '1', type: 'folder', path: '/' });
  });

  it('answers 404 for an id that was never given and for a file that went away', async () => {
    const { key, write, idOf, root } = await mount();
    write('a');
    const id = idOf('/a');
    expect((await key('GET', `/files/${id}`)).status).toBe(200);
    rmSync(join(root, 'a'));
    expect((await key('GET', `/files/${id}`)).status).toBe(404);
    write('a');
    expect((await key('GET', `/files/${id}`)).status).toBe(404);
    expect((await key('GET', '/files/999')).status).toBe(404);
    expect((await key('GET', '/files/browse')).status).toBe(404);
  });

  it('refuses node users, who have no file ids', async () => {
    const { call } = await mount();
    for (const path of ['/files/1', '/files/1/files', '/permissions']) {
      expect((await call('nodeUser', 'GET', path)).status).toBe(403);
    }
  });
});

describe('POST /files/{id}/files', () => {
  it('makes files, folders and links, and answers their metadata', async () => {
    const { key, root } = await mount();
    const contents = Buffer.from('grüezi').toString('base64');
    const folder = await key('POST', '/files/1/files', { name: 'Größe 大', type: 'folder' });
    expect(folder.status).toBe(200);
    expect(folder.json).toMatchObject({ name: 'Größe 大', type: 'folder', path: '/Größe 大' });
    const inside = `/files/${folder.json.id}/files`;
    const file = await key('POST', inside, { name: 'a.txt', type: 'file', contents });
    expect(file.json).toMatchObject({ size: 7, content_type: 'text/plain', path: '/Größe 大/a.txt' });
    expect(readFileSync(join(root, 'Größe 大', 'a.txt'), 'utf8')).toBe('grüezi');
    expect((await key('POST', inside, { name: 'empty', type: 'file' })).json.size).toBe(0);
    const target = { target_id: file.json.id, target_node_id: 'node-7' };
    const link = await key('POST', inside, { name: 'link', type: 'link', ...target });
    expect(link.json).toMatchObject({ name: 'link', type: 'link', path: '/Größe 大/link', ...target });
    expect(existsSync(join(root, 'Größe 大', '.link.asp-lnk'))).toBe(true);
    const listed = await key<FileBody[]>('GET', inside);
    expect(listed.json.map(({ name, type }) => [name, type])).toEqual([
      ['a.txt', 'file'],
      ['empty', 'file'],
      ['link', 'link'],
    ]);
    expect((await key<FileBody[]>('GET', `${inside}?target_node_id=node-7`)).json).toHaveLength(1);
    expect((await key<FileBody[]>('GET', `${inside}?target_id=999`)).json).toHaveLength(0);
  });

  it('refuses a name that is taken, be it by a file or by a link', async () => {
    const { key, write } = await mount();
    write('a');
    const target = { target_id: '1', target_node_id: 'n' };
    await key('POST', '/files/1/files', { name: 'l', type: 'link', ...target });
    for (const body of [
      { name: 'a', type: 'file' },
      { name: 'a', type: 'folder' },
      { name: 'a', type: 'link', ...target },
      { name: 'l', type: 'folder' },
      { name: 'l', type: 'link', ...target },
    ]) {
      expect((await key('POST', '/files/1/files', body)).status).toBe(409);
    }
  });

  it.each([
    { name: '', type: 'file' },
    { name: '..', type: 'folder' },
    { name: 'a/b', type: 'folder' },
    { name: 'a', type: 'directory' },
    { name: 'a', type: 'link', target_id: '1' },
    { name: 'a', type: 'file', contents: '%%%%' },
    { type: 'file' },
  ])('refuses %j', async (body) => {
    const { key } = await mount();
    expect((await key('POST', '/files/1/files', body)).status).toBe(400);
  });

  it('makes nothing in a file', async () => {
    const { key, write, idOf } = await mount();
    write('a');
    expect((await key('POST', `/files/${idOf('/a')}/files`, { name: 'b', type: 'file' })).status).toBe(400);
  });
});

describe('PUT /files/{id}', () => {
  it('renames, and every id of the renamed folder stays what it was', async () => {
    const { key, write, idOf, root } = await mount();
    write('d/e/f', 'bytes');
    const [folder, file] = [idOf('/d'), idOf('/d/e/f')];
    const renamed = await key('PUT', `/files/${folder}`, { name: 'ü' });
    expect([renamed.status, renamed.bytes.length]).toEqual([204, 0]);
    expect(existsSync(join(root, 'ü', 'e', 'f'))).toBe(true);
    expect((await key('GET', `/files/${folder}`)).json).toMatchObject({ id: folder, name: 'ü' });
    expect((await key('GET', `/files/${file}`)).json).toMatchObject({ path: '/ü/e/f' });
    expect((await key('GET', `/files/${file}/content`)).bytes.toString()).toBe('bytes');
  });

  it('keeps ids over a rename by path, and drops them with a delete by path', async () => {
    const { call, key, write, idOf } = await mount();
    write('d/f');
    const [folder, file] = [idOf('/d'), idOf('/d/f')];
    const body = { paths: [{ path: '/', source: 'd', destination: 'moved' }] };
    await call<PathsBody>('nodeUser', 'POST', '/files/rename', { body });
    expect((await key('GET', `/files/${file}`)).json).toMatchObject({ path: '/moved/f' });
    await call<PathsBody>('nodeUser', 'POST', '/files/delete', { body: { paths: [{ path: '/moved' }] } });
    write('moved/f');
    for (const id of [folder, file]) expect((await key('GET', `/files/${id}`)).status).toBe(404);
  });

  it('gives a file that is moved outside of the API a new id', async () => {
    const { key, write, idOf, root } = await mount();
    write('a');
    const id = idOf('/a');
    renameSync(join(root, 'a'), join(root, 'b'));
    const [listed] = (await key<FileBody[]>('GET', '/files/1/files')).json;
    expect(listed?.name).toBe('b');
    expect(listed?.id).not.toBe(id);
    expect((await key('GET', `/files/${id}`)).status).toBe(404);
  });

  it('renames a link and not what it points at', async () => {
    const { key, root } = await mount();
    const made = await key('POST', '/files/1/files', { name: 'l', type: 'link', target_id: '1', target_node_id: 'n' });
    expect((await key('PUT', `/files/${made.json.id}`, { name: 'm' })).status).toBe(204);
    expect(existsSync(join(root, '.m.asp-lnk'))).toBe(true);
    expect((await key('GET', `/files/${made.json.id}`)).json).toMatchObject({
      name: 'm',
      type: 'link',
      target_id: '1',
    });
  });

  it('refuses names that are taken or none, and to rename the root', async () => {
    const { key, write, idOf, root } = await mount();
    write('a', 'a');
    write('b', 'b');
    expect((await key('PUT', `/files/${idOf('/a')}`, { name: 'b' })).status).toBe(409);
    expect((await key('PUT', `/files/${idOf('/a')}`, { name: 'x/y' })).status).toBe(400);
    expect((await key('PUT', '/files/1', { name: 'x' })).status).toBe(403);
    expect((await key('PUT', '/files/999', { name: 'x' })).status).toBe(404);
    expect(readFileSync(join(root, 'b'), 'utf8')).toBe('b');
  });

  it('makes a folder a mount point, which only the access key may do and see', async () => {
    const { key, call, write, idOf, root } = await mount();
    mkdirSync(join(root, 'd'));
    write('a');
    const path = `/files/${idOf('/d')}`;
    expect((await key('PUT', path, { mount_point: true })).status).toBe(204);
    expect((await key('GET', path)).json).toMatchObject({ mount_point: true });
    expect((await call('admin', 'GET', path)).json).not.toHaveProperty('mount_point');
    expect((await call('admin', 'PUT', path, { body: { mount_point: false } })).status).toBe(403);
    await key('PUT', path, { mount_point: false });
    expect((await key('GET', path)).json).toMatchObject({ mount_point: false });
    expect((await key('PUT', `/files/${idOf('/a')}`, { mount_point: true })).status).toBe(400);
  });
});

describe('DELETE /files/{id}', () => {
  it('deletes at once with all below, but never the root', async () => {
    const { key, write, idOf, root } = await mount();
    write('d/e/f');
    const [folder, file] = [idOf('/d'), idOf('/d/e/f')];
    const deleted = await key('DELETE', `/files/${folder}`);
    expect([deleted.status, deleted.bytes.length]).toEqual([204, 0]);
    expect(existsSync(join(root, 'd'))).toBe(false);
    for (const id of [folder, file]) expect((await key('GET', `/files/${id}`)).status).toBe(404);
    expect((await key('DELETE', `/files/${folder}`)).status).toBe(404);
    expect((await key('DELETE', '/files/1')).status).toBe(403);
  });

  interface Job {
    readonly status: string;
    readonly url: string;
    readonly job_id: string;
    readonly elapsed: string;
  }

  it('deletes in the background with version 4.0 and tells how the job stands', async () => {
    const { key, write, idOf, root } = await mount();
    write('d/e/f');
    const id = idOf('/d');
    const started = await key<Job>('DELETE', `/files/${id}`, undefined, version4);
    expect(started.status).toBe(202);
    expect(started.json).toEqual({ status: expect.any(String), url: `/files/${id}`, job_id: expect.any(String) });
    const state = (query = '') =>
      key<Job>('GET', `/files/${id}?ajq_id=${started.json.job_id}${query}`, undefined, version4);
    await vi.waitFor(async () => expect((await state()).json.status).toBe('complete'));
    expect(existsSync(join(root, 'd'))).toBe(false);
    const ended = await state('&stop=abort');
    expect(ended.status).toBe(202);
    expect(ended.json).toEqual({ status: 'complete', elapsed: expect.stringMatching(/^\d+(\.\d+)?$/) });
    expect((await state('&stop=now')).status).toBe(400);
    expect((await key('GET', `/files/${id}`)).status).toBe(404);
  });

  const stateOf = async (key: Awaited<ReturnType<typeof mount>>['key'], { url, job_id }: Job, query = '') =>
    (await key<Job>('GET', `${url}?ajq_id=${job_id}${query}`, undefined, version4)).json.status;

  /** A delete that waits in the queue behind one of very many files. */
  async function waitingDelete() {
    const files = await mount();
    const { key, write, idOf } = files;
    for (let index = 0; index < 1000; index += 1) write(`large/${index % 100}/${index}`);
    write('small/kept');
    const large = await key<Job>('DELETE', `/files/${idOf('/large')}`, undefined, version4);
    const small = await key<Job>('DELETE', `/files/${idOf('/small')}`, undefined, version4);
    return { ...files, large: large.json, small: small.json };
  }

  it('cancels a job that has not been started and keeps its files', async () => {
    const { key, root, large, small } = await waitingDelete();
    expect(await stateOf(key, small, '&stop=cancel')).toBe('cancelled');
    await vi.waitFor(async () => expect(await stateOf(key, large)).toBe('complete'), 10_000);
    expect(await stateOf(key, small)).toBe('cancelled');
    expect(existsSync(join(root, 'small', 'kept'))).toBe(true);
  });

  it('ends in an error when there is nothing left to delete', async () => {
    const { key, root, small } = await waitingDelete();
    rmSync(join(root, 'small'), { recursive: true });
    await vi.waitFor(async () => expect(await stateOf(key, small)).toBe('error'), 10_000);
  });

  it('knows a job only under its file and its access key', async () => {
    const { key, call, write, idOf } = await mount();
    write('a');
    const { json } = await key<Job>('DELETE', `/files/${idOf('/a')}`, undefined, version4);
    const ask = (asker: 'accessKey' | 'otherKey', path: string) => call(asker, 'GET', path, { headers: version4 });
    expect((await ask('accessKey', `/files/1?ajq_id=${json.job_id}`)).status).toBe(404);
    expect((await ask('otherKey', `${json.url}?ajq_id=${json.job_id}`)).status).toBe(404);
    expect((await ask('accessKey', `${json.url}?ajq_id=none`)).status).toBe(404);
  });
});

describe('GET /files/{id}/content', () => {
  it('reads a whole file with its type, up to 1 MiB', async () => {
    const { key, write, idOf } = await mount();
    write('a.json', '{"a":1}');
    write('edge', 'x'.repeat(1024 * 1024));
    write('large', 'x'.repeat(1024 * 1024 + 1));
    const answer = await key('GET', `/files/${idOf('/a.json')}/content`);
    expect(answer.bytes.toString()).toBe('{"a":1}');
    expect(answer.headers.get('content-type')).toBe('application/json');
    expect((await key('GET', `/files/${idOf('/edge')}/content`)).bytes).toHaveLength(1024 * 1024);
    expect((await key('GET', `/files/${idOf('/large')}/content`)).status).toBe(400);
    expect((await key('GET', '/files/1/content')).status).toBe(400);
  });

  it('is not mistaken for the contents of a path, nor the other way round', async () => {
    const { key, write, idOf } = await mount();
    const id = idOf('/a');
    write('a', 'by id');
    write(id, 'by path');
    expect((await key('GET', `/files/${id}/content`)).bytes.toString()).toBe('by id');
    expect((await key('GET', `/files/${id}/contents`)).bytes.toString()).toBe('by path');
    write('files', 'named files');
    expect((await key('GET', '/files/files/contents')).bytes.toString()).toBe('named files');
  });
});

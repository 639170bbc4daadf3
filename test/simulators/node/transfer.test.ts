import { randomBytes } from 'node:crypto';
import { mkdir, open, readdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Json, startTwo, temporaryFolder } from './start-nodes.ts';

describe('a transfer between two nodes', () => {
  it('writes a folder that is sent, byte for byte, and both nodes keep a record of it', async () => {
    const { london, tokyo } = await startTwo();
    const bytes = randomBytes(3_000_000);
    await mkdir(join(london.node.docroot, 'rushes/deep'), { recursive: true });
    await writeFile(join(london.node.docroot, 'rushes/deep/größe ä.bin'), bytes);
    await writeFile(join(london.node.docroot, 'rushes/empty'), '');
    const spec = await tokyo.setup('upload', { paths: [{}], destination_root: '/in' });
    const tags = { aspera: { xfer_id: 'x-1' } };
    const posted = await london.json('POST', '/ops/transfers', {
      ...spec,
      tags,
      cookie: 'biscuit',
      paths: [{ source: '/rushes' }],
    });
    const done = await london.reaches(posted.id, 'completed');
    expect(done).toMatchObject({
      status: 'completed',
      bytes_transferred: 3_000_000,
      bytes_written: 3_000_000,
      files_completed: 2,
      directories_completed: 2,
      error_code: 0,
      error_desc: '',
      precalc: { enabled: true, status: 'ready', bytes_expected: 3_000_000, files_expected: 2 },
      start_spec: { endpoint: 'client', direction: 'send', cookie: 'biscuit', tags, destination_path: '/in' },
    });
    expect(done.end_time_usec).toBeGreaterThan(Date.now() * 1000 - 60_000_000);
    expect((await readFile(join(tokyo.node.docroot, 'in/rushes/deep/größe ä.bin'))).equals(bytes)).toBe(true);
    expect((await stat(join(tokyo.node.docroot, 'in/rushes/empty'))).size).toBe(0);
    expect(await readdir(join(tokyo.node.docroot, 'in/rushes'))).toEqual(['deep', 'empty']);
    const [served] = (await tokyo.list()) as [Json];
    expect(served).toMatchObject({
      status: 'completed',
      bytes_transferred: 3_000_000,
      start_spec: { endpoint: 'server', cookie: 'biscuit', tags },
    });
    expect(served.id).not.toBe(done.id);
    const [[ours], [theirs]] = [done.sessions, served.sessions] as [[Json], [Json]];
    expect(ours).toMatchObject({ id: theirs.id, client_node_id: theirs.client_node_id, status: 'completed' });
    expect(ours.server_node_id).toBe(theirs.server_node_id);
  });

  it('fetches a file that is received', async () => {
    const { london, tokyo } = await startTwo();
    const bytes = randomBytes(1_000_000);
    await writeFile(join(tokyo.node.docroot, 'a.bin'), bytes);
    const spec = await tokyo.setup('download', { paths: [{ source: '/a.bin' }] });
    const posted = await london.json('POST', '/ops/transfers', { ...spec, destination_root: '/got' });
    const done = await london.reaches(posted.id, 'completed');
    expect(done).toMatchObject({
      bytes_transferred: 1_000_000,
      precalc: { status: 'ready', bytes_expected: 1_000_000 },
    });
    expect((await readFile(join(london.node.docroot, 'got/a.bin'))).equals(bytes)).toBe(true);
  });

  it('gives a source the destination of its path, and strips src_base from it', async () => {
    const { london, tokyo } = await startTwo();
    await mkdir(join(london.node.docroot, 'a/b'), { recursive: true });
    await writeFile(join(london.node.docroot, 'a/b/c.txt'), 'see');
    const spec = await tokyo.setup('upload', { destination_root: '/' });
    const send = async (changes: Json) => {
      const posted = await london.json('POST', '/ops/transfers', { ...spec, ...changes });
      await london.reaches(posted.id, 'completed');
    };
    await send({ paths: [{ source: '/a/b/c.txt', destination: 'x/renamed.txt' }] });
    await send({ destination_root: '/base', src_base: '/a', paths: [{ source: '/a/b/c.txt' }] });
    await send({ destination_root: '/rooted', source_root: '/a/b', paths: [{ source: 'c.txt' }] });
    for (const path of ['x/renamed.txt', 'base/b/c.txt', 'rooted/c.txt']) {
      expect(await readFile(join(tokyo.node.docroot, path), 'utf8')).toBe('see');
    }
  });

  it('lists files with their results, at most max_items of them', async () => {
    const { london, tokyo } = await startTwo();
    for (const name of ['1', '2', '3']) await writeFile(join(london.node.docroot, name), name);
    const spec = await tokyo.setup('upload', { destination_root: '/in' });
    const paths = ['1', '2', '3', 'missing'].map((source) => ({ source }));
    const posted = await london.json('POST', '/ops/transfers', { ...spec, paths });
    const done = await london.reaches(posted.id, 'failed');
    expect(done).toMatchObject({ error_code: 27, files_completed: 3 });
    expect(done.files).toMatchObject([
      { path: '/missing', status: 'failed', error_code: 4, error_desc: 'No such file or directory' },
      {
        path: '/1',
        status: 'completed',
        size: 1,
        bytes_written: 1,
        error_code: 0,
        error_desc: 'No error',
        type: 'file',
      },
      { path: '/2' },
      { path: '/3', start_byte: 0, checksum_type: 'none', checksum: null },
    ]);
    const [file] = done.files as [Json];
    expect(file.id).toMatch(/^([0-9a-f]{8}-){4}[0-9a-f]{8}$/);
    const limited = await london.json('GET', `/ops/transfers/${posted.id}?max_items=2`);
    expect(limited.files).toHaveLength(2);
  });

  it('streams a sparse file of 256 MiB without holding it in memory, and leaves it sparse', async () => {
    const { london, tokyo } = await startTwo();
    const size = 256 * 1024 * 1024;
    const handle = await open(join(london.node.docroot, 'big.bin'), 'w');
    await handle.truncate(size);
    await handle.write(Buffer.from('tail'), 0, 4, size - 4);
    await handle.close();
    const spec = await tokyo.setup('upload', { destination_root: '/' });
    let most = 0;
    const watch = setInterval(() => {
      most = Math.max(most, process.memoryUsage().arrayBuffers);
    }, 10);
    const body = { ...spec, target_rate_kbps: 20_000_000, paths: [{ source: 'big.bin' }] };
    const posted = await london.json('POST', '/ops/transfers', body);
    const done = await london.reaches(posted.id, 'completed');
    clearInterval(watch);
    expect(done.bytes_transferred).toBe(size);
    expect(most).toBeLessThan(size / 2);
    const arrived = await stat(join(tokyo.node.docroot, 'big.bin'));
    expect(arrived.size).toBe(size);
    expect(arrived.blocks * 512).toBeLessThan(1024 * 1024);
    const read = await open(join(tokyo.node.docroot, 'big.bin'));
    expect((await read.read(Buffer.alloc(8), 0, 8, size - 8)).buffer).toEqual(Buffer.from('\0\0\0\0tail'));
    await read.close();
  });

  it('reports the size as ready only when the sources were looked through, and not at all without precalculation', async () => {
    const { london, tokyo } = await startTwo();
    await writeFile(join(london.node.docroot, 'a'), 'aaaa');
    const spec = { ...(await tokyo.setup('upload', { destination_root: '/' })), paths: [{ source: 'a' }] };
    const posted = await london.json('POST', '/ops/transfers', spec);
    expect(posted.precalc).toMatchObject({ status: 'not_ready', bytes_expected: 0 });
    expect(await london.reaches(posted.id, 'completed')).toMatchObject({
      precalc: { status: 'ready', bytes_expected: 4 },
    });
    const unmeasured = { ...spec, precalculate_job_size: false, destination_root: '/other' };
    const other = await london.json('POST', '/ops/transfers', unmeasured);
    expect(await london.reaches(other.id, 'completed')).toMatchObject({
      precalc: { enabled: false, bytes_expected: 0, files_expected: 0 },
      bytes_transferred: 4,
    });
  });

  it('follows links or skips them as the spec says, and comes to an end where they go in circles', async () => {
    const { london, tokyo } = await startTwo();
    await mkdir(join(london.node.docroot, 'd'));
    await writeFile(join(london.node.docroot, 'd/a'), 'a');
    await symlink('a', join(london.node.docroot, 'd/link'));
    await symlink('..', join(london.node.docroot, 'd/up'));
    const spec = { ...(await tokyo.setup('upload', { destination_root: '/' })), paths: [{ source: 'd' }] };
    const skipping = { ...spec, symlink_policy: 'skip', destination_root: '/skip' };
    const { id: skipped } = await london.json('POST', '/ops/transfers', skipping);
    await london.reaches(skipped, 'completed');
    expect(await readdir(join(tokyo.node.docroot, 'skip/d'))).toEqual(['a']);
    const { id } = await london.json('POST', '/ops/transfers', { ...spec, destination_root: '/follow' });
    const followed = await london.reaches(id, 'failed');
    expect(followed).toMatchObject({ error_code: 27 });
    expect((followed.files as Json[])[0]).toMatchObject({ status: 'failed', error_code: 63 });
    expect(await readFile(join(tokyo.node.docroot, 'follow/d/link'), 'utf8')).toBe('a');
  });

  it('deletes the sources that arrived when the spec says so', async () => {
    const { london, tokyo } = await startTwo();
    const spec = await tokyo.setup('upload', { destination_root: '/' });
    const send = async (changes: Json) => {
      await mkdir(join(london.node.docroot, 'd/e'), { recursive: true });
      await writeFile(join(london.node.docroot, 'd/e/f'), 'f');
      const { id } = await london.json('POST', '/ops/transfers', { ...spec, ...changes, paths: [{ source: 'd' }] });
      await london.ended(id);
      return readdir(london.node.docroot, { recursive: true });
    };
    expect(await send({})).toEqual(['d', 'd/e', 'd/e/f']);
    expect(await send({ overwrite: 'always', remove_after_transfer: true })).toEqual(['d', 'd/e']);
    expect(await send({ destination_root: '/../nowhere', create_dir: false, delete_source: true })).toContain('d/e/f');
    expect(await send({ overwrite: 'always', delete_source: true })).toEqual([]);
  });

  it('never leaves the docroot, by dots or by links, on either side', async () => {
    const { london, tokyo } = await startTwo();
    const outside = await temporaryFolder();
    await writeFile(join(outside, 'secret'), 'secret');
    await writeFile(join(london.node.docroot, 'mine'), 'mine');
    await symlink(outside, join(london.node.docroot, 'out'));
    await symlink(outside, join(tokyo.node.docroot, 'out'));
    await symlink(join(outside, 'new'), join(tokyo.node.docroot, 'dangling'));
    const up = await tokyo.setup('upload', { destination_root: '/' });
    const send = async (changes: Json) => {
      const posted = await london.json('POST', '/ops/transfers', { ...up, ...changes });
      return london.ended(posted.id);
    };
    expect(await send({ paths: [{ source: '/out/secret' }] })).toMatchObject({ status: 'failed', error_code: 41 });
    expect(await send({ destination_root: '/out', paths: [{ source: 'mine' }] })).toMatchObject({ status: 'failed' });
    await send({ paths: [{ source: 'mine', destination: 'dangling' }] });
    await send({ destination_root: '/../..', paths: [{ source: '/../../mine' }] });
    expect(await readdir(outside)).toEqual(['secret']);
    expect(await readFile(join(tokyo.node.docroot, 'mine'), 'utf8')).toBe('mine');
    expect(await tokyo.setup('download', { paths: [{ source: '/out/secret' }] })).toHaveProperty('error');
  });

  it('fails with the code of the ascp table when nothing listens, and when a folder is in the way', async () => {
    const { london, tokyo } = await startTwo();
    await writeFile(join(london.node.docroot, 'a'), 'a');
    await mkdir(join(tokyo.node.docroot, 'a'));
    const spec = { ...(await tokyo.setup('upload', { destination_root: '/' })), paths: [{ source: 'a' }] };
    const refused = await london.json('POST', '/ops/transfers', { ...spec, token: 'Basic eDp5', ssh_port: 1 });
    expect(await london.reaches(refused.id, 'failed')).toMatchObject({
      error_code: 14,
      error_desc: 'Connection refused',
      sessions: [{ status: 'failed', error_code: 14 }],
    });
    const inTheWay = await london.json('POST', '/ops/transfers', spec);
    expect(await london.reaches(inTheWay.id, 'failed')).toMatchObject({ error_code: 7, error_desc: 'Is a directory' });
    const noFolder = { ...spec, create_dir: false, destination_root: '/nowhere' };
    const missing = await london.json('POST', '/ops/transfers', noFolder);
    expect(await london.reaches(missing.id, 'failed')).toMatchObject({ error_code: 4 });
  });

  it('answers a POST with the whole transfer and the spec it was started from, without passwords', async () => {
    const { london, tokyo } = await startTwo();
    await writeFile(join(london.node.docroot, 'a'), 'a');
    const { token: _, ...spec } = await tokyo.setup('upload', { destination_root: '/' });
    const body = { ...spec, remote_password: tokyo.node.password, title: 'dailies', paths: [{ source: 'a' }] };
    const posted = await london.json('POST', '/ops/transfers', body);
    expect(posted).toMatchObject({
      title: 'dailies',
      direction: 'send',
      remote_host: '127.0.0.1',
      paths: [{ source: 'a' }],
      start_spec: { remote_user: 'xfer' },
    });
    expect(posted).not.toHaveProperty('sshfp');
    expect(JSON.stringify(posted)).not.toContain(tokyo.node.password);
    await london.reaches(posted.id, 'completed');
    expect(JSON.stringify(await london.list()) + JSON.stringify(await tokyo.list())).not.toContain(tokyo.node.password);
  });

  it('refuses a spec that lacks what it needs, naming the member', async () => {
    const { london } = await startTwo();
    const good = { direction: 'send', remote_host: 'h', token: 't', paths: [{ source: 'a' }] };
    const wrong: Json[] = [
      { ...good, direction: 'up' },
      { ...good, paths: [] },
      { ...good, token: null },
      { ...good, target_rate_kbps: '100' },
      { ...good, remote_host: undefined },
    ];
    for (const body of wrong) {
      const answer = await london.call('POST', '/ops/transfers', body);
      expect(answer.status).toBe(400);
      expect(await answer.json()).toMatchObject({ error: { code: 400, reason: 'Bad Request' } });
    }
  });
});

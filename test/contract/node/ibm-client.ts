import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { type Json, listAt, objectAt } from '../openapi/json.ts';
import { cancelOverSocket } from './cancel.ts';
import { basic } from './credentials.ts';
import { judgeAccessKeyCommands } from './ibm-access-keys.ts';
import { judgeServiceCommands } from './ibm-services.ts';
import { MANY, type NodeWorld } from './node-world.ts';
import { authorize, followed, passedOn, posted, slowUpload } from './run-transfer.ts';

/** The requests that IBM's client was recorded to send, in its order, with what it needs (aspera-node-api.md §9). */
export function judgeIbmClient(world: () => NodeWorld): void {
  judgePathCommands(world);
  judgeTransferCommands(world);
  judgeAccessKeyCommands(world);
  judgeServiceCommands(world);
}

function judgePathCommands(world: () => NodeWorld): void {
  it('node browse: asks for 1000 and skips on until it has as many as total_count says', async () => {
    const found: Json[] = [];
    for (;;) {
      const skip = found.length === 0 ? {} : { skip: found.length };
      const { json } = await world().london.user('POST', '/files/browse', { count: 1000, path: '/many', ...skip });
      const { total_count: total } = objectAt(json);
      expect(total).toBe(MANY);
      const page = listAt(json, 'items');
      expect(page.length).toBeGreaterThan(0);
      found.push(...page);
      if (found.length >= Number(total)) break;
    }
    expect(new Set(found.map(({ path }) => path)).size).toBe(MANY);
  });

  it('node mkdir, mkfile, mklink, rename and delete: one call each, errors told at the path', async () => {
    const paths = async (verb: string, path: Json) =>
      listAt((await world().tokyo.user('POST', `/files/${verb}`, { paths: [path] })).json, 'paths');
    expect(await paths('create', { type: 'directory', path: '/newd' })).toEqual([{ path: '/newd' }]);
    const [again] = await paths('create', { type: 'directory', path: '/newd' });
    expect(again).toMatchObject({ path: '/newd', error: { user_message: 'Path already exists' } });
    const contents = Buffer.from('hello').toString('base64');
    expect(await paths('create', { type: 'file', path: '/f0', contents })).toEqual([{ path: '/f0' }]);
    expect(await paths('create', { type: 'symbolic_link', path: '/l0', target: { path: '/f0' } })).toEqual([
      { path: '/l0' },
    ]);
    expect(await paths('rename', { path: '/', source: 'f0', destination: 'f1' })).toMatchObject([{ path: '/' }]);
    expect(await paths('delete', { path: '/f1' })).toEqual([{ path: '/f1' }]);
  });

  it('node search and space: needs items, both counts, and the parameters as an object', async () => {
    const { json } = await world().london.user('POST', '/files/search', { path: '/' });
    const { items, item_count, total_count, parameters } = objectAt(json);
    expect([Array.isArray(items), typeof item_count, typeof total_count]).toEqual([true, 'number', 'number']);
    expect(objectAt(parameters).path).toBe('/');
    expect((await world().london.user('POST', '/space', { paths: [{ path: '/' }] })).status).toBe(200);
  });

  it('node spec and transport: authorizes a download of the root', async () => {
    const spec = await authorize(world().london.user, 'download', { paths: [{ source: '/' }] });
    expect(spec).toMatchObject({ remote_host: '127.0.0.1', remote_user: 'xfer', ssh_port: expect.any(Number) });
  });

  it('node sync push: authorizes with the type of the sync', async () => {
    const request = { type: 'sync_upload', paths: [{ destination: '/in' }] };
    expect(await authorize(world().london.user, 'sync', request)).toMatchObject({ token: expect.any(String) });
  });

  it('node health: the transfer manager answers SOAP with some 2xx', async () => {
    const answer = await world().london.user('POST', '/services/soap/Transfer-201210', '<Envelope/>', {
      ...{ 'content-type': 'text/xml;charset=UTF-8', soapaction: 'FASPSessionNET-200911#GetSessionInfo' },
    });
    expect(answer.status).toBe(200);
  });
}

function judgeTransferCommands(world: () => NodeWorld): void {
  it('node upload --transfer=node: the spec without paths and nulls goes to the other node with 127.0.0.1', async () => {
    const { london, tokyo } = world();
    const spec = await authorize(tokyo.user, 'upload', { paths: [{ destination: '/up' }] });
    const paths = [{ source: '/a.txt' }, { source: '/two words.txt' }];
    const sent = passedOn(spec, { paths, remote_host: '127.0.0.1', resume_policy: 'sparse_csum', create_dir: true });
    const { id } = await posted(london.user, sent);
    expect(await followed(london.user, id)).toMatchObject({ status: 'completed', files_completed: 2 });
    expect(await readFile(join(tokyo.simulator.docroot, 'up/a.txt'), 'utf8')).toBe('one line\n');
  });

  it('node download --transfer=node: the paths of the answer are used as they are', async () => {
    const { london, tokyo } = world();
    const { paths, ...spec } = await authorize(tokyo.user, 'download', { paths: [{ source: '/a.txt' }] });
    const { id } = await posted(london.user, passedOn(spec, { paths, destination_root: '/in/down', create_dir: true }));
    expect(await followed(london.user, id)).toMatchObject({ status: 'completed', bytes_transferred: 9 });
    expect(await readFile(join(london.simulator.docroot, 'in/down/a.txt'), 'utf8')).toBe('one line\n');
  });

  it('node transfer list: follows the token of the Link until the page is empty or the token repeats', async () => {
    const { london } = world();
    const found: unknown[] = [];
    let token: string | undefined;
    for (let calls = 0; calls < 100; calls += 1) {
      const filters = 'active_only=false&count=2';
      const path = `/ops/transfers?${filters}${token === undefined ? '' : `&iteration_token=${token}`}`;
      const { json, headers } = await london.user('GET', path);
      expect(Array.isArray(json)).toBe(true);
      const link = /^<(http[^>]+)>; *rel="next"$/.exec(headers.get('link') ?? '')?.[1];
      expect(link).toBeDefined();
      const next = new URL(link ?? '').searchParams.get('iteration_token') ?? undefined;
      found.push(...listAt(json).map(({ id }) => id));
      if (listAt(json).length === 0 || next === token) break;
      token = next;
    }
    const all = listAt((await london.user('GET', '/ops/transfers?active_only=false&count=1000')).json);
    expect(found).toEqual(all.map(({ id }) => id));
    expect(found.length).toBeGreaterThan(4);
  });

  it('node transfer list --once-only: a kept token gives only what changed since', async () => {
    const { london } = world();
    const { headers } = await london.user('GET', '/ops/transfers?count=1000');
    const token = /iteration_token=(\d+)/.exec(headers.get('link') ?? '')?.[1];
    const { id } = await slowUpload(world());
    const changed = listAt((await london.user('GET', `/ops/transfers?iteration_token=${token}`)).json);
    expect(changed.map((one) => one.id)).toEqual([id]);
  });

  it('node transfer cancel: the verb CANCEL is answered by 204 and nothing more', async () => {
    const { london, judge } = world();
    const { id } = await slowUpload(world());
    const { url, username, password } = london.simulator;
    const answer = await cancelOverSocket(`${url}/ops/transfers/${id}`, basic(username, password));
    const [head = '', body] = answer.split('\r\n\r\n');
    expect(head).toMatch(/^HTTP\/1\.1 204 /);
    expect(body).toBe('');
    judge.see('DELETE', `/ops/transfers/${id}`, { status: 204, headers: new Headers(), text: '', json: undefined });
    await expect
      .poll(async () => objectAt((await london.user('GET', `/ops/transfers/${id}`)).json).status)
      .toBe('canceled');
    const refused = await cancelOverSocket(`${url}/ops/transfers/${id}`, basic(username, 'wrong'));
    expect(refused).toMatch(/^HTTP\/1\.1 401 /);
  });

  it('node transfer sessions and bandwidth_average: needs sessions, both times and a direction', async () => {
    const transfers = listAt((await world().london.user('GET', '/ops/transfers?active_only=false')).json);
    for (const transfer of transfers) {
      expect(Array.isArray(transfer.sessions)).toBe(true);
      expect(transfer.start_time_usec).toBeTypeOf('number');
      expect(['send', 'receive']).toContain(objectAt(transfer, 'start_spec').direction);
      if (transfer.avg_rate_kbps !== 0) expect(transfer.end_time_usec).toBeTypeOf('number');
    }
  });
}

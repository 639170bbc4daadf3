import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { type Json, type NodeCalls, startTwo } from './start-nodes.ts';

let london: NodeCalls;
let tokyo: NodeCalls;

beforeEach(async () => {
  ({ london, tokyo } = await startTwo());
  await writeFile(join(london.node.docroot, 'a'), 'a'.repeat(100_000));
});

async function start(changes: Json = {}, headers: Record<string, string> = {}): Promise<string> {
  const spec = await tokyo.setup('upload', { destination_root: '/' });
  const body = { ...spec, overwrite: 'always', paths: [{ source: 'a' }], ...changes };
  const { id } = await london.json('POST', '/ops/transfers', body, headers);
  return String(id);
}

async function completed(changes: Json = {}, headers: Record<string, string> = {}): Promise<string> {
  const id = await start(changes, headers);
  await london.reaches(id, 'completed');
  return id;
}

async function events(query = '', headers: Record<string, string> = {}, node = london) {
  const answer = await node.call('GET', `/events${query}`, undefined, headers);
  const [, link = ''] = /^<(.*)>; rel="next"$/.exec(answer.headers.get('link') ?? '') ?? [];
  const token = new URL(link).searchParams.get('iteration_token');
  return { list: (await answer.json()) as Json[], token };
}

const typesOf = ({ list }: { list: Json[] }) => list.map(({ types }) => (types as string[])[0]);

describe('the events of a node', () => {
  it('tell when transfers start and end, on both nodes', async () => {
    const id = await completed();
    const { list } = await events();
    expect(list).toMatchObject([
      { types: ['upload.started', 'transfer.started'], data: { id }, user_id: london.node.username },
      { types: ['upload.ended', 'transfer.ended'], data: { id, status: 'completed' } },
    ]);
    expect(list[0]?.time).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
    expect(typesOf(await events('', {}, tokyo))).toEqual(['upload.started', 'upload.ended']);
    expect(await london.json('GET', `/events/${list[0]?.id}`)).toEqual(list[0]);
    expect((await london.call('GET', '/events/unknown')).status).toBe(404);
  });

  it('tell what is done to files and permissions', async () => {
    const call = (path: string, body: unknown) => london.json('POST', path, body, london.keyHeaders);
    await call('/files/create', {
      paths: [
        { path: '/d', type: 'directory' },
        { path: '/d', type: 'directory' },
      ],
    });
    await call('/files/rename', { paths: [{ path: '/', source: 'd', destination: 'e' }] });
    await call('/files/delete', { paths: [{ path: '/e' }] });
    const folder = await call('/files/1/files', { name: 'f', type: 'folder' });
    await call('/permissions', { file_id: folder.id, access_type: 'user', access_id: '7', access_levels: ['list'] });
    const all = await events();
    expect(typesOf(all)).toEqual(['file.created', 'file.moved', 'file.deleted', 'file.created', 'permission.created']);
    expect(all.list[3]).toMatchObject({ data: { id: folder.id, name: 'f' }, user_id: london.node.accessKeyId });
    expect(typesOf(await events('?type_glob[]=permission.*'))).toEqual(['permission.created']);
    expect(typesOf(await events('?type=file.moved'))).toEqual(['file.moved']);
  });

  it('page from the oldest by count, token and time', async () => {
    await completed();
    const first = await events('?count=1');
    expect(typesOf(first)).toEqual(['upload.started']);
    const second = await events(`?count=1&iteration_token=${first.token}`);
    expect(typesOf(second)).toEqual(['upload.ended']);
    expect(await events(`?iteration_token=${second.token}`)).toEqual({ list: [], token: second.token });
    await london.flip('advanceClock', { milliseconds: 60_000 });
    const time = new Date(london.node.clock.now() - 1_000).toISOString();
    expect((await events(`?after_time=${time}`)).list).toEqual([]);
    await completed();
    expect((await events(`?after_time=${time}`)).list).toHaveLength(2);
    expect(typesOf(await events(`?type=transfer.ended`))).toHaveLength(2);
  });

  it('are seen by those alone who see the transfer', async () => {
    await london.grant('u1');
    await london.flip('loseHistory');
    await completed({}, london.bearer({ user_id: 'u1' }));
    expect((await events('', london.bearer({ user_id: 'u1' }))).list).toHaveLength(2);
    expect((await events('', london.bearer({ user_id: 'u2' }))).list).toHaveLength(0);
    expect((await events('', london.keyHeaders)).list).toHaveLength(2);
    const [event] = (await events()).list;
    const answer = await london.call('GET', `/events/${event?.id}`, undefined, london.bearer({ user_id: 'u2' }));
    expect(answer.status).toBe(404);
  });
});

describe('usage', () => {
  it('counts the bytes of transfers that carry a usage id and ended well', async () => {
    const tags = { aspera: { usage_id: 'customer-7' } };
    await completed({ tags });
    await completed({ tags });
    const cancelled = await start({ tags, target_rate_kbps: 100 });
    await london.json('PUT', `/ops/transfers/${cancelled}`, { status: 'canceled' });
    const counted = { bytes_in: 0, bytes_out: 200_000, bytes_total: 200_000 };
    expect(await london.json('GET', '/usage/customer-7')).toEqual({ id: 'customer-7', ...counted });
    expect(await london.json('GET', '/usage')).toMatchObject(counted);
    expect(await london.json('GET', '/usage', undefined, london.keyHeaders)).toMatchObject({ bytes_total: 0 });
    expect((await london.call('GET', '/usage/unknown')).status).toBe(404);
    await london.flip('setActivityLogging', { enabled: false });
    expect((await london.call('GET', '/usage')).status).toBe(404);
  });
});

describe('bandwidth', () => {
  it('tells the rates that each transfer had over time, by direction', async () => {
    const id = await start({ target_rate_kbps: 1_000 });
    await london.reaches(id, 'completed');
    const answer = await london.json('GET', '/ops/transfers/bandwidth?duration=60');
    const { transfers } = answer.send as { transfers: Json[] };
    expect(transfers).toMatchObject([{ id, max_rate: expect.any(Number) }]);
    const [point] = (transfers[0] as Json).data as { time: number; rate: number }[];
    expect(point?.time).toBeGreaterThan(0);
    expect(point?.rate).toBeGreaterThan(300);
    expect(point?.rate).toBeLessThan(3_000);
    expect(answer.receive).toEqual({ transfers: [], max_left: 0, min_right: 0 });
    const future = new Date(Date.now() + 60_000).toISOString();
    expect(await london.json('GET', `/ops/transfers/bandwidth?start_time=${future}`)).toMatchObject({
      send: { transfers: [] },
    });
    expect((await london.call('GET', '/ops/transfers/bandwidth?duration=3601')).status).toBe(400);
  });
});

describe('the transfer manager', () => {
  it('answers the SOAP call of a health check', async () => {
    const answer = await london.call('POST', '/services/soap/Transfer-201210', undefined);
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toContain('text/xml');
    expect(await answer.text()).toContain('GetSessionInfoResponse');
  });
});

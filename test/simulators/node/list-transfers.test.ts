import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { createTransferStore } from '../../../simulators/node/transfers/transfer-store.ts';
import { basicOf, type Json, type NodeCalls, startNode, startTwo } from './start-nodes.ts';

let london: NodeCalls;
let tokyo: NodeCalls;

beforeEach(async () => {
  ({ london, tokyo } = await startTwo());
  await writeFile(join(london.node.docroot, 'a'), 'a'.repeat(100_000));
});

async function post(changes: Json = {}, headers: Record<string, string> = {}): Promise<string> {
  const spec = await tokyo.setup('upload', { destination_root: '/' });
  const body = { ...spec, destination_root: `/${Math.random()}`, paths: [{ source: 'a' }], ...changes };
  const { id } = await london.json('POST', '/ops/transfers', body, headers);
  return String(id);
}

async function completed(changes: Json = {}): Promise<string> {
  const id = await post(changes);
  await london.reaches(id, 'completed');
  return id;
}

/** One page and the token of its Link. */
async function page(query = '', node: NodeCalls = london, headers: Record<string, string> = {}) {
  const answer = await node.call('GET', `/ops/transfers${query}`, undefined, headers);
  const [, link = ''] = /^<(.*)>; rel="next"$/.exec(answer.headers.get('link') ?? '') ?? [];
  const transfers = (await answer.json()) as Json[];
  return {
    ids: transfers.map(({ id }) => id),
    transfers,
    link,
    token: new URL(link).searchParams.get('iteration_token'),
  };
}

describe('the list of transfers', () => {
  it('starts with the oldest, pages by count, and carries a Link on every page, the empty one too', async () => {
    const ids = [await completed(), await completed(), await completed()];
    const first = await page('?count=2');
    expect(first.ids).toEqual(ids.slice(0, 2));
    expect(first.link).toContain(`${london.node.url}/ops/transfers?`);
    expect(first.link).toContain('count=2');
    const second = await page(`?count=2&iteration_token=${first.token}`);
    expect(second.ids).toEqual(ids.slice(2));
    const third = await page(`?count=2&iteration_token=${second.token}`);
    expect(third).toMatchObject({ ids: [], token: second.token });
    expect(Number(second.token)).toBeGreaterThan(Number(first.token));
  });

  it('answers a token with what changed since, and moves what changed to the end', async () => {
    const done = await completed();
    const slow = await post({ target_rate_kbps: 10 });
    await expect.poll(async () => (await london.transfer(slow)).bytes_transferred).toBeGreaterThan(0);
    const { token, ids } = await page();
    expect(ids).toEqual([done, slow]);
    await london.json('PUT', `/ops/transfers/${slow}`, { status: 'canceled' });
    const later = await completed();
    const since = await page(`?iteration_token=${token}`);
    expect(since.ids).toEqual([slow, later]);
    expect(since.transfers[0]).toMatchObject({ status: 'canceled' });
    expect((await page()).ids).toEqual([done, slow, later]);
  });

  it('gives everybody the same tokens', async () => {
    await completed();
    expect((await page()).token).toBe((await page()).token);
  });

  it('filters by time of the last change on the clock of the node', async () => {
    const old = await completed();
    await london.flip('advanceClock', { milliseconds: 3_600_000 });
    const between = new Date(london.node.clock.now() - 1_800_000).toISOString().replace(/\.\d+Z/, 'Z');
    expect((await page(`?after_time=${between}`)).ids).toEqual([]);
    const fresh = await completed();
    expect((await page(`?after_time=${between}`)).ids).toEqual([fresh]);
    expect((await page()).ids).toEqual([old, fresh]);
  });

  it('filters by activity, direction and tags', async () => {
    const tags = { aspera: { xfer_id: 'x', xfer_retry: 10, node: { access_key: 'k' } } };
    const tagged = await completed({ tags });
    const slow = await post({ target_rate_kbps: 10 });
    await writeFile(join(tokyo.node.docroot, 'b'), 'b');
    const down = await tokyo.setup('download', { paths: [{ source: '/b' }] });
    const { id: received } = await london.json('POST', '/ops/transfers', { ...down, destination_root: '/' });
    await london.reaches(received, 'completed');
    expect((await page('?active_only=true')).ids).toEqual([slow]);
    expect((await page('?active_only=false')).ids).toEqual([tagged, received]);
    expect((await page('?direction=receive')).ids).toEqual([received]);
    expect((await page('?tag=aspera.node.access_key')).ids).toEqual([tagged]);
    expect((await page('?tag=aspera.node.access_key%3Dk')).ids).toEqual([tagged]);
    expect((await page('?tag=aspera,xfer_retry%3D10')).ids).toEqual([tagged]);
    expect((await page('?tag=aspera.node.access_key%3Dother')).ids).toEqual([]);
  });

  it('shows as much of each transfer as the view says', async () => {
    const id = await completed();
    expect((await page('?view=id')).transfers).toEqual([{ id }]);
    for (const view of ['summary', 'short_summary']) {
      const [transfer] = (await page(`?view=${view}`)).transfers;
      expect(transfer).toMatchObject({ id, sessions: [{}] });
      expect(transfer).not.toHaveProperty('files');
    }
    expect((await page('?max_items=0')).transfers).toMatchObject([{ files: [] }]);
    expect((await page()).transfers).toMatchObject([{ files: [{ path: '/a' }] }]);
  });

  it('refuses parameters that it cannot read', async () => {
    for (const query of [
      'count=x',
      'count=0',
      'iteration_token=abc',
      'view=all',
      'direction=up',
      'after_time=now',
      'active_only=1',
      'tag=a..b',
    ]) {
      expect((await london.call('GET', `/ops/transfers?${query}`)).status).toBe(400);
    }
  });

  it('names the Link to browsers of another origin', async () => {
    const answer = await london.call('GET', '/ops/transfers', undefined, { origin: 'https://web.example' });
    expect(answer.headers.get('access-control-expose-headers')).toBe('Link');
    expect(answer.headers.get('access-control-allow-origin')).toBe('https://web.example');
  });
});

describe('who sees which transfers', () => {
  it('the node user sees all, a key its own, a bearer those of its user, and nobody else any', async () => {
    const { node, keyHeaders } = london;
    await london.json('POST', '/access_keys', { id: 'other', secret: 'other-secret', storage: { type: 'local' } });
    const other = { authorization: basicOf('other', 'other-secret') };
    const byNodeUser = await post();
    const byKey = await post({}, keyHeaders);
    await london.grant('u1');
    const byUser = await post({}, london.bearer({ user_id: 'u1' }));
    for (const id of [byNodeUser, byKey, byUser]) await london.reaches(id, 'completed');
    const idsFor = async (headers: Record<string, string>) => new Set((await page('', london, headers)).ids);
    expect(await idsFor({})).toEqual(new Set([byNodeUser, byKey, byUser]));
    expect(await idsFor(keyHeaders)).toEqual(new Set([byKey, byUser]));
    expect(await idsFor(london.bearer({ user_id: 'u1' }))).toEqual(new Set([byUser]));
    expect(await idsFor(london.bearer({ user_id: 'u2' }))).toEqual(new Set());
    const admin = london.bearer({ user_id: 'u2', scope: `node.${node.accessKeyId}:admin:all` });
    expect(await idsFor(admin)).toEqual(new Set([byKey, byUser]));
    expect(await idsFor(other)).toEqual(new Set());
    expect((await page(`?access_key=${node.accessKeyId}`)).ids).toHaveLength(2);
    expect((await london.call('GET', '/ops/transfers?access_key=x', undefined, keyHeaders)).status).toBe(400);
    for (const method of ['GET', 'PUT', 'DELETE']) {
      const body = method === 'PUT' ? { status: 'canceled' } : undefined;
      expect((await london.call(method, `/ops/transfers/${byKey}`, body, other)).status).toBe(404);
      expect((await london.call(method, `/ops/transfers/${byNodeUser}`, body, keyHeaders)).status).toBe(404);
    }
    expect((await london.call('DELETE', '/access_keys/other')).status).toBe(204);
    await london.call('DELETE', `/access_keys/${node.accessKeyId}`);
    expect(await idsFor({})).toEqual(new Set([byNodeUser]));
  });
});

describe('a long history', () => {
  it('is seeded before what is known, whole, paged without gaps, and disturbs nobody who follows the feed', async () => {
    const mine = await completed();
    const { token } = await page();
    london.node.seedTransfers(20_000);
    expect((await page(`?iteration_token=${token}`)).ids).toEqual([]);
    const seen = new Set<unknown>();
    let next: string | null = '0';
    for (let size = 1; size > 0; ) {
      const { ids, token: after }: { ids: unknown[]; token: string | null } = await page(
        `?view=id&count=5000&iteration_token=${next}`,
      );
      for (const id of ids) seen.add(id);
      size = ids.length;
      next = after;
    }
    expect(seen.size).toBe(20_001);
    expect([...seen].at(-1)).toBe(mine);
    const [first] = (await page('?count=1')).transfers as [Json];
    expect(first).toMatchObject({ status: expect.any(String), sessions: [{ status: expect.any(String) }] });
    expect(await london.transfer(first.id)).toMatchObject({ ...first, files: [] });
    await london.flip('seedTransfers', { count: 10 });
    expect((await page('?count=1')).ids).not.toEqual([first.id]);
  });

  it('is never read as a whole to give a page', () => {
    const store = createTransferStore(Date.now);
    store.seed(20_000, Date.now());
    const queries = [
      { count: 100 },
      { count: 100, after: 5 },
      { count: 100, afterMs: Date.now() - 60_000 },
      { count: 100, isActive: true },
      { count: 100, after: 5, isActive: false, direction: 'send', accessKeyId: 'k', userId: 'u' },
      { count: 100, after: 5, tag: { path: ['aspera', 'xfer_id'], value: 'x' } },
    ];
    for (const query of queries) {
      const plan = store.explain(query);
      expect(plan[0]).toMatch(/^SEARCH transfers USING (COVERING )?INDEX transfers_(by_change|active) \(change>\?\)/);
      for (const step of plan) expect(step).not.toMatch(/^SCAN transfers|TEMP B-TREE/);
    }
    store.close();
  });

  it('falls out after the retention', async () => {
    const old = await completed();
    await london.flip('advanceClock', { milliseconds: 3_600_000 });
    const fresh = await completed();
    await london.flip('setRetention', { hours: 0.5 });
    expect((await page()).ids).toEqual([fresh]);
    expect((await london.call('GET', `/ops/transfers/${old}`)).status).toBe(404);
  });
});

describe('switches of the list', () => {
  it('resetTokens numbers changes from 1 again, so that an old token points beyond the end', async () => {
    const ids = [await completed(), await completed()];
    const { token } = await page();
    await london.flip('resetTokens');
    expect(await page()).toMatchObject({ ids, token: '2' });
    const fresh = await completed();
    expect((await page(`?iteration_token=${token}`)).ids).toEqual([]);
    expect((await page('?iteration_token=2')).ids).toEqual([fresh]);
  });

  it('loseHistory forgets what has ended and keeps what runs', async () => {
    const old = await completed();
    const slow = await post({ target_rate_kbps: 10 });
    await expect.poll(async () => (await page()).ids).toEqual([old, slow]);
    await london.flip('loseHistory');
    expect((await page()).ids).toEqual([slow]);
    expect((await london.call('GET', `/ops/transfers/${old}`)).status).toBe(404);
  });

  it('emptyAnswers gives 200 without a body, as often as told', async () => {
    const id = await completed();
    await london.flip('emptyAnswers', { times: 2 });
    for (const path of [`/ops/transfers/${id}`, '/ops/transfers']) {
      const answer = await london.call('GET', path);
      expect([answer.status, await answer.text()]).toEqual([200, '']);
    }
    expect((await page()).ids).toEqual([id]);
  });

  it('duplicatePages links a page to itself', async () => {
    const ids = [await completed(), await completed()];
    await london.flip('duplicatePages', { times: 1 });
    const first = await page('?count=1');
    expect(first).toMatchObject({ ids: [ids[0]], token: '0' });
    const again = await page('?count=1&iteration_token=0');
    expect(again.ids).toEqual(first.ids);
    expect((await page(`?count=1&iteration_token=${again.token}`)).ids).toEqual([ids[1]]);
  });

  it('setActivityLogging off leaves lists empty, as on a server where nobody switched it on', async () => {
    const id = await completed();
    await london.flip('setActivityLogging', { enabled: false });
    expect((await page()).ids).toEqual([]);
    expect(await london.json('GET', '/info')).toMatchObject({ transfer_activity_reporting: 'no' });
    await london.flip('setActivityLogging', { enabled: true });
    expect((await page()).ids).toEqual([id]);
  });

  it('are all on the control port, which says what it did not understand', async () => {
    const node = await startNode();
    const names = await (await fetch(`${node.node.controlUrl}/switches`)).json();
    expect(names).toEqual(Object.keys(node.node.switches));
    const flip = (name: string, body: Json) =>
      fetch(`${node.node.controlUrl}/switches/${name}`, { method: 'POST', body: JSON.stringify(body) });
    expect((await flip('seedTransfers', { count: 3 })).status).toBe(204);
    expect(await node.list()).toHaveLength(3);
    expect((await flip('seedTransfers', { count: 'many' })).status).toBe(400);
    expect((await flip('breakTransfer', { id: 'x' })).status).toBe(404);
    expect(await (await flip('changeNodeId', {})).json()).toEqual({
      nodeId: (await node.json('GET', '/info')).node_id,
    });
  });
});

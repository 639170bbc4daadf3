import { describe, expect, test } from 'vitest';
import { endsOf, listen, startWatchedNode, statusesOf, until } from './watched-node.ts';

const quick = { bytes: 300_000, rateKbps: 4_000 };
const tiny = { bytes: 10 };

describe('the feed of a node', () => {
  test('tells the life of a transfer, its end once, and with what events show', async () => {
    const { topic, start } = await startWatchedNode();
    const listener = listen(topic);
    const id = await start({ ...quick, tags: { graphqlGateway: { viewer: 'v1' } } });
    await until(() => endsOf(listener, id)).toBe(1);
    expect(statusesOf(listener, id)).toContain('RUNNING');
    const told = listener.told.filter((one) => one !== 'gap');
    const bytes = told.map(({ bytesTransferred }) => bytesTransferred);
    expect(bytes).toEqual(bytes.toSorted((left, right) => left - right));
    expect(told.at(-1)).toMatchObject({
      status: 'COMPLETED',
      progress: 1,
      bytesTransferred: 300_000,
      title: undefined,
    });
    for (const one of told) {
      expect(one).toMatchObject({ spec: {}, files: [], cookie: undefined, transferKey: undefined });
      expect([one.tags, one.marks]).toMatchObject([{}, { graphqlGateway: { viewer: 'v1' } }]);
      expect(one.sourcePaths).toHaveLength(1);
    }
    expect(JSON.stringify(told)).not.toContain('from-the-portal');
  });

  test('never reads the past: 20,000 old transfers cost nothing, and are not told', async () => {
    const { london, topic, start, feeds, polled } = await startWatchedNode();
    london.node.seedTransfers(20_000);
    const first = await start(tiny);
    await london.ended(first);
    london.node.clock.advance(60_000);
    const listener = listen(topic);
    await polled(5);
    const second = await start(quick);
    await until(() => endsOf(listener, second)).toBe(1);
    expect(new Set(listener.told.map((one) => one !== 'gap' && one.transferId))).toEqual(new Set([second]));
    const [bootstrap, ...others] = feeds();
    expect(bootstrap?.url).toContain('after_time=');
    expect(others.every(({ url }) => /iteration_token=\d{9}/.test(url) && !url.includes('after_time'))).toBe(true);
    const read = await Promise.all(feeds().map(({ url }) => london.list(url.slice('/ops/transfers'.length))));
    // What ended within the last five minutes, and the two transfers of this test.
    expect(read.flat().length).toBeLessThan(200);
  });

  test('tells the end of a transfer that began, and last changed, long before', async () => {
    const { london, topic, client, start, cancel } = await startWatchedNode();
    const id = await start();
    await london.reaches(id, 'running');
    await client.changeTransfer(id, { status: 'PAUSED' });
    await london.reaches(id, 'paused');
    london.node.clock.advance(2 * 3_600_000);
    const listener = listen(topic, { only: id });
    const dashboard = listen(topic);
    await until(() => topic.watchers).toBe(2);
    await cancel(id);
    await until(() => statusesOf(listener, id)).toEqual(['CANCELED']);
    expect(statusesOf(dashboard, id)).toEqual(['CANCELED']);
  });

  test('does not tell what ended before anybody asked, unless it is waited for', async () => {
    const { london, topic, start, polled } = await startWatchedNode();
    const id = await start(tiny);
    await london.ended(id);
    london.node.clock.advance(60_000);
    const dashboard = listen(topic);
    const waiting = listen(topic, { only: id });
    await polled(3);
    await until(() => statusesOf(waiting, id)).toEqual(['COMPLETED']);
    expect(statusesOf(dashboard, id)).toEqual(['COMPLETED']);
    await Promise.all([dashboard.leave(), waiting.leave()]);

    const other = await startWatchedNode();
    const old = await other.start(tiny);
    await other.london.ended(old);
    other.london.node.clock.advance(60_000);
    const later = listen(other.topic);
    await other.polled(3);
    expect(later.told).toEqual([]);
  });

  test('costs one request a poll however many watch, and one transfer is not asked for singly', async () => {
    const { london, topic, start } = await startWatchedNode();
    const id = await start(quick);
    london.node.requests.clear();
    const listeners = Array.from({ length: 100 }, () => listen(topic, { only: id }));
    await until(() => listeners.every((listener) => endsOf(listener, id) === 1)).toBe(true);
    const paths = london.node.requests.all().map(({ path }) => path);
    expect(new Set(paths)).toEqual(new Set(['/info', '/ops/transfers']));
    expect(paths.filter((path) => path === '/info')).toHaveLength(1);
    expect(listeners.every(({ told }) => told.length === listeners[0]?.told.length)).toBe(true);
  });

  test('is repeated to who begins to watch when an end has just been told, and to nobody else', async () => {
    const { london, topic, start, polled } = await startWatchedNode();
    const dashboard = listen(topic);
    const id = await start(tiny);
    await until(() => endsOf(dashboard, id)).toBe(1);
    const late = listen(topic, { only: id });
    await until(() => statusesOf(late, id)).toEqual(['COMPLETED']);
    await polled(5);
    expect([endsOf(late, id), endsOf(dashboard, id)]).toEqual([1, 1]);
    expect(london.node.requests.count('GET', `/ops/transfers/${id}`)).toBe(1);
  });

  test('is told to who comes back with a cursor, without a hole', async () => {
    const { topic, start } = await startWatchedNode();
    const id = await start(quick);
    const whole = listen(topic, { only: id });
    const first = listen(topic, { only: id });
    await until(() => first.told.length).toBeGreaterThan(0);
    await first.leave();
    const seen = first.told.length;
    await until(() => endsOf(whole, id)).toBe(1);
    const rest = listen(topic, { only: id, after: first.cursors[seen - 1] });
    await until(() => endsOf(rest, id)).toBe(1);
    expect([...first.told, ...rest.told]).toEqual(whole.told);
    const nothing = listen(topic, { only: id, after: rest.cursors.at(-1) });
    expect(nothing.told).toEqual([]);
  });

  test('goes on where it stopped when nobody watched for a while', async () => {
    const { london, topic, start, clock, feeds } = await startWatchedNode();
    const first = listen(topic);
    const { cursor } = topic;
    await until(() => feeds().length).toBeGreaterThan(1);
    await first.leave();
    const id = await start(tiny);
    await london.ended(id);
    clock.advance(10 * 60_000);
    const returned = listen(topic, { after: cursor });
    await until(() => endsOf(returned, id)).toBe(1);
    expect(returned.told).not.toContain('gap');
  });

  test('begins anew, with a gap, when the last poll is too long ago', async () => {
    const { london, topic, start, clock, feeds } = await startWatchedNode();
    const first = listen(topic);
    await until(() => feeds().length).toBeGreaterThan(1);
    const id = await start(tiny);
    await until(() => endsOf(first, id)).toBe(1);
    const { cursor } = topic;
    await first.leave();
    clock.advance(16 * 60_000);
    const returned = listen(topic, { after: cursor });
    await until(() => returned.told).toEqual(['gap']);
    expect(london.node.requests.count('GET', '/info')).toBe(2);
  });
});

import { createClient } from 'graphql-sse';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import type { RawSocket } from '../../helpers/raw-socket.ts';
import { PATIENCE } from '../start-server.ts';
import { heard, nextOf, openShared, type Shown } from './open-shared.ts';
import type { OpenLine } from './shared-graph.ts';

/** More than a machine holds for a client that does not read. */
const BULK = 200_000;
const MANY = 150;

const life = `subscription { life { value cursor skipped left: skipped bulk(size: ${BULK}) } }`;
/** More than any buffer on the way takes. */
const huge = 'subscription { life { value bulk(size: 1000000) } }';
const changes = `subscription { changes { thing value gap skipped cursor bulk(size: ${BULK}) } }`;

/** Everything that the socket is told, up to its completion. */
async function readAll(socket: RawSocket): Promise<Shown[]> {
  const shown: Shown[] = [];
  for (;;) {
    const { type, payload } = await socket.next();
    if (type === 'complete') return shown;
    const { data } = payload as { readonly data: Readonly<Record<string, Shown>> };
    shown.push(...Object.values(data));
  }
}

/** Tells events one by one, each when the quick one has read the one before, until no buffer on the way takes more. */
async function fill(line: OpenLine, quick: RawSocket): Promise<void> {
  for (let value = 1; value <= 60; value += 1) {
    line.tell(value);
    expect((await nextOf(quick)).value).toBe(value);
  }
}

const isAscending = (values: readonly (number | undefined)[]) =>
  values.every((value, index) => index === 0 || Number(value) > Number(values[index - 1]));

describe('who does not read fast enough', () => {
  test('is told the newest state, that others were left out, and the end once; nobody waits for them', async () => {
    const { watch, lineOf, executed } = await openShared();
    const [slow, quick] = [await watch(life), await watch(life)];
    const line = await lineOf(0);
    for (const socket of [slow, quick]) await heard(socket);
    slow.pause();
    for (let value = 1; value <= MANY; value += 1) {
      line.tell(value);
      expect(await nextOf(quick)).toMatchObject({ value, skipped: false, left: false });
    }
    line.end();
    expect(await quick.next()).toEqual({ type: 'complete', id: 'w' });
    slow.resume();
    const shown = await readAll(slow);
    expect(shown.length).toBeLessThan(MANY);
    expect(isAscending(shown.map(({ value }) => value))).toBe(true);
    expect(shown.at(-1)).toMatchObject({ value: MANY, cursor: `cursor ${MANY}`, skipped: true, left: true });
    expect(shown.slice(0, -1).every(({ skipped }) => skipped === false)).toBe(true);
    expect(executed.count).toBe(MANY);
    await heard(slow);
  });

  test('is told the newest state of each thing, in the order of these: no cursor leads past what they have not seen', async () => {
    const { watch, lineOf } = await openShared();
    const [slow, quick] = [await watch(changes), await watch(changes)];
    const line = await lineOf(0);
    for (const socket of [slow, quick]) await heard(socket);
    slow.pause();
    const newest = new Map<string, number>();
    for (let value = 1; value <= MANY; value += 1) {
      const thing = `thing ${(value * value) % 7}`;
      newest.set(thing, value);
      line.tell(value, { thing });
      await nextOf(quick);
    }
    line.end();
    slow.resume();
    const shown = await readAll(slow);
    expect(isAscending(shown.map(({ value }) => value))).toBe(true);
    for (const [thing, value] of newest) expect(shown).toContainEqual(expect.objectContaining({ thing, value }));
  });

  test('is told of a gap when more things have changed than can wait', async () => {
    const { watch, lineOf } = await openShared();
    const bulky = changes;
    const [slow, quick] = [await watch(bulky), await watch(bulky)];
    const line = await lineOf(0);
    for (const socket of [slow, quick]) await heard(socket);
    slow.pause();
    for (let value = 1; value <= MANY; value += 1) {
      line.tell(value, { thing: 'at first' });
      await nextOf(quick);
    }
    quick.vanish();
    for (let value = MANY + 1; value <= MANY + 1_500; value += 1) line.tell(value, { thing: `thing ${value}` });
    line.end();
    await vi.waitFor(() => expect(line.signal.aborted).toBe(true), PATIENCE);
    slow.resume();
    const shown = await readAll(slow);
    const gap = shown.findIndex((event) => event.gap);
    expect(shown[gap]).toMatchObject({ thing: null, gap: true, skipped: true });
    expect(shown.filter((event) => event.gap)).toHaveLength(1);
    expect(shown.length - gap).toBeLessThanOrEqual(1_001);
    expect(shown.at(-1)).toMatchObject({ value: MANY + 1_500, thing: `thing ${MANY + 1_500}` });
    expect(isAscending(shown.map(({ value }) => value))).toBe(true);
  });

  test('for a minute is let go, with a code and a reason, and nothing is held for them', {
    timeout: 40_000,
  }, async () => {
    const { watch, lineOf, advance, server, connect } = await openShared({ webSocketPingMs: 3_000 });
    const [slow, quick, other] = [await watch(huge), await watch(huge), await connect()];
    const line = await lineOf(0);
    await heard(slow);
    slow.pause();
    await fill(line, quick);
    quick.vanish();
    // Pings wait behind what was not read: that they are not answered says nothing.
    const pings = other.pings;
    await vi.waitFor(() => expect(other.pings).toBeGreaterThan(pings + 2), { timeout: 18_000 });
    expect(line.signal.aborted).toBe(false);
    advance(61_000);
    await vi.waitFor(() => expect(line.signal.aborted).toBe(true), PATIENCE);
    expect(server.log.some(({ msg }) => msg === 'socket closed: its client does not read')).toBe(true);
    slow.resume();
    expect([1006, 4420]).toContain((await slow.closed).code);
  });
});

describe('who follows by SSE', () => {
  const client = (url: string, key: string) => {
    const opened = createClient({ url, headers: { authorization: `Bearer ${key}` }, retryAttempts: 0 });
    onTestFinished(() => opened.dispose());
    return opened;
  };

  test('is of the same group as those with sockets, and is told its end', async () => {
    const { watch, lineOf, lines, executed, server } = await openShared();
    const query = 'subscription { life { value } }';
    const socket = await watch(query);
    const line = await lineOf(0);
    line.tell(1);
    await nextOf(socket);
    const events = client(server.url, server.key).iterate({ query });
    expect((await events.next()).value).toEqual({ data: { life: { value: 1 } } });
    line.tell(2);
    expect((await events.next()).value).toEqual({ data: { life: { value: 2 } } });
    line.end();
    expect(await events.next()).toMatchObject({ done: true });
    expect([lines.length, executed.count]).toEqual([1, 2]);
  });

  test('is told why it fails', async () => {
    const { lineOf, server } = await openShared();
    const events = client(server.url, server.key).iterate({ query: 'subscription { life { value } }' });
    const next = events.next();
    (await lineOf(0)).fail(new Error('the disk of secret-host-17 is full'));
    expect((await next).value).toMatchObject({ errors: [{ extensions: { code: 'INTERNAL' } }] });
    expect(await events.next()).toMatchObject({ done: true });
  });

  test('leaves the group when the client goes away', async () => {
    const { lineOf, server } = await openShared();
    const events = client(server.url, server.key).iterate({ query: 'subscription { life { value } }' });
    const next = events.next();
    const line = await lineOf(0);
    await events.return?.();
    await next;
    await vi.waitFor(() => expect(line.signal.aborted).toBe(true), PATIENCE);
  });

  test('and does not read is told the newest state later', async () => {
    const { lineOf, server } = await openShared();
    const response = await server.post({ query: life }, { accept: 'text/event-stream' });
    const line = await lineOf(0);
    for (let value = 1; value <= MANY; value += 1) line.tell(value);
    line.end();
    await vi.waitFor(() => expect(line.signal.aborted).toBe(true), PATIENCE);
    const text = await response.text();
    expect(text.split('event: next').length).toBeLessThan(MANY);
    expect(text).toContain(`"value":${MANY},"cursor":"cursor ${MANY}","skipped":true`);
    expect(text.endsWith('event: complete\ndata:\n\n')).toBe(true);
  });

  test('and does not read at all is cut', async () => {
    const { watch, lineOf, server, advance } = await openShared();
    const quick = await watch(huge);
    const line = await lineOf(0);
    const unread = await server.post({ query: huge }, { accept: 'text/event-stream' });
    await fill(line, quick);
    quick.vanish();
    await vi.waitFor(() => {
      advance(61_000);
      expect(line.signal.aborted).toBe(true);
    }, PATIENCE);
    await expect(unread.text()).rejects.toThrow();
  });
});

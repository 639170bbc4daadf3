import { describe, expect, test, vi } from 'vitest';
import { subscribe } from '../socket-graph.ts';
import { PATIENCE } from '../start-server.ts';
import { heard, nextOf, openShared } from './open-shared.ts';

const life = 'subscription ($id: String, $after: String) { life(id: $id, after: $after) { value cursor gap } }';
const changes = 'subscription ($after: String) { changes(after: $after) { value thing } }';

describe('those who see the same', () => {
  test('are told each event of one line, executed once, under ids of their own', async () => {
    const { watch, lines, lineOf, executed } = await openShared();
    const sockets = await Promise.all(['a', 'b', 'ü"'].map((id) => watch(life, {}, id)));
    const line = await lineOf(0);
    for (const socket of sockets) await heard(socket);
    line.tell(1);
    line.tell(2, { gap: true });
    for (const [index, id] of ['a', 'b', 'ü"'].entries()) {
      const data = (value: number, gap: boolean) => ({ data: { life: { value, cursor: `cursor ${value}`, gap } } });
      expect(await sockets[index]?.next()).toEqual({ type: 'next', id, payload: data(1, false) });
      expect(await sockets[index]?.next()).toEqual({ type: 'next', id, payload: data(2, true) });
    }
    expect([executed.count, lines.length]).toEqual([2, 1]);
  });

  test('may be many on one socket', async () => {
    const { watch, lineOf, executed } = await openShared();
    const socket = await watch(life, {}, '0');
    for (let id = 1; id < 50; id += 1) socket.send(subscribe(String(id), life));
    await heard(socket);
    (await lineOf(0)).tell(1);
    const ids = new Set<string | undefined>();
    while (ids.size < 50) ids.add((await socket.next()).id);
    expect(executed.count).toBe(1);
  });

  test('are told nothing of other arguments', async () => {
    const { watch, lineOf } = await openShared();
    const one = await watch(life, { id: 'one' });
    const first = await lineOf(0);
    const other = await watch(life, { id: 'other' });
    const second = await lineOf(1);
    first.tell(1);
    second.tell(2);
    expect([(await nextOf(one)).value, (await nextOf(other)).value]).toEqual([1, 2]);
  });

  test('end with the line, and each once', async () => {
    const { watch, lineOf, connect } = await openShared();
    const sockets = [await watch(life), await watch(life)];
    const line = await lineOf(0);
    for (const socket of sockets) await heard(socket);
    line.tell(1);
    line.end();
    for (const socket of sockets) {
      expect((await nextOf(socket)).value).toBe(1);
      expect(await socket.next()).toEqual({ type: 'complete', id: 'w' });
      await heard(socket);
    }
    // The id is free again, and a new group begins.
    sockets[0]?.send(subscribe('w', life));
    (await lineOf(1)).tell(7);
    expect(await nextOf(sockets[0] as Awaited<ReturnType<typeof connect>>)).toMatchObject({ value: 7 });
  });

  test('are all told why when the line fails, masked, which is logged once', async () => {
    const { watch, lineOf, server } = await openShared();
    const sockets = [await watch(life), await watch(life)];
    const line = await lineOf(0);
    for (const socket of sockets) await heard(socket);
    line.fail(new Error('the disk of secret-host-17 is full'));
    for (const socket of sockets) {
      const frame = await socket.next();
      expect(frame).toMatchObject({ type: 'error', payload: [{ extensions: { code: 'INTERNAL' } }] });
      expect(JSON.stringify(frame)).not.toContain('secret-host');
    }
    expect(server.log.filter(({ msg }) => msg === 'unexpected failure')).toHaveLength(1);
  });

  test('are told of an event that fails in a part, masked, which is logged once', async () => {
    const { watch, lineOf, server } = await openShared();
    const query = 'subscription { life { value breaks } }';
    const sockets = [await watch(query), await watch(query)];
    const line = await lineOf(0);
    for (const socket of sockets) await heard(socket);
    line.tell(1);
    for (const socket of sockets) {
      const { payload } = await socket.next();
      expect(payload).toMatchObject({
        data: { life: { value: 1, breaks: null } },
        errors: [{ path: ['life', 'breaks'], extensions: { code: 'INTERNAL' } }],
      });
    }
    expect(server.log.filter(({ msg }) => msg === 'unexpected failure')).toHaveLength(1);
  });

  test('are told why it cannot begin', async () => {
    const { watch } = await openShared();
    const socket = await watch('subscription { life(fails: true) { value } }');
    expect(await socket.next()).toMatchObject({ type: 'error', payload: [{ extensions: { code: 'INTERNAL' } }] });
  });

  test('go on when the one who came first has gone; with the last the group ends', async () => {
    const { watch, lineOf } = await openShared();
    const first = await watch(life);
    const line = await lineOf(0);
    const second = await watch(life);
    await heard(second);
    first.vanish();
    line.tell(1);
    expect((await nextOf(second)).value).toBe(1);
    expect(line.signal.aborted).toBe(false);
    second.send({ type: 'complete', id: 'w' });
    await vi.waitFor(() => expect(line.signal.aborted).toBe(true), PATIENCE);
    const third = await watch(life);
    (await lineOf(1)).tell(5);
    expect((await nextOf(third)).value).toBe(5);
  });
});

describe('a newcomer', () => {
  /** A group that has been told something, and one of its members. */
  async function told() {
    const shared = await openShared();
    const member = await shared.watch(life);
    const line = await shared.lineOf(0);
    line.tell(1);
    expect((await nextOf(member)).value).toBe(1);
    return { ...shared, member, line };
  }

  test('just after the others were told something is told the same, without an execution', async () => {
    const { watch, executed, line, lines } = await told();
    const late = await Promise.all(Array.from({ length: 20 }, () => watch(life)));
    for (const socket of late) expect((await nextOf(socket)).value).toBe(1);
    expect([executed.count, lines.length, line.refresh]).toEqual([1, 1, undefined]);
  });

  test('later has it looked up, once for all who come meanwhile, and tells nobody else', async () => {
    const { watch, executed, line, member, advance } = await told();
    advance(10_000);
    const late = [await watch(life), await watch(life)];
    for (const socket of late) await heard(socket);
    line.refresh?.tell(1, { isRepeat: true, isLookedUp: true });
    for (const socket of late) expect((await nextOf(socket)).value).toBe(1);
    expect(executed.count).toBe(2);
    line.tell(2);
    for (const socket of [member, ...late]) expect((await nextOf(socket)).value).toBe(2);
  });

  test('for whom something new is found out tells all of it', async () => {
    const { watch, line, member, advance } = await told();
    advance(10_000);
    const late = await watch(life);
    await heard(late);
    line.refresh?.tell(2, { isLookedUp: true });
    for (const socket of [member, late]) expect((await nextOf(socket)).value).toBe(2);
  });

  test('who waits for a look-up is told an event that comes before', async () => {
    const { watch, line, advance } = await told();
    advance(10_000);
    const late = await watch(life);
    await heard(late);
    line.tell(2);
    expect((await nextOf(late)).value).toBe(2);
  });

  test('after something was changed through the gateway is told nothing from before', async () => {
    const { watch, line, server } = await told();
    await server.ask('mutation { change }');
    const late = await watch(life);
    await heard(late);
    line.refresh?.tell(3);
    expect((await nextOf(late)).value).toBe(3);
  });

  test('for whom it cannot be looked up fails alone', async () => {
    const { watch, line, member, advance } = await told();
    advance(10_000);
    const late = await watch(life);
    await heard(late);
    line.refresh?.fail(new Error('no'));
    expect(await late.next()).toMatchObject({ type: 'error', payload: [{ extensions: { code: 'INTERNAL' } }] });
    line.tell(2);
    expect((await nextOf(member)).value).toBe(2);
  });

  test('where there is no present state is told what comes from then on', async () => {
    const { watch, lineOf, executed } = await openShared();
    const first = await watch(changes);
    const line = await lineOf(0);
    line.tell(1);
    expect((await nextOf(first)).value).toBe(1);
    const late = await watch(changes);
    await heard(late);
    line.tell(2);
    expect([(await nextOf(first)).value, (await nextOf(late)).value]).toEqual([2, 2]);
    expect(executed.count).toBe(2);
  });
});

describe('one who returns', () => {
  test('is told what they missed by a line of their own, then joins the others at their place', async () => {
    const { watch, lineOf, executed } = await openShared();
    const member = await watch(life);
    const group = await lineOf(0);
    group.tell(5);
    expect((await nextOf(member)).value).toBe(5);
    const returned = await watch(life, { after: 'cursor 3' });
    const own = await lineOf(1);
    expect([group.after, own.after]).toEqual([undefined, 'cursor 3']);
    own.tell(4);
    own.tell(5);
    expect([(await nextOf(returned)).value, (await nextOf(returned)).value]).toEqual([4, 5]);
    expect(executed.count).toBe(3);
    own.level(6);
    await vi.waitFor(() => expect(own.signal.aborted).toBe(true), PATIENCE);
    // The group is late with what they have been told already.
    group.tell(6);
    group.tell(7);
    expect([(await nextOf(member)).value, (await nextOf(member)).value]).toEqual([6, 7]);
    expect((await nextOf(returned)).value).toBe(7);
    expect(executed.count).toBe(5);
    expect(group.signal.aborted).toBe(false);
  });

  test('is told also what was looked up for the others: the log may not tell it again', async () => {
    const { watch, lineOf } = await openShared();
    const member = await watch(life);
    const group = await lineOf(0);
    group.tell(5, { isLookedUp: true });
    await nextOf(member);
    const returned = await watch(life, { after: 'cursor 4' });
    const own = await lineOf(1);
    own.level(5);
    expect((await nextOf(returned)).value).toBe(5);
  });

  test('stays with their own line while the others have still to be told how things stand', async () => {
    const { watch, lineOf } = await openShared();
    const member = await watch(life);
    const group = await lineOf(0);
    const returned = await watch(life, { after: 'cursor 3' });
    const own = await lineOf(1);
    own.level(3);
    group.tell(2, { isLookedUp: true });
    expect((await nextOf(member)).value).toBe(2);
    own.tell(4);
    expect((await nextOf(returned)).value).toBe(4);
    group.tell(4);
    expect((await nextOf(member)).value).toBe(4);
    own.level(4);
    await vi.waitFor(() => expect(own.signal.aborted).toBe(true), PATIENCE);
    group.tell(5);
    for (const socket of [member, returned]) expect((await nextOf(socket)).value).toBe(5);
  });

  test('first is the group that others join', async () => {
    const { watch, lineOf, lines, advance } = await openShared();
    const first = await watch(life, { after: 'cursor 3' });
    const line = await lineOf(0);
    line.tell(4);
    expect((await nextOf(first)).value).toBe(4);
    line.level(4);
    const second = await watch(life, { after: 'cursor 2' });
    const own = await lineOf(1);
    own.level(4);
    await vi.waitFor(() => expect(own.signal.aborted).toBe(true), PATIENCE);
    advance(10_000);
    const newcomer = await watch(life);
    await heard(newcomer);
    line.refresh?.tell(4, { isRepeat: true });
    expect((await nextOf(newcomer)).value).toBe(4);
    line.tell(5);
    for (const socket of [first, second, newcomer]) expect((await nextOf(socket)).value).toBe(5);
    expect(lines).toHaveLength(2);
  });

  test('to what has no present state is joined by others who return, not by newcomers', async () => {
    const { watch, lineOf } = await openShared();
    await watch(changes, { after: 'cursor 3' });
    const line = await lineOf(0);
    line.level(4);
    const second = await watch(changes, { after: 'cursor 3' });
    const own = await lineOf(1);
    own.level(4);
    await vi.waitFor(() => expect(own.signal.aborted).toBe(true), PATIENCE);
    await watch(changes);
    expect((await lineOf(2)).after).toBeUndefined();
    line.tell(5);
    expect((await nextOf(second)).value).toBe(5);
  });

  test('ends by their own line when that ends before it is level', async () => {
    const { watch, lineOf } = await openShared();
    const returned = await watch(life, { after: 'cursor 3' });
    const own = await lineOf(0);
    own.tell(4);
    own.end();
    expect((await nextOf(returned)).value).toBe(4);
    expect(await returned.next()).toEqual({ type: 'complete', id: 'w' });
  });
});

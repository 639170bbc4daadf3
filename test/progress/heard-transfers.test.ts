import { describe, expect, test } from 'vitest';
import { createHeardTransfers } from '../../src/progress/heard-transfers.ts';
import { factsOf, isTerminal, stateOf, toLogged } from '../../src/progress/transfer-state.ts';
import { readTransfer } from '../../src/sources/node/read-transfer.ts';
import { transfer as wire } from '../../src/sources/node/wire/transfer.ts';

const spec = { cookie: 'from-the-portal', tags: { aspera: {} }, direction: 'send' };
const read = (more: object = {}) =>
  readTransfer(wire({ id: 'a', status: 'running', bytes_transferred: 1, start_spec: spec, ...more }), spec, undefined);

const MINUTE = 60_000;
const anybody = () => true;

describe('what was heard of transfers', () => {
  test('is news when it differs from what was heard last', () => {
    const heard = createHeardTransfers();
    expect(heard.note(read(), 1)).toBe(true);
    expect(heard.note(read(), 2)).toBe(false);
    expect(heard.note(read({ bytes_transferred: 2 }), 3)).toBe(true);
    expect(heard.note(read({ id: 'b' }), 4)).toBe(true);
    expect(heard.note(read(), 5)).toBe(true);
    expect(heard.get('a')).toMatchObject({ atMs: 5, isOver: false });
  });

  test('is forgotten after ten minutes, and when it is too much', () => {
    const heard = createHeardTransfers();
    heard.note(read(), 0);
    heard.note(read({ id: 'b' }), 5 * MINUTE);
    heard.note(read({ id: 'c' }), 11 * MINUTE);
    expect([heard.get('a'), heard.get('b')?.atMs]).toEqual([undefined, 5 * MINUTE]);
    for (let n = 0; n < 20_000; n += 1) heard.note({ ...read(), transferId: `t${n}` }, 11 * MINUTE);
    expect([heard.get('c'), heard.get('t0')?.atMs]).toEqual([undefined, 11 * MINUTE]);
  });

  test('tells whether something has moved of late that goes on', () => {
    const heard = createHeardTransfers();
    heard.note(read(), 100);
    heard.note(read({ id: 'b', status: 'completed' }), 200);
    expect(heard.hasMoved(50, anybody)).toBe(true);
    expect(heard.hasMoved(100, anybody)).toBe(false);
    expect(heard.hasMoved(50, (id) => id === 'b')).toBe(false);
  });
});

describe('the state of a transfer', () => {
  test('is the same when only clocks and what lists leave out differ', () => {
    const files = [{ id: 'f', path: '/x', status: 'skipped', size: 5 }];
    const precalc = { status: 'ready', bytes_expected: 10 };
    const sessions = (elapsed_usec: number) => [
      { id: 's', status: 'running', elapsed_usec, avg_rate_kbps: elapsed_usec },
    ];
    const one = read({ precalc, elapsed_usec: 1_000_000, avg_rate_kbps: 5, sessions: sessions(1_000) });
    const other = read({ precalc, files, elapsed_usec: 2_000_000, avg_rate_kbps: 9, sessions: sessions(2_000) });
    expect(other.progress).not.toBe(one.progress);
    expect(stateOf(other)).toBe(stateOf(one));
    expect(stateOf(toLogged(one))).toBe(stateOf(one));
  });

  test.each([
    { status: 'paused' },
    { bytes_transferred: 2 },
    { error_code: 13, error_desc: 'no' },
    { sessions: [{ id: 's', status: 'running', stalled: true }] },
    { precalc: { status: 'ready', bytes_expected: 10 } },
  ])('is another when %o', (more) => {
    expect(stateOf(read(more))).not.toBe(stateOf(read()));
  });

  test('has facts that only a change in the feed can change', () => {
    const sessions = (calc_rate_kbps: number) => [{ id: 's', status: 'running', calc_rate_kbps }];
    expect(factsOf(read({ sessions: sessions(5) }))).toBe(factsOf(read({ sessions: sessions(9) })));
    for (const more of [
      { status: 'paused' },
      { bytes_transferred: 2 },
      { files_completed: 1 },
      { sessions: sessions(5) },
    ])
      expect(factsOf(read(more))).not.toBe(factsOf(read()));
  });

  test('is final in three of its words', () => {
    const words = ['waiting', 'running', 'paused', 'partially_completed', 'completed', 'failed', 'canceled', 'other'];
    expect(words.filter((status) => isTerminal(read({ status, error_desc: 'x' })))).toEqual([
      'completed',
      'failed',
      'canceled',
    ]);
  });

  test('is kept without spec, tags, cookie and files, and with the marks by which it is known whose it is', () => {
    const files = [{ id: 'f', path: '/x', status: 'completed', size: 5 }];
    const kept = toLogged(read({ files }));
    expect(kept).toMatchObject({
      spec: {},
      files: [],
      cookie: undefined,
      transferKey: undefined,
      tags: {},
      marks: {},
    });
    expect(JSON.stringify(kept)).not.toContain('portal');
    const marks = { aspera: { xfer_id: 'x-1' }, graphqlGateway: { viewer: 'v1' } };
    const tagged = { ...spec, tags: { ...marks, department: 'portal', secretive: { viewer: 'v2' } } };
    const known = readTransfer(wire({ id: 'a', status: 'running', start_spec: tagged }), tagged, undefined);
    expect(toLogged(known)).toMatchObject({ transferKey: 'x-1', tags: {} });
    expect(toLogged(known).marks).toEqual(marks);
    expect(toLogged(toLogged(known))).toEqual(toLogged(known));
  });
});

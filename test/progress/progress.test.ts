import { describe, expect, test } from 'vitest';
import { createProgress } from '../../src/progress/progress.ts';
import { openSource } from '../sources/node/odd-node.ts';
import { createMovableClock, listen, settings, silent } from './watched-node.ts';

/** Nobody answers there; topics that fail go on asking. */
const open = (name = 'london') => openSource('http://127.0.0.1:1', { name, circuitFailures: 1_000 });
const identity = (key: string) => ({ key, subject: undefined });

describe('the topics of the gateway', () => {
  test('are one for each source and upstream identity', () => {
    const progress = createProgress({ settings, logger: silent });
    const [london, tokyo] = [open('london'), open('tokyo')];
    const topic = progress.transfersOf(london, identity('one'));
    expect(progress.transfersOf(london, identity('one'))).toBe(topic);
    expect(progress.transfersOf(london, identity('two'))).not.toBe(topic);
    expect(progress.transfersOf(tokyo, identity('one'))).not.toBe(topic);
  });

  test('have cursors that no other takes', () => {
    const progress = createProgress({ settings, logger: silent });
    const london = open();
    const { cursor } = progress.transfersOf(london, identity('one'));
    expect(() => progress.transfersOf(london, identity('two')).watch({ after: cursor })).toThrow('This cursor belongs');
  });

  test('are forgotten when nobody has watched for as long as they remember, and not before', async () => {
    const clock = createMovableClock();
    const progress = createProgress({ settings, logger: silent, now: clock.now });
    const london = open();
    const watched = progress.transfersOf(london, identity('watched'));
    const listener = listen(watched);
    const left = progress.transfersOf(london, identity('left'));
    clock.advance(settings.maxAgeMs - 10_000);
    expect(progress.transfersOf(london, identity('left'))).toBe(left);
    await listen(left).leave();
    clock.advance(20_000);
    expect(progress.transfersOf(london, identity('left'))).toBe(left);
    clock.advance(settings.maxAgeMs);
    expect(progress.transfersOf(london, identity('left'))).not.toBe(left);
    expect(progress.transfersOf(london, identity('watched'))).toBe(watched);
    await listener.leave();
    expect(progress.transfersOf(london, identity('watched'))).toBe(watched);
  });

  test('that nobody watches are bounded in number; watched ones and the newest stay', () => {
    const clock = createMovableClock();
    const progress = createProgress({ settings, logger: silent, now: clock.now });
    const london = open();
    const topicOf = (n: number) => progress.transfersOf(london, identity(`viewer ${n}`));
    const watches = Array.from({ length: 1_100 }, (_, n) => topicOf(n).watch({}));
    const watched = Array.from({ length: 1_100 }, (_, n) => topicOf(n));
    expect(watched.every(({ watchers }) => watchers === 1)).toBe(true);
    const newest = topicOf(2_000);
    expect(topicOf(2_000)).toBe(newest);
    clock.advance(1);
    for (const watch of watches) void watch.return();
    clock.advance(1);
    const last = topicOf(3_000);
    expect(topicOf(3_000)).toBe(last);
    expect(topicOf(2_000)).not.toBe(newest);
  });
});

import { describe, expect, it } from 'vitest';
import { groupTimes, selfTimes } from '../../../bench/race/cpu-profile.ts';

const node = (id: number, functionName: string, url: string, lineNumber = 0) => ({
  id,
  callFrame: { functionName, url, lineNumber },
});

const profile = {
  nodes: [
    node(1, '(root)', ''),
    node(2, '(idle)', ''),
    node(3, 'dispatch', 'file:///srv/gateway/src/transport/dispatch.ts', 40),
    node(4, 'dispatch', 'file:///srv/gateway/src/transport/dispatch.ts', 40),
    node(5, 'parse', 'file:///srv/gateway/node_modules/@scope/parser/dist/index.js', 1),
    node(6, '', 'node:net', 9),
    node(7, '(garbage collector)', ''),
  ],
  samples: [2, 3, 4, 5, 6, 7],
  timeDeltas: [1_000, 30, 20, 10, 5, 1],
};

describe('selfTimes', () => {
  it('adds up a function wherever it was called from, and leaves out waiting', () => {
    expect(selfTimes(profile)).toEqual([
      { name: 'dispatch', place: 'src/transport/dispatch.ts:41', group: 'src/transport', us: 50 },
      { name: 'parse', place: '@scope/parser/dist/index.js:2', group: '@scope/parser', us: 10 },
      { name: '(anonymous)', place: 'node:net:10', group: 'node', us: 5 },
      { name: '(garbage collector)', place: '', group: 'garbage collection', us: 1 },
    ]);
  });
});

describe('groupTimes', () => {
  it('adds up what belongs together', () => {
    expect(groupTimes([...selfTimes(profile), ...selfTimes(profile)])[0]).toEqual({ group: 'src/transport', us: 100 });
  });
});

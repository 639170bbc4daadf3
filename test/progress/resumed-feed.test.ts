import { expect, test } from 'vitest';
import { createNodeFeed } from '../../src/progress/node-feed.ts';
import type { Watched } from '../../src/progress/watchers.ts';
import { running, startFeed } from './written-feed.ts';

const everything: Watched = { everything: true, has: () => false, ids: () => [].values() };

/** A feed that a test writes, and two processes that take turns at it. */
async function startTurns() {
  const { feed, source, reads } = await startFeed();
  const open = () => createNodeFeed(source, source.identify(undefined));
  const poll = async (turn: ReturnType<typeof open>) =>
    (await turn.poll(new AbortController().signal, everything)).changes;
  const idsOf = async (turn: ReturnType<typeof open>) => (await poll(turn)).map(({ transferId }) => transferId);
  return { feed, reads, first: open(), second: open(), open, poll, idsOf };
}

test('a feed goes on where another process has come to, and tells what has changed since', async () => {
  const { feed, first, second, idsOf, reads } = await startTurns();
  feed.items.push(running('a'), running('b'));
  expect(await idsOf(first)).toEqual(['a', 'b']);
  feed.items.push(running('c'));
  second.goOnFrom(first.place());
  expect(await idsOf(second)).toEqual(['c']);
  expect(reads).toEqual([2, 1]);
});

test('what another process has told is not told again when the page comes once more', async () => {
  const { feed, first, second, poll, idsOf } = await startTurns();
  feed.items.push(running('a'), running('b', 5));
  for (const change of await poll(first)) second.heard(change);
  feed.items.push(running('c'));
  // Its place was lost: it begins as if nobody had polled.
  expect(await idsOf(second)).toEqual(['c']);
});

test('what could not be told is found again from the place before it', async () => {
  const { feed, first, poll, idsOf } = await startTurns();
  feed.items.push(running('a'));
  await poll(first);
  const before = first.place();
  feed.items.push(running('b'), running('c'));
  const changes = await poll(first);
  first.goOnFrom(before);
  first.unheard(changes);
  expect(await idsOf(first)).toEqual(['b', 'c']);
  expect(await idsOf(first)).toEqual([]);
});

test('a place that says nothing is a beginning', async () => {
  const { feed, first, open, idsOf } = await startTurns();
  expect(open().place()).toBeUndefined();
  feed.items.push(running('a'));
  await idsOf(first);
  for (const place of ['', 'nonsense', '{"token":1}', undefined]) {
    const other = open();
    other.goOnFrom(place);
    expect(await idsOf(other)).toEqual(['a']);
  }
});

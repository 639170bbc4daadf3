import { expect, test } from 'vitest';
import { createOwnership } from '../../src/context/ownership.ts';
import { marksIn, marksOf } from '../../src/progress/transfer-marks.ts';
import { packageTagOf } from '../../src/resolvers/node/visibility.ts';

const ownership = createOwnership('a key of this test');
const mine = ownership.tagsFor('key:ada');
const faspex = {
  _pkg_id: 12,
  f5_xfer_id: 'f5-1',
  metadata: { _pkg_uuid: 'u-1', _pkg_title: 'Rushes' },
  note: 'secret',
};
const tags = { ...mine, aspera: { xfer_id: 'x-1', faspex, cloud: { user: 'ada' } }, department: { name: 'news' } };

test('the marks of a transfer are what its owner, its package and its other side are known by, and nothing more', () => {
  expect(marksIn(tags)).toEqual({
    ...mine,
    aspera: { xfer_id: 'x-1', faspex: { _pkg_id: 12, f5_xfer_id: 'f5-1', metadata: { _pkg_uuid: 'u-1' } } },
  });
  expect(ownership.owns('key:ada', marksIn(tags))).toBe(true);
  expect(ownership.owns('key:bob', marksIn(tags))).toBe(false);
  expect(packageTagOf(marksIn(tags))).toEqual({ packageId: '12', uuid: 'u-1' });
});

test('what cannot be a mark is none', () => {
  expect(marksIn({})).toEqual({});
  expect(marksIn({ aspera: { xfer_id: 'x'.repeat(201), faspex: { _pkg_id: { a: 1 }, metadata: null } } })).toEqual({});
  expect(marksIn({ graphqlGateway: 'text', aspera: ['xfer_id'] })).toEqual({});
});

test('an event is judged by its marks, also when it has none; a transfer by its tags', () => {
  expect(marksOf({ tags, marks: {} })).toEqual({});
  expect(marksOf({ tags: {}, marks: marksIn(tags) })).toEqual(marksIn(tags));
  expect(marksOf({ tags })).toBe(tags);
});

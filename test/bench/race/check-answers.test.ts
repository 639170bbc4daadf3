import { describe, expect, it } from 'vitest';
import { type Answers, compareAnswers, firstDifference } from '../../../bench/race/check-answers.ts';

const answersOf = (title: string): Answers => {
  const answer = { json: { data: { package: { title, recipients: [{ name: 'ada' }] } } }, bytes: 10 };
  return { list: answer, points: [answer] };
};

describe('firstDifference', () => {
  it('finds none between equal values, whatever the order of their members', () => {
    expect(firstDifference({ a: 1, b: [null] }, { b: [null], a: 1 })).toBeUndefined();
  });

  it.each([
    [{ a: { b: 1 } }, { a: { b: 2 } }, 'a.b: 2 instead of 1'],
    [{ a: [1, 2] }, { a: [1] }, 'a.1: undefined instead of 2'],
    [{ a: null }, { a: {} }, 'a: {} instead of null'],
    [{}, { extra: null }, 'extra: null instead of undefined'],
    [{ a: [] }, { a: {} }, 'a: {} instead of []'],
  ])('names the place where %j and %j differ', (expected, actual, place) => {
    expect(firstDifference(expected, actual)).toBe(place);
  });
});

describe('compareAnswers', () => {
  it('takes equal answers', () => {
    expect(() => compareAnswers('peer', answersOf('one'), answersOf('one'))).not.toThrow();
  });

  it('says who differs, and where', () => {
    expect(() => compareAnswers('peer', answersOf('one'), answersOf('other'))).toThrow(
      'peer answers list otherwise than the floor. data.package.title: "other" instead of "one"',
    );
  });

  it('misses no answer that is left out', () => {
    expect(() => compareAnswers('peer', answersOf('one'), { ...answersOf('one'), points: [] })).toThrow('point 0');
  });
});

import { describe, expect, it } from 'vitest';
import { nearestWord } from '../../src/words/nearest-word.ts';

const known = ['target_rate_kbps', 'target_rate_cap_kbps', 'token', 'title'];

describe('the word that was meant', () => {
  it.each([
    ['target_rate_kbs', 'target_rate_kbps'],
    ['TargetRateKbps', 'target_rate_kbps'],
    ['tokne', 'token'],
    ['titel', 'title'],
  ])('is near to what was written: %s', (written, meant) => {
    expect(nearestWord(written, known)).toBe(meant);
  });

  it('is none where nothing is near', () => {
    expect(nearestWord('certificate', known)).toBeUndefined();
    expect(nearestWord('anything', [])).toBeUndefined();
  });
});

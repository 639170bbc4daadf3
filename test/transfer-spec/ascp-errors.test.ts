import { describe, expect, test } from 'vitest';
import { ascpErrorAdvice, ascpErrorName, isAscpErrorRetryable } from '../../src/transfer-spec/ascp-errors.ts';

const codes = Array.from({ length: 66 }, (_, index) => index + 1);
const ofNoCode = ascpErrorAdvice(67, '');

describe('the error table of the transfer program', () => {
  test.each(codes)('has a name and one sentence of advice for code %i', (code) => {
    expect(ascpErrorName(code)).toMatch(/^[A-Z][A-Z_]+$/);
    expect(ascpErrorName(code)).not.toBe('UNKNOWN');
    const advice = ascpErrorAdvice(code, 'whatever');
    expect(advice).toMatch(/^[A-Z][^.!?]*(\.conf[^.!?]*)?\.$/);
    expect(advice).not.toBe(ofNoCode);
  });

  test('advises something of its own for each code', () => {
    expect(new Set(codes.map((code) => ascpErrorAdvice(code, ''))).size).toBe(codes.length);
    expect(new Set(codes.map(ascpErrorName)).size).toBe(codes.length);
  });

  test('has an answer for codes that it does not have', () => {
    for (const code of [0, 67, -1, 1.5]) {
      expect(ascpErrorName(code)).toBe('UNKNOWN');
      expect(ascpErrorAdvice(code, '')).toMatch(/^Read the log.*\.$/);
      expect(isAscpErrorRetryable(code, '')).toBe(false);
    }
  });

  test('says that a host that does not exist is not worth trying again, unlike other broken connections', () => {
    const description = 'Target address not available';
    expect(isAscpErrorRetryable(14, description)).toBe(false);
    expect(isAscpErrorRetryable(14, 'Connection refused')).toBe(true);
    expect(ascpErrorAdvice(14, description)).toContain('name or address');
    expect(ascpErrorAdvice(14, description)).not.toBe(ascpErrorAdvice(14, ''));
    expect(isAscpErrorRetryable(15, description)).toBe(true);
  });

  test('marks what may be tried again as the vendor does', () => {
    const marked = [12, 13, 14, 15, 16, 17, 18, 23, 32, 33, 35, 36, 37, 39, 40, 44, 45, 61];
    expect(codes.filter((code) => isAscpErrorRetryable(code, ''))).toEqual(marked);
  });
});

import { parseValue } from 'graphql';
import { describe, expect, it } from 'vitest';
import { bigIntScalar, localDateTimeScalar } from '../../src/schema/scalars.ts';

describe('BigInt', () => {
  it.each([
    ['9007199254740993', '9007199254740993'],
    ['-9223372036854775808', '-9223372036854775808'],
    ['9223372036854775807', '9223372036854775807'],
    ['007', '7'],
    [42, '42'],
    [42n, '42'],
  ])('gives %s as text, every digit kept', (value, text) => {
    expect(bigIntScalar.serialize(value)).toBe(text);
  });

  it('takes text and exact numbers', () => {
    expect(bigIntScalar.parseValue('9007199254740993')).toBe('9007199254740993');
    expect(bigIntScalar.parseValue(7)).toBe('7');
  });

  it('takes every digit of a number that is written into the operation', () => {
    expect(bigIntScalar.parseLiteral(parseValue('9007199254740993'), {})).toBe('9007199254740993');
    expect(bigIntScalar.parseLiteral(parseValue('"-9007199254740993"'), {})).toBe('-9007199254740993');
  });

  it.each([
    [9007199254740992],
    [1.5],
    ['1.5'],
    ['1e3'],
    ['9223372036854775808'],
    [''],
    [true],
    [null],
    ['9'.repeat(500)],
  ])('refuses %s, which is none or is not exact', (value) => {
    expect(() => bigIntScalar.parseValue(value)).toThrow('BigInt must be a whole number of 64 bits');
  });

  it('refuses literals that are no whole numbers', () => {
    expect(() => bigIntScalar.parseLiteral(parseValue('1.5'), {})).toThrow('BigInt must be');
  });
});

describe('LocalDateTime', () => {
  it.each([
    ['2026-01-05T17:35:20.500', '2026-01-05T17:35:20.500'],
    ['2026-01-05 17:35:20', '2026-01-05T17:35:20'],
    ['2024-02-29T00:00', '2024-02-29T00:00'],
  ])('gives %s without a zone', (value, text) => {
    expect(localDateTimeScalar.serialize(value)).toBe(text);
    expect(localDateTimeScalar.parseValue(value)).toBe(text);
  });

  it.each([
    ['2026-01-05T17:35:20Z'],
    ['2026-01-05T17:35:20+01:00'],
    ['2026-02-30T00:00:00'],
    ['2026-13-01T00:00:00'],
    ['2026-01-05T24:00:00'],
    ['2026-01-05'],
    ['yesterday'],
    [1_767_600_000_000],
    [null],
  ])('refuses %s, which has a zone or is no such time', (value) => {
    expect(() => localDateTimeScalar.parseValue(value)).toThrow('without a zone');
  });

  it('takes literals that are text', () => {
    expect(localDateTimeScalar.parseLiteral(parseValue('"2026-01-05T17:35:20"'), {})).toBe('2026-01-05T17:35:20');
    expect(() => localDateTimeScalar.parseLiteral(parseValue('5'), {})).toThrow('without a zone');
  });
});

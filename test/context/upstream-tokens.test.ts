import { inspect } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createTokenReader, UnusableToken } from '../../src/context/upstream-tokens.ts';

const reader = createTokenReader(['x-faspex-token', 'x-node-token'], 'ownership-key-0123456789');
const read = (sent: Readonly<Record<string, unknown>>) => reader.read((header) => sent[header]);
const digestOf = (value: string, by = reader) => by.read(() => value)('x-node-token')?.digest;

const printable = fc.string({
  unit: fc.integer({ min: 0x21, max: 0x7e }).map((code) => String.fromCharCode(code)),
  minLength: 1,
});

describe('the tokens that a caller sends along', () => {
  it('are found by their headers, and only where one was sent', () => {
    const tokens = read({ 'x-faspex-token': 'abc.def' });
    expect(tokens('x-faspex-token')).toMatchObject({ header: 'x-faspex-token' });
    expect(tokens('x-faspex-token')?.value.reveal()).toBe('abc.def');
    expect(tokens('x-node-token')).toBeUndefined();
    expect(read({ 'x-faspex-token': null })('x-faspex-token')).toBeUndefined();
  });

  it('are looked for in no header that no source is configured with', () => {
    const asked: string[] = [];
    const twice = createTokenReader(['x-a', 'x-b', 'x-a'], 'ownership-key-0123456789');
    const tokens = twice.read((header) => {
      asked.push(header);
      return 'abc';
    });
    expect(asked).toEqual(['x-a', 'x-b']);
    expect(tokens('authorization')).toBeUndefined();
    expect(tokens('cookie')).toBeUndefined();
  });

  it('are never printed', () => {
    const token = read({ 'x-node-token': 'hush-hush-4711' })('x-node-token');
    expect(`${inspect(token, { depth: 9 })}${JSON.stringify(token)}${String(token?.value)}`).not.toContain('hush');
  });

  it('may be as long as headers allow, and no longer', () => {
    expect(digestOf('a'.repeat(8_192))).toBeDefined();
    expect(() => digestOf('a'.repeat(8_193))).toThrow('must have at most 8192 characters');
  });

  it.each([
    ['a scheme and a token', 'Bearer abc'],
    ['two headers that were joined', 'abc, def'],
    ['nothing', ''],
    ['a line break', 'abc\r\nx-evil: 1'],
    ['a letter beyond ASCII', 'abcé'],
    ['a control character', 'abc\u007f'],
    ['a number', 17],
    ['a list', ['abc']],
    ['an object', { token: 'abc' }],
    ['false', false],
  ])('are no tokens where there is %s, and the refusal does not repeat it', (_what, value) => {
    const tokens = read({ 'x-node-token': value });
    expect(() => tokens('x-node-token')).toThrow(UnusableToken);
    expect(() => tokens('x-node-token')).not.toThrow(/abc/);
  });
});

describe('the digest of a token', () => {
  it('is the same for the same token with the same key, and another for any other', () => {
    fc.assert(
      fc.property(printable, printable, (one, other) => {
        expect(digestOf(one)).toBe(digestOf(one));
        if (one !== other) expect(digestOf(one)).not.toBe(digestOf(other));
        expect(digestOf(one)).toMatch(/^[\w-]{43}$/);
      }),
    );
  });

  it('is of no use without the key', () => {
    expect(digestOf('abc', createTokenReader(['x-node-token'], 'another-key-0123456789'))).not.toBe(digestOf('abc'));
  });

  it('does not depend on the header, so that two sources of one server may name two', () => {
    const tokens = read({ 'x-faspex-token': 'abc', 'x-node-token': 'abc' });
    expect(tokens('x-faspex-token')?.digest).toBe(tokens('x-node-token')?.digest);
  });
});

import { describe, expect, it } from 'vitest';
import { compileGlob } from '../../../../simulators/node/files/glob.ts';

describe('a glob', () => {
  it.each([
    ['*', '', true],
    ['*.txt', 'a.txt', true],
    ['*.txt', 'a.txt.gz', false],
    ['*.txt', 'folder/a.txt', true],
    ['a*b*c', 'a-b-b-c', true],
    ['a*b*c', 'a-c-b', false],
    ['?', '大', true],
    ['?', '🎬', true],
    ['?', '', false],
    ['[a-c]x', 'bx', true],
    ['[!a-c]x', 'bx', false],
    ['[^a-c]x', 'dx', true],
    ['[]x]', ']', true],
    ['[abc', '[abc', true],
    ['[z-a]', 'z', false],
    ['a-]', 'a-]', true],
    ['(1+1)$', '(1+1)$', true],
    ['.*', 'x', false],
    ['\\*', '*', true],
    ['\\*', 'x', false],
    ['\\', '\\', true],
    ['', '', true],
    ['', 'x', false],
    ['line\nbreak*', 'line\nbreak\n', true],
  ])('%j on %j: %s', (glob, text, expected) => {
    expect(compileGlob(glob, true)(text)).toBe(expected);
  });

  it('folds case in any script when it is told to', () => {
    expect(compileGlob('STRASSE Ü*', false)('strasse über')).toBe(true);
    expect(compileGlob('[A-C]', false)('b')).toBe(true);
    expect(compileGlob('A', true)('a')).toBe(false);
  });

  it('answers at once however many stars it has', () => {
    const test = compileGlob(`${'*a'.repeat(60)}*b`, true);
    expect(test('a'.repeat(255))).toBe(false);
  });
});

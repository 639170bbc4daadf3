import { FairComError } from '../errors.ts';

export type TokenKind = 'number' | 'string' | 'character' | 'date' | 'time' | 'timestamp' | 'name' | 'operator' | 'end';

export interface Token {
  readonly kind: TokenKind;
  readonly text: string;
  readonly position: number;
}

const SPACE = /\s+/y;
const NUMBER = /(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?/y;
const STRING = /"(?:[^"\\]|\\.)*"/y;
const CHARACTER = /'(?:[^'\\]|\\.)*'/y;
const BRACED = /\{\s*(d|t|ts)\s*'([^']*)'\s*\}/y;
const NAME = /[\p{L}_][\p{L}\p{N}_$]*/uy;
const OPERATOR = /==|!=|<=|>=|&&|\|\||[<>!+\-*/%&|~(),]/y;

const braced: Readonly<Record<string, TokenKind>> = { d: 'date', t: 'time', ts: 'timestamp' };

export const filterSyntaxError = (message: string) => new FairComError('filterSyntax', `tableFilter: ${message}`);

function unquote(text: string): string {
  try {
    const body = text.slice(1, -1);
    return String(JSON.parse(text.startsWith('"') ? text : `"${body.replaceAll('"', '\\"').replaceAll("\\'", "'")}"`));
  } catch (error) {
    throw new FairComError('filterSyntax', `tableFilter: the literal ${text} is not valid`, { cause: error });
  }
}

const readers: readonly (readonly [pattern: RegExp, read: (match: RegExpExecArray) => Omit<Token, 'position'>])[] = [
  [NUMBER, ([text]) => ({ kind: 'number', text })],
  [STRING, ([text]) => ({ kind: 'string', text: unquote(text) })],
  [CHARACTER, ([text]) => ({ kind: 'character', text: unquote(text) })],
  [BRACED, ([, type = '', text = '']) => ({ kind: braced[type] ?? 'date', text })],
  [NAME, ([text]) => ({ kind: 'name', text })],
  [OPERATOR, ([text]) => ({ kind: 'operator', text })],
];

const matchAt = (pattern: RegExp, text: string, position: number) => {
  pattern.lastIndex = position;
  return pattern.exec(text);
};

function tokenAt(text: string, position: number): { token: Token; end: number } {
  for (const [pattern, read] of readers) {
    const match = matchAt(pattern, text, position);
    if (match) return { token: { ...read(match), position }, end: position + match[0].length };
  }
  throw filterSyntaxError(`nothing valid begins at position ${position + 1}`);
}

/** Splits a table filter into tokens; the last one is always `end`. */
export function readTokens(text: string): Token[] {
  const tokens: Token[] = [];
  let position = 0;
  while (position < text.length) {
    const space = matchAt(SPACE, text, position);
    if (space) {
      position += space[0].length;
      continue;
    }
    const { token, end } = tokenAt(text, position);
    tokens.push(token);
    position = end;
  }
  return [...tokens, { kind: 'end', text: 'the end', position }];
}

import { FairComError } from '../errors.ts';
import { parseDate, parseTime, parseTimestamp } from '../values/temporal.ts';

export type SqlTokenKind = 'word' | 'quoted' | 'text' | 'number' | 'parameter' | 'sign';

export interface SqlToken {
  readonly kind: SqlTokenKind;
  /** Words as written, quoted names and texts without their quotes. */
  readonly text: string;
}

export const syntaxError = (message: string) => new FairComError('sqlSyntax', `Syntax error: ${message}`);

const SPACE = /(?:\s+|--[^\n]*|\/\*[\s\S]*?\*\/)+/y;
const BRACED = /\{\s*(d|ts|t)\s*'([^']*)'\s*\}/iy;
const TYPED = /(date|timestamp|time)\s*'([^']*)'/iy;
const readers: readonly (readonly [kind: SqlTokenKind, pattern: RegExp])[] = [
  ['text', /'((?:[^']|'')*)'/y],
  ['quoted', /"((?:[^"]|"")*)"/y],
  ['number', /(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?/y],
  ['word', /[\p{L}_][\p{L}\p{N}_$]*/uy],
  ['parameter', /\?/y],
  ['sign', /<=|>=|<>|!=|==|\|\||[-+*/%<>=(),.;]/y],
];

const matchAt = (pattern: RegExp, text: string, position: number) => {
  pattern.lastIndex = position;
  return pattern.exec(text);
};

const temporalReaders: Readonly<Record<string, (text: string) => string | undefined>> = {
  d: parseDate,
  date: parseDate,
  t: parseTime,
  time: parseTime,
  ts: (text) => parseTimestamp(text),
  timestamp: (text) => parseTimestamp(text),
};

/** `{ts '2026-01-05 10:00:00'}` and `TIMESTAMP '…'` become the text that timestamps are stored as. */
function temporalAt(text: string, position: number): { token: SqlToken; end: number } | undefined {
  const match = matchAt(BRACED, text, position) ?? matchAt(TYPED, text, position);
  if (!match) return undefined;
  const [whole, type = '', literal = ''] = match;
  const value = temporalReaders[type.toLowerCase()]?.(literal);
  if (value === undefined) throw syntaxError(`'${literal}' is not a valid ${type}`);
  return { token: { kind: 'text', text: value }, end: position + whole.length };
}

function tokenAt(text: string, position: number): { token: SqlToken; end: number } {
  const temporal = temporalAt(text, position);
  if (temporal) return temporal;
  for (const [kind, pattern] of readers) {
    const match = matchAt(pattern, text, position);
    if (match) {
      const quote = match[0].charAt(0);
      const body = match[1]?.replaceAll(quote + quote, quote) ?? match[0];
      return { token: { kind, text: body }, end: position + match[0].length };
    }
  }
  throw syntaxError(`nothing valid begins at position ${position + 1}`);
}

/** Splits one SQL statement into tokens; a last semicolon is dropped, another one is refused. */
export function readSqlTokens(text: string): SqlToken[] {
  const tokens: SqlToken[] = [];
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
  while (isSign(tokens.at(-1), ';')) tokens.pop();
  if (tokens.some((token) => isSign(token, ';'))) throw syntaxError('only one statement is allowed');
  if (tokens.length === 0) throw syntaxError('the statement is empty');
  return tokens;
}

export const isSign = (token: SqlToken | undefined, sign: string) => token?.kind === 'sign' && token.text === sign;

export const isWord = (token: SqlToken | undefined, ...words: readonly string[]) =>
  token?.kind === 'word' && words.includes(token.text.toUpperCase());

export const isName = (token: SqlToken | undefined): token is SqlToken =>
  token?.kind === 'word' || token?.kind === 'quoted';

/** The token as SQLite reads it. */
export function writeToken({ kind, text }: SqlToken): string {
  if (kind === 'quoted') return `"${text.replaceAll('"', '""')}"`;
  return kind === 'text' ? `'${text.replaceAll("'", "''")}'` : text;
}

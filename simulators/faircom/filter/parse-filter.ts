import { filterSyntaxError, readTokens, type Token } from './tokens.ts';

export type CastType = 'INTEGER' | 'REAL';

export type Expression =
  | { readonly kind: 'number'; readonly text: string }
  | { readonly kind: 'text' | 'date' | 'time' | 'timestamp'; readonly text: string }
  | { readonly kind: 'field'; readonly name: string }
  | { readonly kind: 'call'; readonly name: string; readonly operands: readonly Expression[] }
  | { readonly kind: 'cast'; readonly type: CastType; readonly operand: Expression }
  | { readonly kind: 'unary'; readonly operator: string; readonly operand: Expression }
  | { readonly kind: 'binary'; readonly operator: string; readonly left: Expression; readonly right: Expression };

/** Binary operators from the loosest to the tightest, as in C (faircom-netography-api.md §A10). */
const levels: readonly ReadonlySet<string>[] = [
  new Set(['||']),
  new Set(['&&']),
  new Set(['|']),
  new Set(['&']),
  new Set(['==', '!=']),
  new Set(['<', '<=', '>', '>=']),
  new Set(['+', '-']),
  new Set(['*', '/', '%']),
];

const casts: ReadonlyMap<string, CastType> = new Map([
  ['char', 'INTEGER'],
  ['short', 'INTEGER'],
  ['int', 'INTEGER'],
  ['long', 'INTEGER'],
  ['float', 'REAL'],
  ['double', 'REAL'],
]);

/** Deeper nesting than any person writes; it keeps the parser's own stack safe. */
const MAX_DEPTH = 100;

interface Source {
  readonly tokens: readonly Token[];
  next: number;
  depth: number;
}

function peek(source: Source, ahead = 0): Token {
  const token = source.tokens[source.next + ahead] ?? source.tokens.at(-1);
  if (!token) throw filterSyntaxError('it is empty');
  return token;
}

const isOperator = (token: Token, text: string) => token.kind === 'operator' && token.text === text;

function take(source: Source): Token {
  const token = peek(source);
  source.next += 1;
  return token;
}

function expect(source: Source, text: string): void {
  const token = take(source);
  if (!isOperator(token, text)) {
    throw filterSyntaxError(`"${text}" is missing at position ${token.position + 1}, where ${token.text} stands`);
  }
}

function parseOperands(source: Source): Expression[] {
  const operands: Expression[] = [];
  expect(source, '(');
  while (!isOperator(peek(source), ')')) {
    if (operands.length > 0) expect(source, ',');
    operands.push(parseLevel(source, 0));
  }
  expect(source, ')');
  return operands;
}

function parsePrimary(source: Source): Expression {
  const token = take(source);
  if (token.kind === 'string' || token.kind === 'character') return { kind: 'text', text: token.text };
  if (token.kind === 'name') {
    if (!isOperator(peek(source), '(')) return { kind: 'field', name: token.text };
    return { kind: 'call', name: token.text.toLowerCase(), operands: parseOperands(source) };
  }
  if (isOperator(token, '(')) {
    const inner = parseLevel(source, 0);
    expect(source, ')');
    return inner;
  }
  if (token.kind === 'operator' || token.kind === 'end') {
    throw filterSyntaxError(`a value is missing at position ${token.position + 1}, where ${token.text} stands`);
  }
  return { kind: token.kind, text: token.text };
}

function parseCastType(source: Source): CastType | undefined {
  const [open, name, close] = [peek(source), peek(source, 1), peek(source, 2)];
  if (!isOperator(open, '(') || name.kind !== 'name' || !isOperator(close, ')')) return undefined;
  const type = casts.get(name.text.toLowerCase());
  if (type) source.next += 3;
  return type;
}

function parseUnary(source: Source): Expression {
  const token = peek(source);
  if (token.kind === 'operator' && ['!', '-', '+', '~'].includes(token.text)) {
    source.next += 1;
    return { kind: 'unary', operator: token.text, operand: nested(source, parseUnary) };
  }
  const type = parseCastType(source);
  return type ? { kind: 'cast', type, operand: nested(source, parseUnary) } : nested(source, parsePrimary);
}

function nested(source: Source, parse: (source: Source) => Expression): Expression {
  source.depth += 1;
  if (source.depth > MAX_DEPTH) throw filterSyntaxError('it is nested too deeply');
  const expression = parse(source);
  source.depth -= 1;
  return expression;
}

function parseLevel(source: Source, level: number): Expression {
  const operators = levels[level];
  if (!operators) return parseUnary(source);
  let left = parseLevel(source, level + 1);
  while (peek(source).kind === 'operator' && operators.has(peek(source).text)) {
    const operator = take(source).text;
    left = { kind: 'binary', operator, left, right: parseLevel(source, level + 1) };
  }
  return left;
}

/** Parses a table filter, e.g. `ok == 1 && strcmp(code, "A") > 0`; undefined when it is empty: no filter. */
export function parseFilter(text: string): Expression | undefined {
  const source: Source = { tokens: readTokens(text), next: 0, depth: 0 };
  if (peek(source).kind === 'end') return undefined;
  const expression = parseLevel(source, 0);
  const rest = peek(source);
  if (rest.kind !== 'end') throw filterSyntaxError(`${rest.text} at position ${rest.position + 1} was not expected`);
  return expression;
}

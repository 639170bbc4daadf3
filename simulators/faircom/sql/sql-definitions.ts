import { readField } from '../storage/define-field.ts';
import type { Field } from '../values/field.ts';
import { isName, isSign, isWord, type SqlToken, syntaxError } from './sql-tokens.ts';

/** The words of SQL for field types (faircom-netography-api.md §A8). */
const sqlTypes: Readonly<Record<string, string>> = {
  INT: 'integer',
  DOUBLE: 'float',
  NUMERIC: 'number',
  DECIMAL: 'number',
  CHARACTER: 'char',
};

interface Source {
  readonly tokens: readonly SqlToken[];
  next: number;
}

export interface QualifiedName {
  readonly ownerName: string | undefined;
  readonly name: string;
}

export interface TableStatement extends QualifiedName {
  readonly kind: 'createTable';
  readonly fields: readonly Field[];
  readonly primaryKeyFields: readonly string[];
}

export interface IndexStatement {
  readonly kind: 'createIndex';
  readonly indexName: string;
  readonly table: QualifiedName;
  readonly isUnique: boolean;
  readonly fields: readonly { readonly name: string; readonly sortDescending: boolean }[];
}

export type DefinitionStatement =
  | TableStatement
  | IndexStatement
  | ({ readonly kind: 'dropTable' } & QualifiedName)
  | { readonly kind: 'dropIndex'; readonly indexName: string };

function takeWord(source: Source, ...words: readonly string[]): boolean {
  if (!isWord(source.tokens[source.next], ...words)) return false;
  source.next += 1;
  return true;
}

function takeSign(source: Source, sign: string): boolean {
  if (!isSign(source.tokens[source.next], sign)) return false;
  source.next += 1;
  return true;
}

function requireSign(source: Source, sign: string): void {
  if (!takeSign(source, sign)) throw syntaxError(`"${sign}" is missing`);
}

function requireName(source: Source): string {
  const token = source.tokens[source.next];
  if (!isName(token)) throw syntaxError('a name is missing');
  source.next += 1;
  return token.text;
}

function readQualifiedName(source: Source): QualifiedName {
  const first = requireName(source);
  return takeSign(source, '.')
    ? { ownerName: first, name: requireName(source) }
    : { ownerName: undefined, name: first };
}

/** Everything between a pair of parentheses, split at its commas. */
function readList<Entry>(source: Source, read: () => Entry): Entry[] {
  const entries: Entry[] = [];
  requireSign(source, '(');
  do entries.push(read());
  while (takeSign(source, ','));
  requireSign(source, ')');
  return entries;
}

function readNumbers(source: Source): number[] {
  if (!isSign(source.tokens[source.next], '(')) return [];
  return readList(source, () => {
    const token = source.tokens[source.next];
    source.next += 1;
    if (token?.kind !== 'number') throw syntaxError('a number is missing');
    return Number(token.text);
  });
}

function readLiteral(source: Source): string {
  const sign = takeSign(source, '-') ? '-' : '';
  const token = source.tokens[source.next];
  source.next += 1;
  if (token?.kind !== 'number' && token?.kind !== 'text') throw syntaxError('a default value is missing');
  return sign + token.text;
}

interface ColumnRules {
  readonly nullable: boolean;
  readonly isPrimaryKey: boolean;
  readonly isIdentity: boolean;
  readonly defaultValue: string | null;
}

function readRule(source: Source, rules: ColumnRules): ColumnRules | undefined {
  if (takeWord(source, 'NOT')) {
    if (!takeWord(source, 'NULL')) throw syntaxError('NOT stands without NULL');
    return { ...rules, nullable: false };
  }
  if (takeWord(source, 'NULL')) return rules;
  if (takeWord(source, 'DEFAULT')) return { ...rules, defaultValue: readLiteral(source) };
  if (takeWord(source, 'PRIMARY')) {
    if (!takeWord(source, 'KEY')) throw syntaxError('PRIMARY stands without KEY');
    return { ...rules, isPrimaryKey: true };
  }
  if (!takeWord(source, 'IDENTITY')) return undefined;
  readNumbers(source);
  return { ...rules, isIdentity: true };
}

function readColumn(source: Source): { field: Field; isPrimaryKey: boolean } {
  const name = requireName(source);
  const word = requireName(source).toUpperCase();
  takeWord(source, 'PRECISION');
  const [length = null, scale = null] = readNumbers(source);
  let rules: ColumnRules = { nullable: true, isPrimaryKey: false, isIdentity: false, defaultValue: null };
  for (let next = readRule(source, rules); next; next = readRule(source, rules)) rules = next;
  const { nullable, isIdentity, defaultValue, isPrimaryKey } = rules;
  const autoValue = isIdentity ? 'incrementOnInsert' : 'none';
  const type = sqlTypes[word] ?? word;
  return { field: readField({ name, type, length, scale, nullable, defaultValue, autoValue }), isPrimaryKey };
}

function readTable(source: Source): TableStatement {
  const named = readQualifiedName(source);
  const fields: Field[] = [];
  const keys: string[] = [];
  readList(source, () => {
    if (takeWord(source, 'PRIMARY')) {
      if (!takeWord(source, 'KEY')) throw syntaxError('PRIMARY stands without KEY');
      keys.push(...readList(source, () => requireName(source)));
      return;
    }
    const { field, isPrimaryKey } = readColumn(source);
    fields.push(field);
    if (isPrimaryKey) keys.push(field.name);
  });
  return { kind: 'createTable', ...named, fields, primaryKeyFields: keys };
}

function readIndexColumn(source: Source): { name: string; sortDescending: boolean } {
  const name = requireName(source);
  const sortDescending = takeWord(source, 'DESC');
  if (!sortDescending) takeWord(source, 'ASC');
  return { name, sortDescending };
}

function readIndex(source: Source, isUnique: boolean): IndexStatement {
  const indexName = requireName(source);
  if (!takeWord(source, 'ON')) throw syntaxError('ON is missing');
  const table = readQualifiedName(source);
  return { kind: 'createIndex', indexName, table, isUnique, fields: readList(source, () => readIndexColumn(source)) };
}

function readStatement(source: Source): DefinitionStatement {
  if (takeWord(source, 'DROP')) {
    if (takeWord(source, 'TABLE')) return { kind: 'dropTable', ...readQualifiedName(source) };
    if (takeWord(source, 'INDEX')) return { kind: 'dropIndex', indexName: requireName(source) };
  } else if (takeWord(source, 'CREATE')) {
    if (takeWord(source, 'TABLE')) return readTable(source);
    const isUnique = takeWord(source, 'UNIQUE');
    if (takeWord(source, 'INDEX')) return readIndex(source, isUnique);
  }
  throw syntaxError('the statement is not supported');
}

/** Reads CREATE and DROP of tables and indexes; any other statement is a syntax error. */
export function readDefinition(tokens: readonly SqlToken[]): DefinitionStatement {
  const source = { tokens, next: 0 };
  const statement = readStatement(source);
  const rest = tokens[source.next];
  if (rest) throw syntaxError(`${rest.text} was not expected`);
  return statement;
}

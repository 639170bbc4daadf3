import { FairComError } from '../errors.ts';
import { isName, isSign, isWord, readSqlTokens, type SqlToken, syntaxError, writeToken } from './sql-tokens.ts';

/** Gives the stored name of a client's table, or throws when there is none. */
export type ResolveTable = (ownerName: string | undefined, tableName: string) => string;

export interface TranslatedSql {
  /** First word of the statement, upper case. */
  readonly verb: string;
  readonly sql: string;
}

interface Level {
  /** Whether a FROM at this depth names tables: not inside `EXTRACT(YEAR FROM …)`. */
  readonly isQuery: boolean;
  isInFrom: boolean;
  top: string | undefined;
  skip: string | undefined;
}

interface Translation {
  readonly tokens: readonly SqlToken[];
  readonly written: string[];
  readonly levels: Level[];
  readonly resolve: ResolveTable;
  /** Names of common table expressions. */
  readonly named: ReadonlySet<string>;
  next: number;
}

/** The vendor refuses these as aliases without quotes (faircom-netography-api.md §A10). */
const reservedAliases = ['COUNT', 'SUM', 'DATE', 'TIME', 'TIMESTAMP', 'USER', 'TABLE', 'VIEW', 'INDEX', 'KEY', 'VALUE'];
const moreReservedAliases = ['DEFAULT', 'ORDER', 'NUMBER'];

const notAliases = ['WHERE', 'ON', 'JOIN', 'INNER', 'LEFT', 'RIGHT', 'FULL', 'CROSS', 'NATURAL', 'OUTER', 'GROUP'];
const norAliases = ['ORDER', 'HAVING', 'UNION', 'EXCEPT', 'INTERSECT', 'SET', 'VALUES', 'SELECT', 'USING', 'WITH'];

const newLevel = (isQuery: boolean): Level => ({ isQuery, isInFrom: false, top: undefined, skip: undefined });

/** The dialect has TOP and SKIP instead (§A10). */
function refuseLimit(translation: Translation): void {
  const [token, following] = [translation.tokens[translation.next], translation.tokens[translation.next + 1]];
  const isCount = following?.kind === 'number' || following?.kind === 'parameter';
  if (isWord(token, 'LIMIT', 'OFFSET') && isCount) throw syntaxError(`${token?.text} is not part of this dialect`);
  if (isWord(token, 'FETCH') && isWord(following, 'FIRST', 'NEXT'))
    throw syntaxError('FETCH is not part of this dialect');
}

/** TOP and SKIP in either order, each with a literal integer. */
function readTopAndSkip(translation: Translation, level: Level): void {
  const { tokens } = translation;
  while (isWord(tokens[translation.next], 'TOP', 'SKIP')) {
    const count = tokens[translation.next + 1];
    if (count?.kind === 'parameter') throw syntaxError('TOP and SKIP need a literal integer');
    if (count?.kind !== 'number' || !/^\d+$/.test(count.text)) return;
    if (isWord(tokens[translation.next], 'TOP')) level.top = count.text;
    else level.skip = count.text;
    translation.next += 2;
  }
}

function readSelect(translation: Translation, level: Level): void {
  translation.written.push('SELECT');
  translation.next += 1;
  readTopAndSkip(translation, level);
  if (isWord(translation.tokens[translation.next], 'DISTINCT', 'ALL')) {
    translation.written.push(translation.tokens[translation.next]?.text ?? '');
    translation.next += 1;
    readTopAndSkip(translation, level);
  }
}

function closeLevel({ written, levels }: Translation): void {
  const level = levels.pop();
  if (level?.top === undefined && level?.skip === undefined) return;
  written.push(`LIMIT ${level.top ?? '-1'} OFFSET ${level.skip ?? '0'}`);
}

/** Writes the stored table under the name or alias that the statement goes on to use. */
function readTable(translation: Translation): void {
  const { tokens, written, named, resolve } = translation;
  const [first, second, third] = tokens.slice(translation.next, translation.next + 3);
  if (!isName(first)) throw syntaxError('a table name is missing');
  const isQualified = isSign(second, '.') && isName(third);
  const table = isQualified ? third : first;
  translation.next += isQualified ? 3 : 1;
  if (!isQualified && named.has(table.text.toLowerCase())) {
    written.push(writeToken(table));
    return;
  }
  written.push(`"${resolve(isQualified ? first.text : undefined, table.text)}"`);
  const following = tokens[translation.next];
  const hasAlias = isWord(following, 'AS') || (isName(following) && !isWord(following, ...notAliases, ...norAliases));
  if (!hasAlias) written.push('AS', writeToken({ kind: 'quoted', text: table.text }));
}

function startsTable({ tokens, next, levels }: Translation): boolean {
  const token = tokens[next];
  const level = levels.at(-1);
  if (isWord(token, 'FROM')) return level?.isQuery ?? false;
  if (isWord(token, 'JOIN', 'INTO')) return true;
  if (isWord(token, 'UPDATE')) return next === 0;
  return isSign(token, ',') && (level?.isInFrom ?? false);
}

function readTableStart(translation: Translation): void {
  const { tokens, written, levels } = translation;
  const level = levels.at(-1);
  const token = tokens[translation.next];
  if (level && isWord(token, 'FROM', 'JOIN')) level.isInFrom = true;
  written.push(token?.text ?? '');
  translation.next += 1;
  if (!isSign(tokens[translation.next], '(')) readTable(translation);
}

function readAlias(translation: Translation): void {
  const alias = translation.tokens[translation.next + 1];
  if (isWord(alias, ...reservedAliases, ...moreReservedAliases)) {
    throw syntaxError(`the reserved word ${alias?.text} must be quoted as an alias`);
  }
  translation.written.push('AS');
  translation.next += 1;
}

/** `owner.table.column` is known to SQLite as `table.column`. */
function skipOwner(translation: Translation): void {
  const [owner, dot, table, secondDot] = translation.tokens.slice(translation.next, translation.next + 4);
  if (isName(owner) && isSign(dot, '.') && isName(table) && isSign(secondDot, '.')) translation.next += 2;
}

function readParenthesis(translation: Translation): boolean {
  const { tokens, written, levels } = translation;
  const token = tokens[translation.next];
  if (isSign(token, '(')) {
    levels.push(newLevel(isWord(tokens[translation.next + 1], 'SELECT', 'WITH')));
    written.push('(');
  } else if (isSign(token, ')')) {
    if (levels.length < 2) throw syntaxError('a parenthesis is closed that was not opened');
    closeLevel(translation);
    written.push(')');
  } else {
    return false;
  }
  translation.next += 1;
  return true;
}

function readNext(translation: Translation): void {
  const { tokens, written, levels } = translation;
  refuseLimit(translation);
  const level = levels.at(-1);
  const token = tokens[translation.next];
  if (!token || readParenthesis(translation)) return;
  if (level && isWord(token, 'SELECT')) {
    level.isInFrom = false;
    readSelect(translation, level);
    return;
  }
  if (startsTable(translation)) {
    readTableStart(translation);
    return;
  }
  if (isWord(token, 'AS')) {
    readAlias(translation);
    return;
  }
  if (level && isWord(token, 'WHERE', 'GROUP', 'ORDER', 'HAVING', 'UNION', 'SET')) level.isInFrom = false;
  skipOwner(translation);
  written.push(writeToken(tokens[translation.next] ?? token));
  translation.next += 1;
}

/** Names defined as `WITH name AS (` or `, name AS (`. */
function commonTableNames(tokens: readonly SqlToken[]): Set<string> {
  const names = new Set<string>();
  for (const [index, token] of tokens.entries()) {
    const isDefined = isWord(tokens[index + 1], 'AS') && isSign(tokens[index + 2], '(');
    if (isDefined && isName(token)) names.add(token.text.toLowerCase());
  }
  return names;
}

const isTight = (before: string, piece: string) =>
  ['.', '('].includes(before) || ['.', ',', ')'].includes(piece) || (piece === '(' && /\w$/.test(before));

/** Spaced as people write it: columns without a name are shown as their text. */
function joinPieces(pieces: readonly string[]): string {
  return pieces.reduce(
    (text, piece, place) => `${text}${isTight(pieces[place - 1] ?? '(', piece) ? '' : ' '}${piece}`,
    '',
  );
}

/** Turns a SELECT, INSERT, UPDATE or DELETE of the vendor's dialect into SQLite's. */
export function translateSql(text: string, resolve: ResolveTable): TranslatedSql {
  const tokens = readSqlTokens(text);
  const named = commonTableNames(tokens);
  const translation: Translation = { tokens, written: [], levels: [newLevel(true)], resolve, named, next: 0 };
  while (translation.next < tokens.length) readNext(translation);
  if (translation.levels.length > 1) throw syntaxError('a parenthesis is not closed');
  closeLevel(translation);
  return { verb: verbOf(tokens), sql: joinPieces(translation.written) };
}

/** The first word; for `WITH … AS (…)` the verb that follows the common table expressions. */
export function verbOf(tokens: readonly SqlToken[]): string {
  const [first] = tokens;
  if (!isWord(first, 'WITH')) return first?.kind === 'word' ? first.text.toUpperCase() : '';
  const changing = tokens.find((token) => isWord(token, 'INSERT', 'UPDATE', 'DELETE', 'REPLACE'));
  return changing ? changing.text.toUpperCase() : 'SELECT';
}

export const sqlTableUnknown = (name: string) =>
  new FairComError('sqlTableUnknown', `Table/View/Synonym ${name} not found`);

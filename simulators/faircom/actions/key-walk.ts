import { bound, type Fragment, join, raw, sql } from '../storage/fragment.ts';
import type { SortTerm } from '../storage/records.ts';
import type { SqlValue } from '../values/field.ts';

/** A sort term and the value of it that a record is compared with. */
export interface KeyPoint {
  readonly term: SortTerm;
  readonly value: SqlValue;
}

export type Side = 'before' | 'after';

/** Whether a term lies on one side of a value; null comes before every value, as SQLite sorts. */
function lies(side: Side, { term, value }: KeyPoint): Fragment {
  const expression = raw(term.expression);
  const isSmaller = (side === 'before') !== term.isDescending;
  if (value === null) return isSmaller ? raw('FALSE') : sql`${expression} IS NOT NULL`;
  return isSmaller
    ? sql`(${expression} < ${bound(value)} OR ${expression} IS NULL)`
    : sql`${expression} > ${bound(value)}`;
}

const equals = ({ term, value }: KeyPoint) => sql`${raw(term.expression)} IS ${bound(value)}`;

export const isAtKey = (points: readonly KeyPoint[]): Fragment => join(points.map(equals), ' AND ');

/**
 * What every record beside the key has in common, where that is a range: with it SQLite begins at its place in the
 * index, without it at the start of the index. Where records without a value lie on that side, there is no such range.
 */
function rangeOf(side: Side, [first]: readonly KeyPoint[]): Fragment {
  const isAbove = first && (side === 'before') === first.term.isDescending;
  if (!isAbove || first.value === null) return raw('TRUE');
  return sql`${raw(first.term.expression)} >= ${bound(first.value)}`;
}

function lieBeside(side: Side, points: readonly KeyPoint[]): Fragment {
  const cases = points.map((point, place) => {
    const equalSoFar = points.slice(0, place).map(equals);
    return sql`(${join([...equalSoFar, lies(side, point)], ' AND ')})`;
  });
  return join(cases, ' OR ');
}

/** Records that lie on one side of a key of one or more fields, in index order. */
export const isBeside = (side: Side, points: readonly KeyPoint[]): Fragment =>
  sql`${rangeOf(side, points)} AND (${lieBeside(side, points)})`;

export const isAtOrBeside = (side: Side, points: readonly KeyPoint[]): Fragment =>
  sql`${rangeOf(side, points)} AND (${lieBeside(side, points)} OR (${isAtKey(points)}))`;

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

/** Records that lie on one side of a key of one or more fields, in index order. */
export function isBeside(side: Side, points: readonly KeyPoint[]): Fragment {
  const cases = points.map((point, place) => {
    const equalSoFar = points.slice(0, place).map(equals);
    return sql`(${join([...equalSoFar, lies(side, point)], ' AND ')})`;
  });
  return join(cases, ' OR ');
}

export const isAtOrBeside = (side: Side, points: readonly KeyPoint[]): Fragment =>
  sql`${isBeside(side, points)} OR (${isAtKey(points)})`;

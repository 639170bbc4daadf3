import type { SQLInputValue } from 'node:sqlite';

/** Which transfers a page of the change feed holds; the members are the query parameters of aspera-node-api.md §5.2. */
export interface FeedQuery {
  /** Only changes after this number (`iteration_token`). */
  readonly after?: number;
  /** Only changes after this time of the node's clock, in milliseconds (`after_time`). */
  readonly afterMs?: number;
  readonly count: number;
  /** true: waiting or running; false: neither. */
  readonly isActive?: boolean;
  readonly direction?: string;
  readonly accessKeyId?: string;
  readonly userId?: string;
  readonly tag?: { readonly path: readonly string[]; readonly value?: string };
}

interface Condition {
  readonly sql: string;
  readonly values: readonly SQLInputValue[];
}

const tagPath = (path: readonly string[]) => `$.${path.map((member) => JSON.stringify(member)).join('.')}`;

function tagCondition({ path, value }: NonNullable<FeedQuery['tag']>): Condition {
  const place = tagPath(path);
  if (value === undefined) return { sql: 'json_type(tags, ?) IS NOT NULL', values: [place] };
  return { sql: 'CAST(json_extract(tags, ?) AS TEXT) = ?', values: [place, value] };
}

/**
 * Times grow with changes, so a time is turned into the first change after it: the page still starts at one place of
 * the change index, however much history lies before.
 */
const afterTime = `change >= (SELECT change FROM transfers WHERE changed_ms > ? ORDER BY changed_ms, change LIMIT 1)`;

export function conditionsOf(query: FeedQuery): { conditions: string[]; values: SQLInputValue[] } {
  const found: Condition[] = [];
  const equal = (column: string, value: string | undefined) => {
    if (value !== undefined) found.push({ sql: `${column} = ?`, values: [value] });
  };
  if (query.afterMs !== undefined) found.push({ sql: afterTime, values: [query.afterMs] });
  // A literal, because SQLite uses the partial index of active transfers only when it can see the value.
  if (query.isActive !== undefined) found.push({ sql: `active = ${Number(query.isActive)}`, values: [] });
  equal('direction', query.direction);
  equal('access_key', query.accessKeyId);
  equal('user_id', query.userId);
  if (query.tag) found.push(tagCondition(query.tag));
  return { conditions: found.map(({ sql }) => sql), values: found.flatMap(({ values }) => [...values]) };
}

import type { SqlValue } from '../values/field.ts';

/** A piece of SQL with the values of its `?` in their order. */
export interface Fragment {
  readonly sql: string;
  readonly values: readonly SqlValue[];
}

export const raw = (text: string): Fragment => ({ sql: text, values: [] });
export const bound = (value: SqlValue): Fragment => ({ sql: '?', values: [value] });

/** Builds a fragment from a template whose holes are fragments. */
export function sql(strings: TemplateStringsArray, ...parts: readonly Fragment[]): Fragment {
  const text = strings.map((piece, index) => piece + (parts[index]?.sql ?? '')).join('');
  return { sql: text, values: parts.flatMap((part) => part.values) };
}

export function join(parts: readonly Fragment[], separator: string): Fragment {
  return { sql: parts.map((part) => part.sql).join(separator), values: parts.flatMap((part) => part.values) };
}

/** All conditions together; no condition is always true. */
export const allOf = (conditions: readonly Fragment[]): Fragment =>
  conditions.length === 0
    ? raw('TRUE')
    : join(
        conditions.map((condition) => sql`(${condition})`),
        ' AND ',
      );

export function literal(value: SqlValue): string {
  if (value === null) return 'NULL';
  if (value instanceof Uint8Array) return `x'${Buffer.from(value).toString('hex')}'`;
  return typeof value === 'string' ? `'${value.replaceAll("'", "''")}'` : String(value);
}

/** Writes the values into the text: index definitions may not hold parameters. */
export function inline(fragment: Fragment): string {
  const values = [...fragment.values];
  return fragment.sql.replace(/\?/g, () => literal(values.shift() ?? null));
}

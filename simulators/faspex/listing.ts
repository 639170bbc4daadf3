import type { SimulatorResponse } from '../kit/message.ts';
import { refusal } from './errors.ts';

/** The server's page size where a request names none (aspera-apps-api.md §1.1, IBM/aspera-cli#168). */
const DEFAULT_LIMIT = 20;

function readCount(query: URLSearchParams, name: string, fallback: number, code: number): number {
  const text = query.get(name);
  if (text === null) return fallback;
  if (!/^\d{1,9}$/.test(text)) throw refusal(400, code, `${name} must be an integer that is not negative.`);
  return Number(text);
}

export interface Page {
  readonly offset: number;
  readonly limit: number;
}

export const readPage = (query: URLSearchParams): Page => ({
  offset: readCount(query, 'offset', 0, 1004),
  limit: readCount(query, 'limit', DEFAULT_LIMIT, 1005),
});

/** One page of a collection in Faspex's envelope (aspera-apps-api.md §1.1). Only the rows of the page are rendered. */
export function pageOf<T>(
  query: URLSearchParams,
  key: string,
  rows: readonly T[],
  render: (row: T) => unknown,
): SimulatorResponse {
  const { offset, limit } = readPage(query);
  const page = rows.slice(offset, offset + limit).map(render);
  return { status: 200, json: { total_count: rows.length, offset, limit, [key]: page } };
}

/** Sorts by the query's `sort`, descending with a leading minus; an unknown column is 400/1012. */
export function sorted<T>(
  query: URLSearchParams,
  rows: readonly T[],
  columns: Readonly<Record<string, (row: T) => string | number>>,
): readonly T[] {
  const sort = query.get('sort');
  if (sort === null) return rows;
  const column = columns[sort.replace(/^-/, '')];
  if (!column) throw refusal(400, 1012, `sort must be one of ${Object.keys(columns).join(', ')}.`);
  const direction = sort.startsWith('-') ? -1 : 1;
  const compare = (left: string | number, right: string | number) =>
    typeof left === 'number' && typeof right === 'number' ? left - right : String(left).localeCompare(String(right));
  return rows.toSorted((left, right) => direction * compare(column(left), column(right)));
}

/** A repeated query parameter, PHP style (`type[]=a&type[]=b`) or plain. */
export const listParameter = (query: URLSearchParams, name: string): readonly string[] => [
  ...query.getAll(`${name}[]`),
  ...query.getAll(name),
];

/** Whether any of the texts contains the query's `q`, whatever the case; true without `q`. */
export function matchesSearch(query: URLSearchParams, texts: readonly string[]): boolean {
  const wanted = query.get('q')?.toLowerCase();
  return !wanted || texts.some((text) => text.toLowerCase().includes(wanted));
}

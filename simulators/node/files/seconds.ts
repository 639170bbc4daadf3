import type { Stats } from 'node:fs';
import { refusal } from '../errors.ts';

/** A time as the Node API writes it: UTC, whole seconds. */
export const isoSeconds = (milliseconds: number): string =>
  `${new Date(Math.floor(milliseconds / 1000) * 1000).toISOString().slice(0, 19)}Z`;

/** Modification time in the whole seconds that the API shows, so that filters agree with what is shown. */
export const secondsOf = (stats: Stats): number => Math.floor(stats.mtimeMs / 1000);

const shape = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d)(?:\.\d+)?(Z|[+-]\d\d:?\d\d)?$/;

/** Seconds since 1970 of `2011-01-31T12:59:59Z`: T or space, Z optional (openapi 4.4.6, filesBrowseFilters). */
export function parseSeconds(text: string): number {
  const [, date, time, zone = 'Z'] = shape.exec(text) ?? [];
  const milliseconds = date === undefined ? Number.NaN : Date.parse(`${date}T${time}${zone}`);
  if (Number.isNaN(milliseconds)) throw refusal(400, `Invalid time: ${text}`);
  return Math.floor(milliseconds / 1000);
}

import { z } from 'zod';
import { isJsonObject, type JsonObject } from '../../transfer-spec/transfer-spec.ts';

/**
 * What the JSON of every part of the Node API is made of. Nodes leave members out, send null for them, and are not
 * agreed on whether a number is a number (aspera-node-api.md §1.5, §5.3): all three read as one thing here.
 */

/** Text; empty, null and absent are undefined. */
export const text = z
  .string()
  .nullish()
  .transform((value) => (value === null || value === '' ? undefined : value));

/** A number that may come as text. */
export const decimal = z
  .union([z.number(), z.string().regex(/^(-?\d+(\.\d+)?)?$/)])
  .nullish()
  .transform((value) => (value === null || value === undefined || value === '' ? undefined : Number(value)));

/** A count of bytes, files or the like. Nodes count from below zero for what they do not know yet. */
export const count = decimal.transform((value) => (value === undefined || value < 0 ? undefined : Math.trunc(value)));

/** Text or a number, as text: error codes are sent as both. */
export const code = z
  .union([z.string(), z.number()])
  .nullish()
  .transform((value) => (value === null || value === undefined || value === '' ? undefined : String(value)));

/** A switch that some versions send as a word. */
export const flag = z
  .union([z.boolean(), z.string()])
  .nullish()
  .transform((value) =>
    typeof value === 'string' ? /^(true|yes|1)$/i.test(value) : value === null ? undefined : value,
  );

const dateShape = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d(?:\.\d+)?)\s*(Z|[+-]\d\d:?\d\d)?$/i;

/** `2018-02-09T23:08:46Z`, `2018-03-01 22:56:14+00:00`, and either without a zone, which is UTC (§3). */
export function readDate(value: string | null | undefined): Date | undefined {
  const [, day, time, zone = 'Z'] = dateShape.exec(value ?? '') ?? [];
  if (day === undefined) return undefined;
  const date = new Date(`${day}T${time}${zone.toUpperCase()}`);
  return Number.isNaN(date.getTime()) ? undefined : date;
}

export const date = z.string().nullish().transform(readDate);

/** Microseconds since 1970; null, absent and 0 mean "not yet". */
export const microseconds = count.transform((value) => (value ? new Date(value / 1000) : undefined));

export const durationMs = count.transform((value) => (value === undefined ? undefined : Math.round(value / 1000)));

/** Free-form JSON: tags, settings. */
export const jsonObject = z
  .custom<JsonObject>(isJsonObject)
  .nullish()
  .transform((value) => value ?? undefined);

export const wireError = z.object({ code, reason: text, user_message: text });
export type WireError = z.output<typeof wireError>;

/** The error object of an answer, a path or a transfer spec, where there is one (§1.5). */
export function nodeErrorOf(value: unknown): WireError | undefined {
  if (!isJsonObject(value) || !isJsonObject(value.error)) return undefined;
  return wireError.safeParse(value.error).data ?? { code: undefined, reason: undefined, user_message: undefined };
}

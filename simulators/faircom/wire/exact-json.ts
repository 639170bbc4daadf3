import { isSameDecimal } from '../values/decimal.ts';

/** A JSON number whose digits a JavaScript number cannot hold; `JSON.stringify` writes `rawJSON` as it is. */
export interface ExactNumber {
  readonly rawJSON: string;
}

declare global {
  interface JSON {
    rawJSON(text: string): ExactNumber;
    isRawJSON(value: unknown): value is ExactNumber;
  }
}

export type JsonObject = Readonly<Record<string, unknown>>;

export const exactNumber = (digits: string): ExactNumber => JSON.rawJSON(digits);
export const isExactNumber = (value: unknown): value is ExactNumber => JSON.isRawJSON(value);

export const isJsonObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !isExactNumber(value);

/**
 * Parses JSON and keeps every digit: numbers that JavaScript would round become an `ExactNumber`. The vendor's server
 * reads bigint and 32-digit decimals from JSON numbers exactly (faircom-netography-api.md §A8).
 */
export function parseExactJson(text: string): unknown {
  return JSON.parse(text, (_key, value: unknown, context?: { source?: string }) => {
    const source = context?.source;
    if (typeof value !== 'number' || source === undefined || source === String(value)) return value;
    return isSameDecimal(source, String(value)) ? value : exactNumber(source);
  });
}

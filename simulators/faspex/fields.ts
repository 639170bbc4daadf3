import { readJson, type SimulatorRequest } from '../kit/message.ts';
import { refusal } from './errors.ts';

/** The members of a JSON object that came in a request. */
export type Fields = Readonly<Record<string, unknown>>;

const bad = (message: string) => refusal(400, 1003, message);

/** Reads a request body that must be a JSON object; an empty body counts as `{}`. Anything else is 400/1003. */
export function readFields(request: SimulatorRequest): Fields {
  const value = readJson(request, () => bad('The request body is not valid JSON.')) ?? {};
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw bad('The request body must be a JSON object.');
  }
  return value as Fields;
}

export const isObject = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export function stringField(fields: Fields, name: string): string | undefined {
  const value = fields[name] ?? undefined;
  if (value === undefined || typeof value === 'string') return value;
  throw bad(`${name} must be a string.`);
}

export function booleanField(fields: Fields, name: string): boolean {
  const value = fields[name] ?? false;
  if (typeof value === 'boolean') return value;
  throw bad(`${name} must be a boolean.`);
}

export function positiveIntegerField(fields: Fields, name: string): number | undefined {
  const value = fields[name] ?? undefined;
  if (value === undefined || (typeof value === 'number' && Number.isInteger(value) && value > 0)) return value;
  throw bad(`${name} must be a positive integer.`);
}

/** A member that must be one of `choices`; `code` is the error that Faspex has for it. */
export function choiceField<T extends string>(
  fields: Fields,
  name: string,
  choices: readonly T[],
  code: number,
): T | undefined {
  const value = stringField(fields, name);
  if (value === undefined) return undefined;
  const choice = choices.find((candidate) => candidate === value);
  if (choice === undefined) throw refusal(400, code, `${name} must be one of ${choices.join(', ')}.`);
  return choice;
}

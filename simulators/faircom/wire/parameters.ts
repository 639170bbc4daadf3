import { FairComError } from '../errors.ts';
import { isJsonObject, type JsonObject } from './exact-json.ts';

/** What an action takes; everything else is refused with 14702 (faircom-netography-api.md §A7). */
export interface ParameterNames {
  readonly required?: readonly string[];
  readonly optional?: readonly string[];
}

const isAbsent = (value: unknown) => value === undefined || value === null;

/** Refuses unknown parameters (14702) and missing ones (12025). A null is as good as absent. */
export function checkParameters(parameters: JsonObject, { required = [], optional = [] }: ParameterNames): void {
  const known = new Set([...required, ...optional]);
  for (const name of Object.keys(parameters)) {
    if (!known.has(name)) throw new FairComError('propertyUnknown', `The property "${name}" is not accepted.`);
  }
  for (const name of required) {
    if (isAbsent(parameters[name])) {
      throw new FairComError('parameterMissing', `The required parameter "${name}" is missing.`);
    }
  }
}

export const wrongParameter = (name: string, expected: string) =>
  new FairComError('parameterWrong', `The parameter "${name}" must be ${expected}.`);

export function optionalText(parameters: JsonObject, name: string): string | undefined {
  const value = parameters[name];
  if (isAbsent(value)) return undefined;
  if (typeof value !== 'string') throw wrongParameter(name, 'a string');
  return value;
}

export function requireText(parameters: JsonObject, name: string): string {
  const value = optionalText(parameters, name);
  if (value === undefined || value === '') throw wrongParameter(name, 'a string that is not empty');
  return value;
}

export function optionalInteger(parameters: JsonObject, name: string, low = 0): number | undefined {
  const value = parameters[name];
  if (isAbsent(value)) return undefined;
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < low) {
    throw wrongParameter(name, `an integer from ${low}`);
  }
  return value;
}

export function optionalBoolean(parameters: JsonObject, name: string): boolean | undefined {
  const value = parameters[name];
  if (isAbsent(value)) return undefined;
  // One page of the vendor's documents shows a flag as the string "true" (faircom-netography-api.md §A4).
  if (value === true || value === 'true') return true;
  if (value === false || value === 'false') return false;
  throw wrongParameter(name, 'true or false');
}

export function optionalList(parameters: JsonObject, name: string): readonly unknown[] | undefined {
  const value = parameters[name];
  if (isAbsent(value)) return undefined;
  if (!Array.isArray(value)) throw wrongParameter(name, 'an array');
  return value;
}

export function textList(parameters: JsonObject, name: string): readonly string[] {
  const list = optionalList(parameters, name) ?? [];
  if (!list.every((entry) => typeof entry === 'string')) throw wrongParameter(name, 'an array of strings');
  return list;
}

export function objectList(parameters: JsonObject, name: string): readonly JsonObject[] {
  const list = optionalList(parameters, name) ?? [];
  if (!list.every(isJsonObject)) throw wrongParameter(name, 'an array of objects');
  return list;
}

export function optionalObject(parameters: JsonObject, name: string): JsonObject | undefined {
  const value = parameters[name];
  if (isAbsent(value)) return undefined;
  if (!isJsonObject(value)) throw wrongParameter(name, 'an object');
  return value;
}

/** One of a fixed set of words, whatever its case. */
export function optionalWord<Word extends string>(
  parameters: JsonObject,
  name: string,
  words: readonly Word[],
): Word | undefined {
  const value = optionalText(parameters, name)?.toLowerCase();
  if (value === undefined) return undefined;
  const word = words.find((candidate) => candidate.toLowerCase() === value);
  if (!word) throw wrongParameter(name, `one of ${words.join(', ')}`);
  return word;
}

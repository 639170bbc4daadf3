import { nearestWord } from '../words/nearest-word.ts';
import type { Parameter, TransferAgent, ValueType } from './parameter.ts';
import { parameterEntries, parameterOf } from './parameters.ts';
import { error, type SpecIssue, warning } from './spec-issue.ts';
import { isJsonObject, type JsonObject, type JsonValue } from './transfer-spec.ts';

const words: Readonly<Record<ValueType, string>> = {
  text: 'a text',
  integer: 'a whole number',
  boolean: 'true or false',
  object: 'an object',
  list: 'a list',
};

const isOf: Readonly<Record<ValueType, (value: JsonValue) => boolean>> = {
  text: (value) => typeof value === 'string',
  integer: (value) => Number.isSafeInteger(value),
  boolean: (value) => typeof value === 'boolean',
  object: isJsonObject,
  list: Array.isArray,
};

/** What people write who know another product’s words. */
const synonyms: ReadonlyMap<string, string> = new Map([
  ['recv', 'receive'],
  ['download', 'receive'],
  ['upload', 'send'],
  ['attributes', 'attrs'],
  ['attrs', 'attributes'],
]);

/** The one of the allowed values that was probably meant. */
function meantBy(value: string, allowed: readonly string[]): string | undefined {
  const synonym = synonyms.get(value.toLowerCase());
  return synonym !== undefined && allowed.includes(synonym) ? synonym : nearestWord(value, allowed);
}

const typesInWords = ({ types, values }: Parameter) =>
  types
    .map((type) => (type === 'text' && values ? values.map((value) => `"${value}"`).join(' or ') : words[type]))
    .join(' or ');

/** Why a number or a switch that came as text is not one. */
const isQuoted = (value: JsonValue, { types }: Parameter) =>
  typeof value === 'string' && !types.includes('text') && /^(?:-?\d+|true|false)$/.test(value);

function checkType(name: string, value: JsonValue, parameter: Parameter): readonly SpecIssue[] {
  if (parameter.types.some((type) => isOf[type](value))) return [];
  const hint = isQuoted(value, parameter) ? ', without quotes' : '';
  return [error(name, { code: 'WRONG_TYPE', message: `\`${name}\` must be ${typesInWords(parameter)}${hint}.` })];
}

function checkText(name: string, value: string, parameter: Parameter, agent: TransferAgent | undefined) {
  const { shape, valuesOf } = parameter;
  const allowed = (agent && valuesOf?.[agent]) ?? parameter.values;
  if (allowed !== undefined && !allowed.includes(value)) {
    const choice = parameter.types.length > 1 ? typesInWords(parameter) : `one of ${allowed.join(', ')}`;
    const message = `\`${name}\` must be ${choice}.`;
    return [error(name, { code: 'NOT_ALLOWED', message, suggestion: meantBy(value, allowed) })];
  }
  if (shape === undefined || shape.pattern.test(value)) return [];
  return [error(name, { code: 'NOT_ALLOWED', message: `\`${name}\` must look like ${shape.words}.` })];
}

function checkRange(name: string, value: number, { least = -Infinity, most = Infinity }: Parameter) {
  if (value >= least && value <= most) return [];
  const range = most === Infinity ? `at least ${least}` : `from ${least} to ${most}`;
  return [error(name, { code: 'OUT_OF_RANGE', message: `\`${name}\` must be ${range}.` })];
}

/** transferd has another name for one parameter (aspera-node-api.md §7.2). */
const otherNames: Partial<Readonly<Record<TransferAgent, ReadonlyMap<string, string>>>> = {
  TRANSFERD: new Map([['remove_empty_source_directory', 'remove_empty_source_dir']]),
  DIRECT: new Map([['remove_empty_source_dir', 'remove_empty_source_directory']]),
};

/** An agent that does not know a parameter leaves it out, and the transfer runs without. */
function checkAgent(name: string, { agents }: Parameter, agent: TransferAgent | undefined): readonly SpecIssue[] {
  if (agents?.length === 0) {
    const message = `\`${name}\` has no effect: nothing uses it any longer.`;
    return [warning(name, { code: 'NOT_FOR_AGENT', message })];
  }
  if (agent === undefined || agents === undefined || agents.includes(agent)) return [];
  const message = `\`${name}\` has no effect at the agent ${agent}; it is for ${agents.join(', ')}.`;
  return [warning(name, { code: 'NOT_FOR_AGENT', message, suggestion: otherNames[agent]?.get(name) })];
}

const names = parameterEntries.map(([name]) => name);

/** Longer than any name, so perhaps a value in the wrong place: it is neither shown whole nor compared. */
const isLong = (name: string) => name.length > 60;

const shown = (name: string) => (isLong(name) ? `${name.slice(0, 20)}…` : name);

/** Unknown names that are looked at: each is compared with all that are known. */
const UNKNOWN_NAMES = 50;

/** Servers know parameters that no document has: an unknown name is no error. */
function unknown(name: string): SpecIssue {
  const suggestion = isLong(name) ? undefined : nearestWord(name, names);
  const hint = suggestion === undefined ? '' : ` Did you mean \`${suggestion}\`?`;
  const message = `\`${shown(name)}\` is not a documented parameter of a transfer spec.${hint}`;
  return warning(shown(name), { code: 'UNKNOWN_PARAMETER', message, suggestion });
}

function checkMember(name: string, value: JsonValue, agent: TransferAgent | undefined): readonly SpecIssue[] {
  const parameter = parameterOf(name);
  if (parameter === undefined) return [];
  const wrongType = checkType(name, value, parameter);
  if (wrongType.length > 0) return wrongType;
  const wrongValue = [
    ...(typeof value === 'string' ? checkText(name, value, parameter, agent) : []),
    ...(typeof value === 'number' ? checkRange(name, value, parameter) : []),
  ];
  return [...wrongValue, ...checkAgent(name, parameter, agent)];
}

/** Checks every member by itself. */
export function checkValues(json: JsonObject, agent: TransferAgent | undefined): readonly SpecIssue[] {
  const unknownNames = Object.keys(json).filter((name) => parameterOf(name) === undefined);
  return [
    ...Object.entries(json).flatMap(([name, value]) => checkMember(name, value, agent)),
    ...unknownNames.slice(0, UNKNOWN_NAMES).map(unknown),
  ];
}

import { GraphQLError, GraphQLScalarType, Kind, type ValueNode } from 'graphql';
import { isPlainInstant } from '../reading/instant.ts';

const refuse = (message: string, value?: ValueNode) => new GraphQLError(message, value ? { nodes: [value] } : {});

const readDateTime = (value: unknown) => {
  const date = value instanceof Date ? value : new Date(String(value));
  if (Number.isNaN(date.getTime())) throw refuse(`DateTime cannot represent ${JSON.stringify(value)}.`);
  return date;
};

const TO_THE_SECOND = '2026-01-31T09:00:00Z'.length;

/** The same text as a Date makes of it; what nearly every source sends has it already, or lacks but the milliseconds. */
function writeDateTime(value: unknown): string {
  if (typeof value !== 'string' || !isPlainInstant(value)) return readDateTime(value).toISOString();
  return value.length === TO_THE_SECOND ? `${value.slice(0, -1)}.000Z` : value;
}

const zoned = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})$/;

const parseDateTime = (value: unknown, node?: ValueNode) => {
  if (typeof value === 'string' && zoned.test(value)) return readDateTime(value);
  throw refuse('DateTime must be an ISO 8601 instant with a zone, e.g. "2026-01-31T09:00:00Z".', node);
};

/** An instant, always in UTC on the way out. */
export const dateTimeScalar = new GraphQLScalarType<Date | string, string>({
  name: 'DateTime',
  description: 'An instant in time, ISO 8601 with zone; always UTC (`Z`) in answers.',
  specifiedByURL: 'https://scalars.graphql.org/andimarek/date-time.html',
  serialize: writeDateTime,
  parseValue: (value) => parseDateTime(value),
  parseLiteral: (node) => parseDateTime(node.kind === Kind.STRING ? node.value : undefined, node),
});

const parseSafeInt = (value: unknown, node?: ValueNode) => {
  if (typeof value === 'number' && Number.isSafeInteger(value)) return value;
  throw refuse('SafeInt must be an integer between -2^53+1 and 2^53-1.', node);
};

/** Byte counts and counters beyond 32 bits, as a JSON number. */
export const safeIntScalar = new GraphQLScalarType<number, number>({
  name: 'SafeInt',
  description:
    'An integer up to 2^53-1 (9 petabytes), a plain JSON number. A value beyond that is an error, never rounded.',
  serialize: (value) => parseSafeInt(typeof value === 'bigint' ? Number(value) : value),
  parseValue: (value) => parseSafeInt(value),
  parseLiteral: (node) => parseSafeInt(node.kind === Kind.INT ? Number(node.value) : undefined, node),
});

const INTEGER = /^-?\d{1,20}$/;

const parseBigInt = (value: unknown, node?: ValueNode) => {
  const text = Number.isSafeInteger(value) ? String(value) : value;
  if (typeof text === 'string' && INTEGER.test(text)) {
    const integer = BigInt(text);
    if (integer === BigInt.asIntN(64, integer)) return integer.toString();
  }
  throw refuse('BigInt must be a whole number of 64 bits, as text where it is beyond 2^53: "9007199254740993".', node);
};

/** Integers of 64 bits, which JavaScript's numbers cannot hold. */
export const bigIntScalar = new GraphQLScalarType<string, string>({
  name: 'BigInt',
  description:
    'A whole number from -2^63 to 2^63-1, as decimal text: a JSON number beyond 2^53 would be rounded. ' +
    'Numbers are taken too, where they are exact.',
  serialize: (value) => parseBigInt(typeof value === 'bigint' ? value.toString() : value),
  parseValue: (value) => parseBigInt(value),
  // A literal is text until somebody makes a number of it, so every digit counts.
  parseLiteral: (node) =>
    parseBigInt(node.kind === Kind.STRING || node.kind === Kind.INT ? node.value : undefined, node),
});

const unzoned = /^(\d{4}-\d{2}-\d{2})[T ]([01]\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:\.\d+)?)?$/;

const parseLocalDateTime = (value: unknown, node?: ValueNode) => {
  const [text, day = ''] = (typeof value === 'string' && unzoned.exec(value)) || [];
  const noon = new Date(`${day}T12:00:00Z`);
  const isDay = !Number.isNaN(noon.getTime()) && noon.toISOString().startsWith(day);
  if (text !== undefined && isDay) return text.replace(' ', 'T');
  throw refuse('LocalDateTime must be a date and time without a zone, e.g. "2026-01-31T09:00:00.250".', node);
};

/** Date and time of databases that keep no zone. */
export const localDateTimeScalar = new GraphQLScalarType<string, string>({
  name: 'LocalDateTime',
  description:
    'A date and time without a zone, as a database keeps it: "2026-01-31T09:00:00.250". It is no instant until ' +
    'somebody says in which zone it was meant.',
  serialize: (value) => parseLocalDateTime(value),
  parseValue: (value) => parseLocalDateTime(value),
  parseLiteral: (node) => parseLocalDateTime(node.kind === Kind.STRING ? node.value : undefined, node),
});

function literalToJson(node: ValueNode, variables: Readonly<Record<string, unknown>> | null | undefined): unknown {
  switch (node.kind) {
    case Kind.STRING:
    case Kind.ENUM:
    case Kind.BOOLEAN:
      return node.value;
    case Kind.INT:
    case Kind.FLOAT:
      return Number(node.value);
    case Kind.LIST:
      return node.values.map((item) => literalToJson(item, variables));
    case Kind.OBJECT:
      return Object.fromEntries(node.fields.map((field) => [field.name.value, literalToJson(field.value, variables)]));
    case Kind.VARIABLE:
      return variables?.[node.name.value];
    default:
      return null;
  }
}

/** Only where the vendor is free-form: metadata, tags, record values. */
export const jsonScalar = new GraphQLScalarType<unknown, unknown>({
  name: 'JSON',
  description:
    'Any JSON value. Used only where the upstream itself is free-form, such as package metadata or transfer tags.',
  specifiedByURL: 'https://www.rfc-editor.org/rfc/rfc8259',
  serialize: (value) => value,
  parseValue: (value) => value,
  parseLiteral: literalToJson,
});

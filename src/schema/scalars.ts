import { GraphQLError, GraphQLScalarType, Kind, type ValueNode } from 'graphql';

const refuse = (message: string, value?: ValueNode) => new GraphQLError(message, value ? { nodes: [value] } : {});

const dateTimeText = (value: unknown) => {
  const date = value instanceof Date ? value : new Date(String(value));
  if (Number.isNaN(date.getTime())) throw refuse(`DateTime cannot represent ${JSON.stringify(value)}.`);
  return date;
};

const zoned = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})$/;

const parseDateTime = (value: unknown, node?: ValueNode) => {
  if (typeof value === 'string' && zoned.test(value)) return dateTimeText(value);
  throw refuse('DateTime must be an ISO 8601 instant with a zone, e.g. "2026-01-31T09:00:00Z".', node);
};

/** An instant, always in UTC on the way out. */
export const dateTimeScalar = new GraphQLScalarType<Date | string, string>({
  name: 'DateTime',
  description: 'An instant in time, ISO 8601 with zone; always UTC (`Z`) in answers.',
  specifiedByURL: 'https://scalars.graphql.org/andimarek/date-time.html',
  serialize: (value) => dateTimeText(value).toISOString(),
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

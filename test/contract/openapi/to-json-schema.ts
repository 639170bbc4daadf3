import { isJson, type Json } from './json.ts';

/** Under this id Ajv knows the components of a document. */
export const COMPONENTS = 'components';

const jsonTypes = new Set(['string', 'number', 'integer', 'boolean', 'object', 'array']);

/** Keywords whose meaning is the same in OpenAPI 3.0 and in JSON Schema. */
const sameMeaning = ['enum', 'minimum', 'maximum', 'minLength', 'maxLength', 'minItems', 'maxItems'];

const convertAll = (schemas: unknown): unknown[] => (Array.isArray(schemas) ? schemas.map(toJsonSchema) : []);

const convertMembers = (members: unknown): Json =>
  Object.fromEntries(Object.entries(isJson(members) ? members : {}).map(([name, one]) => [name, toJsonSchema(one)]));

function convertKeywords(schema: Json): Json {
  const converted: Json = {};
  for (const keyword of sameMeaning) if (schema[keyword] !== undefined) converted[keyword] = schema[keyword];
  if (typeof schema.type === 'string' && jsonTypes.has(schema.type)) converted.type = schema.type;
  // `required: true` on a member is a slip of the documents; only a list of names says something.
  if (Array.isArray(schema.required)) converted.required = schema.required;
  if (isJson(schema.properties)) converted.properties = convertMembers(schema.properties);
  if (isJson(schema.items)) converted.items = toJsonSchema(schema.items);
  if (isJson(schema.additionalProperties)) converted.additionalProperties = toJsonSchema(schema.additionalProperties);
  if (schema.allOf) converted.allOf = convertAll(schema.allOf);
  // As further members are allowed, several of `oneOf` may fit at once.
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices) converted.anyOf = convertAll(choices);
  return converted;
}

/** A schema of OpenAPI 3.0 in JSON Schema: references, `nullable`, no examples, and further members always allowed. */
export function toJsonSchema(schema: unknown): Json {
  if (!isJson(schema)) return {};
  const converted: Json =
    typeof schema.$ref === 'string'
      ? { $ref: schema.$ref.replace('#/components', `${COMPONENTS}#`) }
      : convertKeywords(schema);
  return schema.nullable === true ? { if: { type: 'null' }, else: converted } : converted;
}

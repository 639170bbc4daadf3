import { z } from 'zod';
import { gatewayConfig } from './gateway-config.ts';

type JsonSchema = z.core.JSONSchema.BaseSchema;

const reference = (name: string, description: string) => ({
  type: 'object' as const,
  properties: { [name]: { type: 'string' as const, minLength: 1, description } },
  required: [name],
  additionalProperties: false,
});

/** Secrets are the only custom type of the configuration. In the file each is a reference to where its value is. */
const secretReference = {
  oneOf: [
    reference('env', 'Environment variable that holds the secret.'),
    reference('file', 'File that holds the secret; a relative name starts from the folder of this file.'),
  ],
};

/** JSON schema (draft 7, which editors know best) of gateway.yaml, as it is written by people. */
export function gatewayJsonSchema(): JsonSchema {
  return z.toJSONSchema(gatewayConfig, {
    target: 'draft-7',
    io: 'input',
    unrepresentable: 'any',
    override: ({ zodSchema, jsonSchema }) => {
      if (zodSchema._zod.def.type === 'custom') Object.assign(jsonSchema, secretReference);
    },
  });
}

type Part = JsonSchema | boolean | undefined;

function below(schema: JsonSchema, part: string | number): readonly Part[] {
  const { items } = schema;
  const direct = typeof part === 'number' ? items : (schema.properties?.[part] ?? schema.additionalProperties);
  return Array.isArray(direct) ? direct : [direct];
}

/** Names of the settings that exist at a place of the configuration. */
export function settingsAt(path: readonly (string | number)[]): readonly string[] {
  let schemas: readonly JsonSchema[] = [gatewayJsonSchema()];
  for (const part of path) {
    schemas = schemas.flatMap((schema) => below(schema, part)).filter((schema) => typeof schema === 'object');
  }
  return schemas.flatMap((schema) => Object.keys(schema.properties ?? {}));
}

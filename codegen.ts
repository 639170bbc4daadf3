import type { CodegenConfig } from '@graphql-codegen/cli';
import { printGatewaySchema } from './src/schema/print.ts';

/** `schema.graphql` is what a reviewer reads; the operations of examples/ are checked against it and typed for the tests. */
const config: CodegenConfig = {
  schema: printGatewaySchema(),
  documents: 'examples/*.graphql',
  generates: {
    'schema.graphql': { plugins: ['schema-ast'], config: { sort: true } },
    'test/__generated__/operations.ts': {
      plugins: ['typescript-operations'],
      config: {
        skipTypename: true,
        enumsAsTypes: true,
        useTypeImports: true,
        scalars: { DateTime: 'string', SafeInt: 'number', JSON: 'unknown', BigInt: 'string', LocalDateTime: 'string' },
      },
    },
  },
};

export default config;

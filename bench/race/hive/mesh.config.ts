import { fileURLToPath } from 'node:url';
import { defineConfig } from '@graphql-mesh/compose-cli';
import { loadOpenAPISubgraph } from '@omnigraph/openapi';
import { TOKEN_HEADER } from '../callers.ts';

/** What Mesh makes a supergraph of. The addresses are in the environment. */

const fileOf = (name: string) => fileURLToPath(new URL(name, import.meta.url));

const token = `{context.headers['${TOKEN_HEADER}']}`;

export const composeConfig = defineConfig({
  subgraphs: [
    {
      sourceHandler: loadOpenAPISubgraph('Faspex', {
        source: fileOf('./faspex.openapi.json'),
        endpoint: process.env.FASPEX_URL ?? '',
        operationHeaders: { authorization: `Bearer ${token}` },
      }),
    },
    {
      sourceHandler: loadOpenAPISubgraph('Node', {
        source: fileOf('./node.openapi.json'),
        endpoint: process.env.NODE_URL ?? '',
        operationHeaders: { authorization: `Basic ${token}` },
        selectQueryOrMutationField: [{ type: 'Query', fieldName: 'filesInfo' }],
      }),
    },
  ],
  // What is joined is resolved by gateway.config.ts.
  additionalTypeDefs: 'extend type Package { folder: Entry }',
});

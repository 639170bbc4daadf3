import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { defineConfig, getComposedSchemaFromConfig } from '@graphql-mesh/compose-cli';
import { DefaultLogger } from '@graphql-mesh/utils';
import { loadOpenAPISubgraph } from '@omnigraph/openapi';
import { TOKEN_HEADER } from '../callers.ts';

/** Has Mesh make a supergraph of the OpenAPI documents: `compose.ts <Faspex URL> <node URL> <file>`. */
const [, , faspexUrl = '', nodeUrl = '', file = ''] = process.argv;

const fileOf = (name: string) => fileURLToPath(new URL(name, import.meta.url));

const token = `{context.headers['${TOKEN_HEADER}']}`;

const config = defineConfig({
  subgraphs: [
    {
      sourceHandler: loadOpenAPISubgraph('Faspex', {
        source: fileOf('./faspex.openapi.json'),
        endpoint: faspexUrl,
        operationHeaders: { authorization: `Bearer ${token}` },
      }),
    },
    {
      sourceHandler: loadOpenAPISubgraph('Node', {
        source: fileOf('./node.openapi.json'),
        endpoint: nodeUrl,
        operationHeaders: { authorization: `Basic ${token}` },
        selectQueryOrMutationField: [{ type: 'Query', fieldName: 'filesInfo' }],
      }),
    },
  ],
  // What is joined is resolved by gateway.config.ts.
  additionalTypeDefs: 'extend type Package { folder: Entry }',
});

writeFileSync(file, await getComposedSchemaFromConfig(config, new DefaultLogger('compose')));

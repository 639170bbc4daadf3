import { lexicographicSortSchema, printSchema } from 'graphql';
import { schema } from './index.ts';

/** The graph in the schema language, sorted, as schema.graphql holds it. */
export const printGatewaySchema = (): string => printSchema(lexicographicSortSchema(schema));

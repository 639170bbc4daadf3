import fc from 'fast-check';
import { type DocumentNode, type ExecutionResult, execute, type GraphQLError, Kind, parse, visit } from 'graphql';
import { describe, expect, it } from 'vitest';
import { scopes as allScopes, type Scope } from '../../src/identity/scopes.ts';
import { ScopeMissing } from '../../src/resolvers/forbidden.ts';
import { schema } from '../../src/schema/index.ts';
import { type GeneratedOperation, generatedOperations } from '../helpers/operations/generated-operations.ts';
import { naiveAdmission } from './naive-admission.ts';
import { createStubValues, withoutResolvers } from './stub-values.ts';

const graph = withoutResolvers(schema);
/** Fields behind which any of several types may be. */
const roots = ['node', 'nodes', 'package', 'recentPackages', 'recentTransfers', 'transfer'];
const operations = generatedOperations({ schema, pool: {}, roots, wrongVariables: 0 });
const anyScopes = fc.subarray(
  allScopes.map(({ name }) => name),
  { maxLength: 4 },
);
const wide = { depth: 1_000, cost: 1e12, aliases: 10_000, pageSize: 10_000 };

const TYPE_NAME = 'typeOfThis';

/** The same operation, which also asks of every object what type it has. */
const askingTypes = (document: DocumentNode): DocumentNode =>
  visit(document, {
    SelectionSet: (set) => ({
      ...set,
      selections: [
        ...set.selections,
        {
          kind: Kind.FIELD,
          alias: { kind: Kind.NAME, value: TYPE_NAME },
          name: { kind: Kind.NAME, value: '__typename' },
        },
      ],
    }),
  });

const scopesOfType = (typeName: string) => (schema.getType(typeName)?.extensions.scopes ?? []) as readonly Scope[];

/** The types of all objects in an answer. */
function typesIn(value: unknown): readonly string[] {
  if (Array.isArray(value)) return value.flatMap(typesIn);
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]) => (name === TYPE_NAME ? [String(inner)] : typesIn(inner)));
}

const isRefusal = ({ originalError }: GraphQLError) => originalError instanceof ScopeMissing;

const inOrder = (paths: readonly unknown[]) => paths.map((path) => JSON.stringify(path)).sort();

async function run(operation: GeneratedOperation, scopes: ReadonlySet<Scope>, seed: number) {
  const { query, variables: variableValues, operationName } = operation;
  const values = createStubValues(graph, seed);
  const result: ExecutionResult = await execute({
    schema: graph,
    document: askingTypes(parse(query)),
    variableValues,
    operationName,
    contextValue: { viewer: { scopes } },
    fieldResolver: values.fieldResolver,
  });
  return { result, chosen: values.chosen };
}

/** The scopes that an operation cannot do without, as its text shows them. */
function scopesOf({ query, variables, operationName }: GeneratedOperation): readonly Scope[] {
  const reasons = naiveAdmission({ schema, document: parse(query), variables, operationName }, wide, new Set());
  return allScopes
    .map(({ name }) => name)
    .filter((name) => [...reasons].some((reason) => reason.includes(` ${name},`)));
}

describe('a thing whose type is known only when it is there', () => {
  it('is FORBIDDEN in its place, and never shown, to a viewer who lacks a scope of its type', async () => {
    const counts = { shown: 0, refused: 0 };
    await fc.assert(
      fc.asyncProperty(operations, anyScopes, fc.nat(), async (operation, names, seed) => {
        const scopes = new Set([...scopesOf(operation), ...names]);
        const { result, chosen } = await run(operation, scopes, seed);
        const mayNotBeSeen = (typeName: string) => scopesOfType(typeName).some((scope) => !scopes.has(scope));
        expect(typesIn(result.data).filter(mayNotBeSeen)).toEqual([]);
        const hidden = chosen.filter(({ typeName }) => mayNotBeSeen(typeName));
        const refusals = (result.errors ?? []).filter(isRefusal);
        expect(inOrder(refusals.map(({ path }) => path))).toEqual(inOrder(hidden.map(({ path }) => path)));
        counts.refused += hidden.length;
        counts.shown += chosen.length - hidden.length;
      }),
      { numRuns: 1_500 },
    );
    expect(counts.refused).toBeGreaterThan(300);
    expect(counts.shown).toBeGreaterThan(300);
  }, 120_000);
});

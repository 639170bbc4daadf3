import fc from 'fast-check';
import { type ASTNode, getOperationAST, getVariableValues, Kind, parse, validate, visit } from 'graphql';
import { describe, expect, it } from 'vitest';
import { schema } from '../../../src/schema/index.ts';
import { type GeneratedOperation, generatedOperations } from './generated-operations.ts';

const kinds = ['query', 'mutation', 'subscription'] as const;

const errorsOf = (query: string) => validate(schema, parse(query)).map(({ message }) => message);

function nameOf(node: ASTNode): string {
  if (node.kind === Kind.FIELD && node.alias) return 'alias';
  if (node.kind === Kind.VARIABLE_DEFINITION && node.defaultValue) return 'default';
  return node.kind === Kind.DIRECTIVE ? `@${node.name.value}` : node.kind;
}

/** What an operation is made of. */
function thingsIn({ query, variables, operationName }: GeneratedOperation): ReadonlySet<string> {
  const given = Object.values(variables).map((value) => (value === null ? 'null given' : 'value given'));
  const things = new Set<string>([...given, ...(operationName === undefined ? [] : ['operation name'])]);
  visit(parse(query), { enter: (node) => void things.add(nameOf(node)) });
  return things;
}

describe('generated operations', () => {
  it.each(kinds)(
    'are valid for the schema: %s',
    (kind) => {
      fc.assert(
        fc.property(generatedOperations({ schema, pool: {}, kinds: [kind] }), ({ query }) => {
          expect(errorsOf(query)).toEqual([]);
        }),
        { numRuns: 1_000 },
      );
    },
    60_000,
  );

  it('have variables of the right types, unless something wrong is asked for', () => {
    fc.assert(
      fc.property(generatedOperations({ schema, pool: {}, kinds, wrongVariables: 0 }), (operation) => {
        const document = parse(operation.query);
        const definition =
          getOperationAST(document, operation.operationName ?? 'Generated') ?? getOperationAST(document);
        const { errors = [] } = getVariableValues(schema, definition?.variableDefinitions ?? [], operation.variables);
        expect(errors).toEqual([]);
      }),
      { numRuns: 1_000 },
    );
  }, 60_000);

  it('use everything that a query can be made of', () => {
    const operations = fc.sample(generatedOperations({ schema, pool: {} }), 1_000);
    const things = operations.flatMap((operation) => [...thingsIn(operation)]);
    const counts = Map.groupBy(things, (thing) => thing);
    const expected = [
      ...['Field', 'InlineFragment', 'FragmentSpread', 'alias', '@skip', '@include', 'Variable', 'default'],
      ...['NullValue', 'ListValue', 'ObjectValue', 'EnumValue', 'IntValue', 'StringValue', 'BooleanValue'],
      ...['null given', 'value given', 'operation name'],
    ];
    expect(expected.filter((thing) => (counts.get(thing)?.length ?? 0) < 10)).toEqual([]);
  }, 60_000);

  it('ask for what the pool holds', () => {
    const pool = { 'Query.faspex.source': ['packages'], packageId: ['1234567'] };
    const operations = fc.sample(generatedOperations({ schema, pool }), 1_000);
    const texts = operations.map(({ query, variables }) => query + JSON.stringify(variables));
    expect(texts.filter((text) => text.includes('1234567')).length).toBeGreaterThan(3);
    expect(texts.filter((text) => text.includes('"packages"')).length).toBeGreaterThan(20);
  });

  it('are as simple as can be when there is nothing to decide', () => {
    const [simplest] = fc.sample(
      generatedOperations({ schema, pool: {} }).filter(({ query }) => query.length < 20),
      1,
    );
    expect(simplest?.query.replace(/\s+/g, ' ')).toBe('{ __typename }');
  });
});

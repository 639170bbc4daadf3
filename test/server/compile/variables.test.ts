import fc from 'fast-check';
import { buildSchema, getVariableValues, Kind, type OperationDefinitionNode, parse } from 'graphql';
import { describe, expect, it } from 'vitest';
import { createCoercion } from '../../../src/server/compile/variables.ts';

const schema = buildSchema(`
  enum E { ONE TWO }
  input In { a: Int = 3 }
  type Query { ok(s: String, i: ID, n: Int, f: Float, b: Boolean, e: E, in: In, l: [Int]): Boolean }
`);

const types = ['String', 'ID', 'Int', 'Float', 'Boolean', 'E', 'In', '[Int]'];
const defaults: Readonly<Record<string, string>> = {
  ...{ String: '"d"', ID: '7', Int: '3', Float: '1.5', Boolean: 'true', E: 'TWO', In: '{}', '[Int]': '[1]' },
};

const variable = fc.record({
  type: fc.constantFrom(...types),
  isRequired: fc.boolean(),
  hasDefault: fc.boolean(),
  value: fc.oneof(
    fc.constantFrom<unknown>('text', '', 'ONE', 5, -0, 2 ** 31, 1.5, Number.NaN, true, false, null, undefined),
    fc.constantFrom<unknown>([1], ['x'], {}, { a: 1 }, { a: 'x' }, { b: 1 }, 10n),
  ),
  isGiven: fc.boolean(),
});

describe('variables of a compiled operation', () => {
  it('become what graphql-js makes of them, or are refused where it refuses them', () => {
    fc.assert(
      fc.property(fc.array(variable, { maxLength: 4 }), (variables) => {
        const written = variables.map(({ type, isRequired, hasDefault }, index) => {
          const otherwise = hasDefault ? ` = ${defaults[type]}` : '';
          return `$v${index}: ${type}${isRequired ? '!' : ''}${otherwise}`;
        });
        const head = written.length > 0 ? `(${written.join(', ')})` : '';
        const { definitions } = parse(`query Q${head} { ok }`);
        const operation = definitions.find(({ kind }) => kind === Kind.OPERATION_DEFINITION) as OperationDefinitionNode;
        const given = Object.fromEntries(
          variables.flatMap(({ value, isGiven }, index) => (isGiven ? [[`v${index}`, value]] : [])),
        );
        const declared = operation.variableDefinitions ?? [];
        const { coerced } = getVariableValues(schema, declared, given);
        expect(createCoercion(schema, declared)(given)).toEqual(coerced);
      }),
      { numRuns: 2_000 },
    );
  });
});

import fc from 'fast-check';
import { getOperationAST, parse } from 'graphql';
import { describe, expect, it } from 'vitest';
import { scopes as allScopes } from '../../src/identity/scopes.ts';
import { schema } from '../../src/schema/index.ts';
import { admit } from '../../src/server/admit.ts';
import { demandOf } from '../../src/server/demand.ts';
import { generatedOperations } from '../helpers/operations/generated-operations.ts';
import { type NaiveLimits, type NaiveRequest, naiveAdmission } from './naive-admission.ts';

/** Code and message of each reason for which the server does not run an operation. */
function admission(request: NaiveRequest, limits: NaiveLimits, scopes: ReadonlySet<string>): ReadonlySet<string> {
  const { schema: graph, document, operationName, variables } = request;
  const operation = getOperationAST(document, operationName);
  if (!operation) return new Set();
  const demand = demandOf({ schema: graph, document, operation }, limits.pageSize);
  const errors = admit(demand, limits, { variables, scopes });
  return new Set(errors.map(({ extensions, message }) => `${extensions.code} ${message}`));
}

const scopeNames = allScopes.map(({ name }) => name);

const pool = {
  first: [0, 1, 5, 20, 21, 150, 201, -1, null],
  'Query.nodes.ids': [[], ['a'], ['a', 'b', 'c'], Array(201).fill('a')],
};

const operations = generatedOperations({
  schema,
  pool,
  kinds: ['query', 'query', 'mutation', 'subscription'],
  depth: 9,
  fields: 60,
});

const limits: fc.Arbitrary<NaiveLimits> = fc.record({
  depth: fc.integer({ min: 1, max: 12 }),
  cost: fc.oneof(fc.integer({ min: 0, max: 200 }), fc.constant(5_000)),
  aliases: fc.integer({ min: 0, max: 30 }),
  pageSize: fc.constantFrom(2, 20, 200),
});

/** Everything, all but a few, or any. */
const someScopes = fc
  .oneof(
    fc.constant([...scopeNames]),
    fc.subarray(scopeNames, { minLength: scopeNames.length - 2 }),
    fc.subarray(scopeNames),
  )
  .map((names) => new Set<string>(names));

describe('one pass over an operation', () => {
  it('finds the same reasons to refuse it as looking at each of its fields alone', () => {
    const seen = new Map<string, number>();
    fc.assert(
      fc.property(operations, limits, someScopes, ({ query, variables, operationName }, given, scopes) => {
        const request = { schema, document: parse(query), variables, operationName };
        const naive = naiveAdmission(request, given, scopes);
        expect(admission(request, given, scopes)).toEqual(naive);
        const codes = naive.size === 0 ? ['none'] : [...naive].map((reason) => reason.split(' ')[0] ?? '');
        for (const code of new Set(codes)) seen.set(code, (seen.get(code) ?? 0) + 1);
      }),
      { numRuns: 3_000 },
    );
    const codes = ['none', 'FORBIDDEN', 'QUERY_TOO_DEEP', 'QUERY_TOO_EXPENSIVE', 'TOO_MANY_ALIASES', 'BAD_INPUT'];
    for (const code of codes) expect([code, (seen.get(code) ?? 0) > 100]).toEqual([code, true]);
  }, 120_000);
});

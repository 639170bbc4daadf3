import {
  buildSchema,
  type DocumentNode,
  type ExecutionResult,
  execute,
  type GraphQLFieldResolver,
  type GraphQLObjectType,
  getOperationAST,
  parse,
  validate,
} from 'graphql';
import { describe, expect, it } from 'vitest';
import { compile } from '../../../src/server/compile/compile.ts';

const schema = buildSchema(`
  scalar Num
  enum E { ONE TWO }
  input In { q: String = "d", r: [Int] }
  interface N { id: ID! }
  type A implements N {
    id: ID! a: Int b: Boolean f: Float s: String! num: Num e: E method(k: String): String bad: String!
    n: N l: [N!] ll: [[Int!]]! self: A! other: A
    late(x: Int = 3, y: In): String lateBad: String!
  }
  type B implements N { id: ID! x: String! p: String }
  union U = A | B
  type Query {
    a: A b: B n(which: String): N u: [U] list: [A] strict: [A!] boom: A! notAList: [A] soon: N numbers: [Float]
    given(in: In, list: [In!], e: E): String
  }
  type Mutation { count(x: Int): Int! fail: Int! }
`);

interface Source {
  readonly __typename: string;
  readonly [name: string]: unknown;
}

const b = (x: unknown): Source => ({ __typename: 'B', id: 'b', x, p: Promise.resolve('late') });

/** Values of every kind that a resolver can come upon. `s` must not be null, and is in the third. */
const a = (number = 0): Source => ({
  __typename: 'A',
  id: number === 1 ? 7 : `a${number}`,
  ...{
    a: number,
    b: true,
    f: 1.5,
    num: 5,
    e: 'ONE',
    s: number === 3 ? null : 'é "quoted"',
    bad: new Error('bad leaf'),
  },
  method: ({ k }: { k: string }) => `called with ${k}`,
  ll: [[1, 2], null, [3]],
  get self() {
    return a(number + 1);
  },
  get other() {
    return a(number + 1);
  },
  get n() {
    return b(null);
  },
  get l() {
    return [b('x'), Promise.resolve(a(3)), Promise.resolve(a(4))];
  },
});

let order: string[] = [];

const resolvers: Readonly<Record<string, GraphQLFieldResolver<unknown, unknown>>> = {
  'Query.a': () => a(),
  'Query.b': async () => b('x'),
  'Query.n': (_root, { which }) => (which === 'B' ? b('1') : which === 'wrong' ? { __typename: 'Query' } : a()),
  'Query.u': () => [a(), b('x'), new Error('no item'), null, 5],
  'Query.list': () => [
    a(1),
    Promise.resolve(a(2)),
    new Error('no item'),
    a(3),
    null,
    Promise.reject(new Error('late')),
  ],
  'Query.strict': () => [a(1), a(3)],
  'Query.boom': async () => {
    throw new Error('boom');
  },
  'Query.notAList': () => 'text',
  'Query.soon': async () => a(),
  'Query.numbers': () => new Set([1, 2.5, Number.NaN, 'x', 10n, '3']),
  'Query.given': (_root, args) => JSON.stringify(args),
  'A.late': async (_source, args, _context, info) =>
    JSON.stringify([
      args,
      info.path.prev?.key,
      info.path.key,
      info.path.typename,
      info.parentType,
      info.fieldName,
      info.fieldNodes.length,
      info.variableValues,
    ]),
  'A.lateBad': async () => {
    throw new Error('late bad');
  },
  'Mutation.count': async (_root, { x }) => {
    order.push(`begin ${x}`);
    await Promise.resolve();
    order.push(`end ${x}`);
    return x;
  },
  'Mutation.fail': async () => {
    throw new Error('no');
  },
};

for (const [place, resolver] of Object.entries(resolvers)) {
  const [type = '', field = ''] = place.split('.');
  const found = (schema.getType(type) as GraphQLObjectType).getFields()[field];
  if (found) found.resolve = resolver;
}

const withCompiler = (document: DocumentNode, variables?: object) => {
  const operation = getOperationAST(document);
  if (!operation) throw new Error('no operation');
  return compile(schema, document, operation)({ context: {}, variables: variables as Record<string, unknown> });
};

const readable = ({ data, errors }: ExecutionResult) => ({
  data: JSON.stringify(data),
  errors: errors
    ?.map(({ message, path, locations, originalError }) =>
      JSON.stringify([message, path, locations, originalError?.message, originalError?.constructor.name]),
    )
    .sort(),
});

type Case = readonly [what: string, document: string, variables: object | undefined];

const cases: readonly (readonly [what: string, document: string, variables?: object])[] = [
  ['leaves of every kind', '{ a { id a b f s e num ll method(k: "v") self { s } __typename } }'],
  ['interfaces', '{ a { n { id ... on B { p } } l { __typename id ... on A { a } ... on B { p } } } soon { id } }'],
  ['an error in what may not be null, inside of what may', '{ a { n { id ... on B { x } } l { ... on A { s } } } }'],
  ['unions, with an error, null and nonsense among the items', '{ u { ... on A { id } ... on B { x } } }'],
  ['a list with promises and errors in it', '{ list { id s } }'],
  ['a list of which no item may be null', '{ strict { s } }'],
  ['what is not a list', '{ notAList { id } }'],
  ['a type that is none of those it may be', '{ n(which: "wrong") { id } a { id } }'],
  ['an error that leaves nothing', '{ a { s } boom { id } }'],
  ['late errors at several depths', '{ a { lateBad self { lateBad } other { lateBad s } } }'],
  ['errors that go up several levels', '{ a { bad } x: a { other { other { other { other { s bad } } } } } }'],
  ['numbers that are none', '{ numbers }'],
  ['arguments with defaults', '{ a { late one: late(x: 5, y: { r: [1] }) two: late(x: null) } }'],
  ['arguments of variables', 'query ($x: Int, $y: In) { a { late(x: $x, y: $y) } }', { x: 1, y: { r: 2 } }],
  ['arguments of variables that are left out', 'query ($x: Int, $y: In) { a { late(x: $x, y: $y) } }'],
  [
    'variables inside of literals',
    'query ($q: String, $r: Int) { given(in: { q: $q, r: [1, $r] }, e: TWO) }',
    { r: 2 },
  ],
  ['a literal that reads like code', '{ a { method(k: "\\"+process.exit(1)+\\"`+process.exit(1)") } }'],
  ['names that objects have already', '{ __proto__: a { id } a { __proto__: id constructor: s toString: f } }'],
  [
    'fields that are selected several times',
    '{ a { self { id } self { s } ...X ...Y } } fragment X on A { other { id } } fragment Y on A { other { s a } }',
  ],
  [
    'a fragment that is spread twice, first under a condition',
    '{ a { ...F @skip(if: true) ...F } } fragment F on A { id }',
  ],
  [
    'introspection',
    '{ __schema { queryType { name fields { name args { name defaultValue } type { kind ofType { name } } } } } __type(name: "A") { name } }',
  ],
  ...[true, false].map(
    (i) =>
      [
        `conditions of variables that are ${i}`,
        'query ($i: Boolean!) { a { id @include(if: $i) ...F @skip(if: $i) ... @include(if: $i) { a } } } fragment F on A { s }',
        { i },
      ] as const,
  ),
  ['mutations, one after the other', 'mutation { a: count(x: 1) b: count(x: 2) }'],
  ['a mutation that fails, with nothing after it', 'mutation { a: count(x: 1) f: fail c: count(x: 3) }'],
];

describe('a compiled operation', () => {
  it.each<Case>(cases.map(([what, text, variables]) => [what, text, variables]))(
    'answers as graphql-js does: %s',
    async (_what, text, variables) => {
      const document = parse(text);
      expect(validate(schema, document)).toEqual([]);
      order = [];
      const expected = await execute({
        ...{ schema, document, contextValue: {} },
        variableValues: variables as Record<string, unknown>,
      });
      const expectedOrder = order;
      order = [];
      const found = await withCompiler(document, variables);
      expect(found && readable(found)).toEqual(readable(expected));
      expect(order).toEqual(expectedOrder);
    },
  );

  it('does not run with variables that are wrong', () => {
    expect(withCompiler(parse('query ($x: Int!) { a { late(x: $x) } }'), { x: 'text' })).toBeUndefined();
    expect(withCompiler(parse('query ($x: Int!) { a { late(x: $x) } }'))).toBeUndefined();
  });

  it('is run anew each time, with the variables of that time', async () => {
    const document = parse(
      'query ($which: String, $i: Boolean!) { n(which: $which) { id @include(if: $i) __typename } }',
    );
    const operation = getOperationAST(document);
    const compiled = operation && compile(schema, document, operation);
    const run = async (which: string, i: boolean) => (await compiled?.({ context: {}, variables: { which, i } }))?.data;
    expect(await run('B', true)).toEqual({ n: { id: 'b', __typename: 'B' } });
    expect(await run('A', false)).toEqual({ n: { __typename: 'A' } });
    expect(await run('A', true)).toEqual({ n: { id: 'a0', __typename: 'A' } });
  });

  it('tells every field who asks', async () => {
    const document = parse('{ a { id } }');
    const operation = getOperationAST(document);
    const field = schema.getQueryType()?.getFields().a;
    const resolver = field?.resolve;
    const seen: unknown[] = [];
    if (field) field.resolve = (_root, _args, context) => void seen.push(context);
    const compiled = operation && compile(schema, document, operation);
    await compiled?.({ context: 'ada', variables: {} });
    await compiled?.({ context: 'bob', variables: {} });
    if (field && resolver) field.resolve = resolver;
    expect(seen).toEqual(['ada', 'bob']);
  });
});

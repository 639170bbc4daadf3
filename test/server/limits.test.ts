import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { startServer, type TestServer, type TestServerOptions } from './start-server.ts';

const item = { name: 'one' };

const options: TestServerOptions = {
  schema: `
    type Query { item: Item, list(first: Int = 20): [Item!]!, items(ids: [ID!]!): [Item]! }
    type Item { name: String, child: Item, list(first: Int = 20): [Item!]! }
  `,
  resolvers: {
    'Query.item': () => item,
    'Query.list': () => [item],
    'Query.items': () => [item],
    'Item.list': () => [item],
  },
  limits: { depth: 4, cost: 100, aliases: 3, pageSize: 50, tokens: 200 },
};

let server: TestServer;
beforeAll(async () => {
  server = await startServer(options);
});
afterAll(() => server.stop());

/** The codes and messages for which an operation is refused; nothing when it is carried out. */
async function refusal(query: string, variables?: object) {
  const { data, errors } = await server.ask(query, variables);
  return data ? undefined : errors?.map(({ message, extensions }) => [extensions?.code, message]);
}

describe('depth', () => {
  it('may be as much as the limit says', async () => {
    expect(await refusal('{ item { child { child { name } } } }')).toBeUndefined();
  });

  it.each([
    ['written out', '{ item { child { child { child { name } } } } }'],
    [
      'in fragments',
      '{ item { ...A } } fragment A on Item { child { ...B } } fragment B on Item { child { child { name } } }',
    ],
    ['in inline fragments', '{ item { ... on Item { child { ... { child { child { name } } } } } } }'],
    ['of introspection', '{ __schema { types { fields { args { type { name } } } } } }'],
    [
      'of introspection in fragments',
      '{ __schema { types { ...A } } } fragment A on __Type { fields { ...B } } fragment B on __Field { args { type { name } } }',
    ],
  ])('beyond the limit is refused, %s', async (_how, query) => {
    const message = 'This operation is 5 levels deep; at most 4 are allowed.';
    expect(await refusal(query)).toEqual([['QUERY_TOO_DEEP', message]]);
  });
});

describe('cost', () => {
  const nested = (size: string) => `list(first: ${size}) { list(first: 10) { child { name } } }`;
  const tooExpensive = (cost: number) => [
    [
      'QUERY_TOO_EXPENSIVE',
      `This operation may cost ${cost}; at most 100 is allowed. Ask for smaller pages or fewer nested lists.`,
    ],
  ];

  it('is one for each object, whatever fields it shows', async () => {
    expect(await refusal('{ item { name again: name child { name } } }')).toBeUndefined();
  });

  it('is multiplied by the page size of every list around it', async () => {
    expect(await refusal(`{ ${nested('9')} }`)).toBeUndefined();
    expect(await refusal(`{ ${nested('10')} }`)).toEqual(tooExpensive(1 + 10 * (1 + 10)));
  });

  it('counts the page size of a variable', async () => {
    const query = `query ($first: Int) { ${nested('$first')} }`;
    expect(await refusal(query, { first: 9 })).toBeUndefined();
    expect(await refusal(query, { first: 10 })).toEqual(tooExpensive(111));
  });

  it('counts the default of a variable that the caller leaves out', async () => {
    expect(await refusal(`query ($first: Int = 12) { ${nested('$first')} }`)).toEqual(tooExpensive(133));
    expect(await refusal(`query ($first: Int = 12) { ${nested('$first')} }`, { first: 2 })).toBeUndefined();
  });

  it.each([
    ['left out', '{ list { list(first: 4) { child { name } } } }'],
    ['null', '{ list(first: null) { list(first: 4) { child { name } } } }'],
    ['a variable without a value', 'query ($n: Int) { list(first: $n) { list(first: 4) { child { name } } } }'],
  ])('counts the default page where the size is %s', async (_how, query) => {
    expect(await refusal(query)).toEqual(tooExpensive(1 + 20 * 5));
  });

  it('counts a fragment as often as it is spread', async () => {
    const fragment = 'fragment Some on Item { list(first: 30) { child { name } } }';
    const three = 'item { ...Some } a: item { ...Some } b: item { ...Some }';
    expect(await refusal(`{ ${three} } ${fragment}`)).toBeUndefined();
    expect(await refusal(`{ ${three} c: item { ...Some } } ${fragment}`)).toEqual(tooExpensive(4 * 32));
  });
});

describe('aliases', () => {
  it('are counted wherever they stand', async () => {
    expect(await refusal('{ a: item { b: name c: name } }')).toBeUndefined();
    const message = 'This operation has 4 aliases or repeated fields; at most 3 are allowed.';
    const refused = [['TOO_MANY_ALIASES', message]];
    expect(await refusal('{ a: item { b: name c: name d: name } }')).toEqual(refused);
    expect(await refusal('{ item { ...A child { ...A } } } fragment A on Item { a: name b: name }')).toEqual(refused);
    expect(await refusal('{ a: __schema { b: types { c: name d: name } } }')).toEqual(refused);
  });

  it('are counted together with fields that are repeated, but not those that several fragments have', async () => {
    const message = 'This operation has 4 aliases or repeated fields; at most 3 are allowed.';
    expect(await refusal('{ item { name name name name } }')).toBeUndefined();
    expect(await refusal('{ item { name name name name name } }')).toEqual([['TOO_MANY_ALIASES', message]]);
    expect(
      await refusal('{ item { ...A ...A ...B name } } fragment A on Item { name } fragment B on Item { name }'),
    ).toBeUndefined();
  });
});

describe('the size of a page', () => {
  const refused = (size: number) => [['BAD_INPUT', `\`first\` of list must be between 0 and 50, not ${size}.`]];

  it.each([
    ['written', '{ list(first: 51) { name } }', undefined, 51],
    ['negative', '{ list(first: -1) { name } }', undefined, -1],
    ['in a variable', 'query ($n: Int) { list(first: $n) { name } }', { n: 1000 }, 1000],
    ['in the default of a variable', 'query ($n: Int = 60) { list(first: $n) { name } }', undefined, 60],
    ['in a fragment', '{ ...A } fragment A on Query { list(first: 77) { name } }', undefined, 77],
  ])('is refused when it is beyond the limit, %s', async (_how, query, variables, size) => {
    expect(await refusal(query, variables)).toEqual(refused(size));
  });

  it('may be what the limit says', async () => {
    expect(await refusal('{ list(first: 50) { name } }')).toBeUndefined();
  });
});

describe('a list of ids', () => {
  const query = 'query ($ids: [ID!]!) { items(ids: $ids) { child { name } } }';

  it('may have as many entries as a page', async () => {
    expect(await refusal(query, { ids: Array(50).fill('a') })).toBeUndefined();
    const message = '`ids` of items may have at most 50 entries, not 51.';
    expect(await refusal(query, { ids: Array(51).fill('a') })).toEqual([['BAD_INPUT', message]]);
  });

  it('costs what is asked for each of them', async () => {
    const deep = query.replace('child { name }', 'child { child { name } }');
    expect((await refusal(deep, { ids: Array(50).fill('a') }))?.[0]?.[0]).toBe('QUERY_TOO_EXPENSIVE');
    expect(await refusal(deep, { ids: Array(9).fill('a') })).toBeUndefined();
  });
});

/** Milliseconds of work, however busy the machine is with other things. */
async function workOf(task: () => Promise<void>): Promise<number> {
  const before = process.cpuUsage();
  await task();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000;
}

describe('tokens', () => {
  it('beyond the limit are refused before they are all read', async () => {
    const message = 'This document has more than 200 tokens, which is the most that is allowed.';
    expect(await refusal(`{ item { ${'name '.repeat(200)} } }`)).toEqual([['TOO_MANY_TOKENS', message]]);
  });

  it('are limited on fragment bombs of 10,000 spreads', async () => {
    const work = await workOf(async () => {
      const answer = await refusal(`{ item { ${'...A '.repeat(10_000)} } } fragment A on Item { name }`);
      expect(answer?.[0]?.[0]).toBe('TOO_MANY_TOKENS');
    });
    expect(work).toBeLessThan(500);
  });
});

describe('several limits at once', () => {
  it('are all named, so that one answer is enough to mend the operation', async () => {
    const answer = await refusal('{ list(first: 60) { a: child { b: child { c: child { d: name } } } } }');
    expect(answer?.map(([code]) => code)).toEqual([
      'BAD_INPUT',
      'QUERY_TOO_DEEP',
      'TOO_MANY_ALIASES',
      'QUERY_TOO_EXPENSIVE',
    ]);
  });
});

describe('documents that are made to be slow', () => {
  const start = async () => {
    const generous = await startServer({ ...options, limits: { tokens: 20_000, depth: 15 } });
    onTestFinished(generous.stop);
    return generous;
  };
  const chain = (body: (index: number) => string, length: number) =>
    Array.from({ length }, (_, index) => `fragment F${index} on Item { ${body(index)} }`).join(' ');

  it.each([
    ['a cycle of fragments', `{ item { ...F0 } } ${chain((index) => `...F${(index + 1) % 300}`, 300)}`],
    ['a fragment that spreads itself', '{ item { ...F0 } } fragment F0 on Item { name ...F0 }'],
    [
      'fragments that double at each step',
      `{ item { ...F0 } } ${chain((index) => (index < 60 ? `...F${index + 1} ...F${index + 1}` : 'name'), 61)}`,
    ],
    [
      'fragments that double at each step and nest',
      `{ item { ...F0 } } ${chain(
        (index) => (index < 40 ? `child { ...F${index + 1} } list { ...F${index + 1} }` : 'name'),
        41,
      )}`,
    ],
    ['1,500 times the same field', `{ item { ${'name '.repeat(1_500)} } }`],
    ['10,000 spreads of one fragment', `{ item { ${'...F0 '.repeat(9_000)} } } fragment F0 on Item { name }`],
    ['1,000 directives on one field', `{ item { name ${'@skip(if: false) '.repeat(1_000)} } }`],
    ['1,000 unknown directives', `{ item { name ${'@a '.repeat(1_000)} } }`],
    [
      'introspection that goes round',
      `{ __schema { types ${'{ fields { type '.repeat(7)} { name } ${'} }'.repeat(7)} } }`,
    ],
    ['1,000 levels of braces', `{ item ${'{ child '.repeat(1_000)} { name } ${'}'.repeat(1_000)} }`],
    ['1,000 levels of brackets', `{ items(ids: ${'['.repeat(1_000)}${']'.repeat(1_000)}) { name } }`],
  ])('are answered quickly: %s', async (_what, query) => {
    const generous = await start();
    const work = await workOf(async () => {
      const { data, errors = [] } = await generous.ask(query);
      expect(data ?? errors[0]?.extensions?.code).toBeDefined();
      expect(errors.map(({ extensions }) => extensions?.code)).not.toContain('INTERNAL');
    });
    expect(work).toBeLessThan(1_500);
  });
});

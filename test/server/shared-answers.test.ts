import { buildSchema } from 'graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDocuments } from '../../src/server/documents.ts';
import { createSharedAnswers, type Question } from '../../src/server/shared-answers.ts';
import { startServer, type TestServer } from './start-server.ts';

interface Held {
  readonly release: (value: string) => void;
  readonly fail: () => void;
}

let server: TestServer;
let held: Held[] = [];
let onHeld: (() => void) | undefined;
/** How many calls a query says that it has made. */
let calls = 1;

beforeAll(async () => {
  server = await startServer({
    schema: 'type Query { slow(n: Int): String } type Mutation { change: Boolean }',
    resolvers: {
      'Query.slow': (_root, _args, context) => {
        Object.assign(context, { upstreamCalls: () => calls });
        return new Promise((resolve, reject) => {
          held.push({ release: resolve, fail: () => reject(new Error('broken')) });
          onHeld?.();
        });
      },
      'Mutation.change': () => true,
    },
  });
});
afterAll(() => server.stop());

/** Resolves once so many executions wait. */
async function untilHeld(count: number): Promise<void> {
  while (held.length < count) await new Promise<void>((resolve) => (onHeld = resolve));
}

const ask = async (query: string, variables?: object) => (await server.ask(query, variables)).data;

/** An answer of something else, sent on behind what came before: by then that has been taken in. */
const untilTakenIn = async () => {
  for (let round = 0; round < 3; round += 1) await ask('{ __typename }');
};

async function start(question: () => Promise<unknown>, times: number) {
  held = [];
  calls = 1;
  const first = question();
  await untilHeld(1);
  const others = Array.from({ length: times - 1 }, question);
  await untilTakenIn();
  return [first, ...others];
}

describe('identical queries of one caller', () => {
  it('share one execution while its first call has not been answered', async () => {
    const answers = await start(() => ask('query ($n: Int) { slow(n: $n) }', { n: 1 }), 5);
    expect(held).toHaveLength(1);
    held[0]?.release('one');
    expect(await Promise.all(answers)).toEqual(Array(5).fill({ slow: 'one' }));
  });

  it('are carried out each where the first call of the others has been answered', async () => {
    held = [];
    calls = 2;
    const first = ask('{ slow }');
    await untilHeld(1);
    const second = ask('{ slow }');
    await untilHeld(2);
    held[0]?.release('first');
    held[1]?.release('second');
    expect(await Promise.all([first, second])).toEqual([{ slow: 'first' }, { slow: 'second' }]);
  });

  it('are carried out each on both sides of a mutation', async () => {
    held = [];
    calls = 1;
    const before = ask('{ slow }');
    await untilHeld(1);
    await ask('mutation { change }');
    const behind = ask('{ slow }');
    await untilHeld(2);
    held[0]?.release('before');
    held[1]?.release('behind');
    expect(await Promise.all([before, behind])).toEqual([{ slow: 'before' }, { slow: 'behind' }]);
  });

  it('are carried out each with other variables, and as another document', async () => {
    held = [];
    calls = 1;
    const one = ask('query ($n: Int) { slow(n: $n) }', { n: 1 });
    await untilHeld(1);
    const two = ask('query ($n: Int) { slow(n: $n) }', { n: 2 });
    await untilHeld(2);
    const other = ask('query Other($n: Int) { slow(n: $n) }', { n: 1 });
    await untilHeld(3);
    for (const [index, { release }] of held.entries()) release(String(index));
    expect(await Promise.all([one, two, other])).toEqual([{ slow: '0' }, { slow: '1' }, { slow: '2' }]);
  });

  it('ask for themselves where the one that they wait for fails', async () => {
    const answers = await start(() => ask('{ slow }'), 3);
    expect(held).toHaveLength(1);
    held[0]?.fail();
    await untilHeld(3);
    held[1]?.release('own');
    held[2]?.release('own');
    expect(await Promise.all(answers)).toEqual([{ slow: null }, { slow: 'own' }, { slow: 'own' }]);
  });

  it('ask for themselves where the client of the one that they wait for goes away', async () => {
    held = [];
    calls = 1;
    const aborter = new AbortController();
    const headers = { authorization: `Bearer ${server.key}`, 'content-type': 'application/json' };
    const gone = fetch(server.url, { method: 'POST', headers, body: '{"query":"{ slow }"}', signal: aborter.signal });
    const left = expect(gone).rejects.toThrow();
    await untilHeld(1);
    const other = ask('{ slow }');
    await untilTakenIn();
    aborter.abort();
    await left;
    held[0]?.fail();
    await untilHeld(2);
    held[1]?.release('own');
    expect(await other).toEqual({ slow: 'own' });
  });
});

describe('answers', () => {
  const documents = createDocuments(buildSchema('type Query { ok: Boolean }'), true, { tokens: 100, pageSize: 10 });
  const operation = documents.read('{ ok }').operation(undefined);
  const other = documents.read('query Other { ok }').operation(undefined);
  if (!operation || !other) throw new Error('no operation');
  const ada = { id: 'ada', name: 'Ada', scopes: new Set<never>(), claims: {}, issuer: undefined, expiresAt: undefined };
  const question: Question = { operation, variables: { n: 1 }, viewer: ada, tokens: ['digest'] };

  it.each<[string, Partial<Question>]>([
    ['of another credential, be it of the same caller', { viewer: { ...ada } }],
    ['of another token for a source', { tokens: ['another'] }],
    ['of no token for a source', { tokens: [undefined] }],
    ['to another operation', { operation: other }],
    ['with other variables', { variables: { n: 2 } }],
    ['with no variables', { variables: undefined }],
  ])('%s are not shared', (_what, difference) => {
    const answers = createSharedAnswers(() => 0);
    answers.lead(answers.keyOf(question), () => 1);
    expect(answers.join(answers.keyOf({ ...question }))).toBeDefined();
    expect(answers.join(answers.keyOf({ ...question, ...difference }))).toBeUndefined();
  });

  it('are not shared before a first call has been made, nor when there is a second, nor once they are given', () => {
    const answers = createSharedAnswers(() => 0);
    let made = 0;
    const leading = answers.lead(answers.keyOf(question), () => made);
    const isShared = () => answers.join(answers.keyOf(question)) !== undefined;
    expect(isShared()).toBe(false);
    made = 1;
    expect(isShared()).toBe(true);
    made = 2;
    expect(isShared()).toBe(false);
    made = 1;
    leading.finish('text');
    expect(isShared()).toBe(false);
  });

  it('leave the one alone that began behind them when they are given', async () => {
    const answers = createSharedAnswers(() => 0);
    const first = answers.lead(answers.keyOf(question), () => 2);
    const second = answers.lead(answers.keyOf(question), () => 1);
    first.finish('first');
    const joined = answers.join(answers.keyOf(question));
    second.finish('second');
    expect(String(await joined)).toBe('second');
  });
});

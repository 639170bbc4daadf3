import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { schema } from '../../../src/schema/index.ts';
import { type GeneratedOperation, generatedOperations } from '../../helpers/operations/generated-operations.ts';
import type { Pool } from '../../helpers/operations/pool.ts';
import { type Answer, comparable } from './answers.ts';
import { createRunners, type Runners } from './runners.ts';
import { openWorld, type World } from './world.ts';
import { poolOf } from './world-pool.ts';

let world: World;
let runners: Runners;
let pool: Pool;
beforeAll(async () => {
  world = await openWorld();
  runners = createRunners(world);
  pool = await poolOf(runners.interpreted, world.keys.everything);
  // What is asked for may depend on the time, and then so does what is answered.
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() });
}, 120_000);
afterAll(async () => {
  vi.useRealTimers();
  await world?.close();
});

const OPERATIONS = 10_000;

/** What has been compared, so that a comparison of nothing is noticed. */
const codes = new Map<string, number>();
let withData = 0;

function count({ data, errors = [] }: Answer): void {
  if (typeof data === 'object' && data !== null) withData += 1;
  for (const { extensions } of errors)
    codes.set(String(extensions?.code), (codes.get(String(extensions?.code)) ?? 0) + 1);
}

async function expectSame(operation: GeneratedOperation, key: string): Promise<void> {
  const interpreted = await runners.interpreted(operation, key);
  count(interpreted);
  expect(comparable(await runners.compiled(operation, key))).toBe(comparable(interpreted));
  // Some of what is found out at the first time is kept for the second.
  expect(comparable(await runners.compiled(operation, key))).toBe(comparable(interpreted));
}

describe('operations that are compiled', () => {
  it('are answered as those that are interpreted: 10,000 generated ones', async () => {
    // A few at a time: the first who asks a source something waits for it.
    const few = fc.array(fc.tuple(generatedOperations({ schema, pool }), fc.boolean()), {
      minLength: 10,
      maxLength: 10,
    });
    await fc.assert(
      fc.asyncProperty(few, async (asked) => {
        const keyOf = (isReader: boolean) => (isReader ? world.keys.reader : world.keys.everything);
        await Promise.all(asked.map(([operation, isReader]) => expectSame(operation, keyOf(isReader))));
      }),
      { numRuns: OPERATIONS / 10 },
    );
  }, 600_000);

  it('were answered with data and with errors of many kinds', () => {
    expect(withData).toBeGreaterThan(OPERATIONS / 2);
    const expected = ['BAD_INPUT', 'BAD_CURSOR', 'FORBIDDEN', 'NOT_FOUND', 'SOURCE_BAD_ANSWER', 'SOURCE_UNAVAILABLE'];
    expect(expected.filter((code) => (codes.get(code) ?? 0) < 50)).toEqual([]);
    expect(runners.leftToGraphql).toBeLessThan(OPERATIONS / 4);
  });
});

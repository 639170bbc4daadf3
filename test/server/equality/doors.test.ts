import { readdirSync } from 'node:fs';
import fc from 'fast-check';
import { Kind, type OperationDefinitionNode, OperationTypeNode, parse } from 'graphql';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { createAuthenticator } from '../../../src/identity/authenticate.ts';
import { schema } from '../../../src/schema/index.ts';
import { createGatewayServer, type GatewayServer } from '../../../src/server/create-server.ts';
import { choiceBytes, readChoices } from '../../helpers/operations/choices.ts';
import { drawVariables } from '../../helpers/operations/draw-variables.ts';
import { type GeneratedOperation, generatedOperations } from '../../helpers/operations/generated-operations.ts';
import type { Pool } from '../../helpers/operations/pool.ts';
import { readExample } from '../../helpers/read-example.ts';
import { type Answer, comparable } from './answers.ts';
import { createRunners } from './runners.ts';
import { openWorld, type World } from './world.ts';
import { poolOf } from './world-pool.ts';

interface Door {
  readonly server: GatewayServer;
  /** Status, type and body of the answer to an operation. */
  ask(operation: GeneratedOperation, key: string): Promise<string>;
}

async function openDoor(world: World, settings: { fastDoor: boolean; compile: boolean }): Promise<Door> {
  const { config, context } = world;
  const { logger } = context;
  const server = createGatewayServer(
    {
      ...{ ...config.server, ...settings, host: '127.0.0.1', port: 0, corsOrigins: [], tls: undefined },
      ...{ introspection: true, graphiql: false, logOperations: false, limits: config.limits },
    },
    { schema, logger, authenticator: createAuthenticator(config.viewers), context },
  );
  const { url } = await server.listen();
  return {
    server,
    ask: async (operation, key) => {
      const response = await fetch(url, {
        method: 'POST',
        headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
        body: JSON.stringify(operation),
      });
      const answer = (await response.json()) as Answer;
      return `${response.status} ${response.headers.get('content-type')} ${comparable(answer)}`;
    },
  };
}

let world: World;
let fast: Door;
let plain: Door;
let pool: Pool;
beforeAll(async () => {
  world = await openWorld();
  pool = await poolOf(createRunners(world).interpreted, world.keys.everything);
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() });
  fast = await openDoor(world, { fastDoor: true, compile: true });
  plain = await openDoor(world, { fastDoor: false, compile: false });
}, 120_000);
afterAll(async () => {
  vi.useRealTimers();
  await Promise.all([fast?.server.stop(), plain?.server.stop()]);
  await world?.close();
});

/** An operation is compiled when it comes for the third time. */
const SIGHTS = 3;

async function expectSame(operation: GeneratedOperation, key: string): Promise<string> {
  const expected = await plain.ask(operation, key);
  for (let sight = 0; sight < SIGHTS; sight += 1) expect(await fast.ask(operation, key)).toBe(expected);
  return expected;
}

const queriesOf = (query: string): readonly OperationDefinitionNode[] =>
  parse(query).definitions.filter(
    (node) => node.kind === Kind.OPERATION_DEFINITION && node.operation === OperationTypeNode.QUERY,
  ) as OperationDefinitionNode[];

const examples = readdirSync(new URL('../../../examples/', import.meta.url))
  .filter((name) => name.endsWith('.graphql'))
  .map((name) => readExample(name.replace('.graphql', '')));

const exampleQueries = examples.flatMap((query) =>
  queriesOf(query).map((operation) => [operation.name?.value ?? 'without a name', { query, operation }] as const),
);

describe('answers that came through a socket', () => {
  it.each(exampleQueries)('are the same with the short way and without it: %s', async (name, { query, operation }) => {
    await fc.assert(
      fc.asyncProperty(choiceBytes(100), async (bytes) => {
        const variables = drawVariables({ schema, choices: readChoices(bytes), pool }, operation);
        await expectSame({ query, variables, operationName: name }, world.keys.everything);
      }),
      { numRuns: 5 },
    );
  });

  it('are the same with the short way and without it: hundreds of generated operations', async () => {
    const statuses = new Map<string, number>();
    await fc.assert(
      fc.asyncProperty(generatedOperations({ schema, pool }), fc.boolean(), async (operation, isReader) => {
        const answer = await expectSame(operation, isReader ? world.keys.reader : world.keys.everything);
        const status = answer.slice(0, 3);
        statuses.set(status, (statuses.get(status) ?? 0) + 1);
      }),
      { numRuns: 400 },
    );
    expect(statuses.get('200')).toBeGreaterThan(200);
  }, 120_000);
});

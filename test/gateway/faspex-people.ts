import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'vitest';
import { type DemoSettings, type Stack, startStack } from '../helpers/start-stack.ts';
import type { GraphQLAnswer, TestClient } from '../helpers/test-client.ts';
import { type Api, signIn } from '../simulators/faspex/start-faspex.ts';

const names = ['ava', 'tomas', 'mina', 'jonas'] as const;
type Name = (typeof names)[number];

/** The people of the small seed, each with a client for the gateway and one for Faspex itself. */
export interface Person extends TestClient {
  readonly username: string;
  readonly userId: string;
  /** Another client of this person, with a connection of its own. */
  open(): TestClient;
  /** What the person could do in the web interface, past the gateway. */
  readonly faspex: Api;
}

/** An administrator, a plain user with a few packages, a manager who is in every group, and another plain user. */
export interface People extends Readonly<Record<Name, Person>> {
  readonly stack: Stack;
}

const usernames: Readonly<Record<Name, string>> = {
  ava: 'ava.lindqvist',
  tomas: 'tomas.rivera',
  mina: 'mina.okafor',
  jonas: 'jonas.weber',
};

export const keyOf = (name: Name) => `test-key-of-${name}-0123456789`;

/** Milliseconds between two polls of what is watched. */
export const POLL_MS = 100;

/** Every one of them may do everything that Faspex lets them do. */
function admit({ viewers }: DemoSettings, env: Record<string, string>): void {
  for (const name of names) {
    const variable = `KEY_${name.toUpperCase()}`;
    env[variable] = keyOf(name);
    const claims = { email: `${usernames[name]}@example.com` };
    viewers.apiKeys.push(Object.assign({ name, scopes: ['*'] }, { key: { env: variable }, claims }));
  }
}

async function enter(stack: Stack, name: Name): Promise<Person> {
  const faspex = await signIn(stack.simulators.faspex, usernames[name]);
  const { json } = await faspex.get<{ id: string }>('/account');
  const open = () => stack.client(keyOf(name));
  return { ...open(), username: usernames[name], userId: json.id, open, faspex };
}

export async function startPeople(
  options: {
    readonly seed?: boolean;
    readonly configure?: (settings: DemoSettings, env: Record<string, string>) => void;
  } = {},
): Promise<People> {
  const stack = await startStack({
    seed: options.seed ?? false,
    configure: (settings, _simulators, env) => {
      admit(settings, env);
      settings.progress = { intervalMs: POLL_MS, idleIntervalMs: POLL_MS };
      options.configure?.(settings, env);
    },
  });
  const [ava, tomas, mina, jonas] = await Promise.all(names.map((name) => enter(stack, name)));
  if (!ava || !tomas || !mina || !jonas) throw new Error('There are four people.');
  return { stack, ava, tomas, mina, jonas };
}

/** Where the storage node keeps the files of a package. */
export async function contentFolder({ stack }: People, uuid: string): Promise<string> {
  const docroot = stack.simulators.nodes[1]?.docroot ?? '';
  const folder = (await readdir(docroot)).find((name) => name.includes(uuid));
  const content = (await readdir(join(docroot, folder ?? ''))).find((name) => name.startsWith('PKG - '));
  return join(docroot, folder ?? '', content ?? '');
}

export interface Failure {
  readonly __typename: string;
  readonly message: string;
  readonly code: string;
  readonly source: string | null;
  readonly retryable: boolean;
}

/** The one error that an answer has. */
export function onlyError(answer: GraphQLAnswer<unknown>) {
  expect(answer.errors).toHaveLength(1);
  const [error] = answer.errors ?? [];
  return { message: error?.message, path: error?.path, code: error?.extensions?.code };
}

/** What every error result of a mutation has; append it to the selection of a result. */
export const FAILURE = '__typename ... on Error { message code source retryable }';

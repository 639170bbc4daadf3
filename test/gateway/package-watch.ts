import { expect, onTestFinished, vi } from 'vitest';
import type { GraphQLAnswer } from '../helpers/test-client.ts';
import type { People, Person } from './faspex-people.ts';

export interface Told {
  readonly packageStatus: {
    readonly package: { readonly status: string; readonly title: string } | null;
    readonly cursor: string;
    readonly gap: boolean;
  };
}

export const STATUS =
  'subscription ($id: ID!, $after: String) { packageStatus(id: $id, after: $after) { package { status title } cursor gap } }';

export const globalId = (packageId: string) => Buffer.from(`FaspexPackage:packages/${packageId}`).toString('base64');

/** The list of what has changed. */
export const LIST = '/all/packages';

/** Waits as long as a busy machine may need. */
export const eventually = (check: () => void | Promise<void>) => vi.waitFor(check, { timeout: 10_000 });

/** A subscription that is read in the background, until the test is over. */
export function watch(person: Person, packageId: string, after?: string, document = STATUS) {
  const told: GraphQLAnswer<Told>[] = [];
  const client = person.open();
  onTestFinished(() => client.close());
  const ended = (async () => {
    for await (const answer of client.subscribe<Told>(document, { id: globalId(packageId), after })) told.push(answer);
    return told;
  })();
  return {
    told,
    /** Everything that was told, once it is over. */
    ended,
    statuses: () => told.map(({ data }) => data?.packageStatus.package?.status ?? null),
    cursor: () => told.at(-1)?.data?.packageStatus.cursor,
    /** Closes the connection, as somebody who goes away does. */
    leave: async () => {
      await client.close();
      await ended;
    },
  };
}

/** The first event has come, and the poll has looked at the package as well. */
export async function isWatching(
  { stack }: People,
  watcher: ReturnType<typeof watch>,
  packageId: string,
): Promise<void> {
  await eventually(() => expect(watcher.told).toHaveLength(1));
  const { requests } = stack.simulators.faspex;
  // Where many packages are watched, a list tells of them.
  const polls = () => requests.count('GET', `/packages/${packageId}`) + requests.count('GET', LIST);
  const before = polls();
  await eventually(() => expect(polls()).toBeGreaterThan(before + 1));
}

import { afterAll, beforeAll, expect, it } from 'vitest';
import { faspexSubject, type PeopleStack, type Person, startPeople } from './viewers.ts';

const LIMIT = 5;

let people: PeopleStack;
beforeAll(async () => {
  people = await startPeople((settings) => Object.assign(settings, { limits: { upstreamRequests: LIMIT } }));
});
afterAll(() => people?.stop());

/** An operation that needs so many calls to Faspex: one for each package, whoever may see it. */
const needing = (calls: number) =>
  `{ faspex { ${Array.from({ length: calls }, (_, index) => `p${index}: package(packageId: "${index + 1}") { title }`).join(' ')} } }`;

const callsOf = (person: Person) =>
  people.faspex.passed.filter(
    (request) => request.path.includes('/packages/') && faspexSubject(request) === person.email,
  );

it('counts the requests of each operation, and nobody pays for another', async () => {
  const { ada, adasPhone, bob, faspex } = people;
  const ownCalls = await Promise.all([ada.ask(needing(1)), bob.ask(needing(1))]);
  for (const answer of ownCalls) expect(answer).not.toHaveProperty('errors');
  faspex.clear();
  const [greedy, ...modest] = await Promise.all([
    ada.ask(needing(LIMIT + 3)),
    bob.ask(needing(LIMIT)),
    adasPhone.ask(needing(LIMIT)),
  ]);
  expect(greedy.errors?.map(({ extensions }) => extensions?.code)).toEqual([
    'REQUEST_LIMIT',
    'REQUEST_LIMIT',
    'REQUEST_LIMIT',
  ]);
  for (const answer of modest) expect(answer).not.toHaveProperty('errors');
  expect(callsOf(bob)).toHaveLength(LIMIT);
});

it('counts a call that was shared with another operation for both', async () => {
  const { ada, adasPhone, bob, faspex } = people;
  const hold = faspex.hold((request) => faspexSubject(request) === ada.email);
  const both = [ada, adasPhone].map((caller) => caller.ask(needing(LIMIT + 1)));
  await hold.arrival(LIMIT - 1);
  await bob.ask(needing(1));
  hold.release();
  for (const answer of await Promise.all(both)) {
    expect(answer.errors?.map(({ extensions }) => extensions?.code)).toEqual(['REQUEST_LIMIT']);
  }
});

it('does not charge the renewal of a token to the operation that needed it', async () => {
  const { ada, simulators } = people;
  await simulators.faspex.switches.expireTokens?.({});
  expect(await ada.ask(needing(LIMIT))).not.toHaveProperty('errors');
});

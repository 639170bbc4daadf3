import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { PassedRequest } from '../helpers/recording-proxy.ts';
import type { GraphQLAnswer } from '../helpers/test-client.ts';
import { grant, sendPackage, startTransfer } from './possessions.ts';
import { faspexSubject, nodeSubject, type PeopleStack, type Person, startPeople } from './viewers.ts';

let people: PeopleStack;
let shared: { readonly id: string; readonly packageId: string };
beforeAll(async () => {
  people = await startPeople();
  const { ada, bob, simulators } = people;
  shared = await sendPackage(people, { from: bob, to: ada.email, title: 'From Bob to Ada' });
  const [london] = simulators.nodes;
  if (!london) throw new Error('there is a node');
  for (const { email } of [ada, bob]) await grant(london, email, ['list', 'read']);
});
afterAll(() => people?.stop());

const open: AsyncIterableIterator<unknown>[] = [];
beforeEach(() => {
  for (const proxy of [people.faspex, people.london]) proxy.clear();
});
afterEach(async () => {
  people.faspex.clear();
  people.simulators.faspex.faults.clear();
  await Promise.all(open.splice(0).map((events) => events.return?.()));
});

interface Told {
  readonly packageStatus: {
    readonly cursor: string;
    readonly package: { readonly title: string } | null;
  };
}

const watching = `subscription ($id: ID!, $after: String) {
  packageStatus(id: $id, after: $after) { cursor package { title ... on FaspexPackage { sender { name } } } }
}`;

function watch(person: Person, variables: { id: string; after?: string | undefined }) {
  const events = person.client.subscribe<Told>(watching, variables);
  open.push(events);
  return events;
}

async function next<Data>(events: AsyncIterator<GraphQLAnswer<Data>>): Promise<GraphQLAnswer<Data>> {
  const { value, done } = await events.next();
  if (done) throw new Error('the subscription has ended');
  return value;
}

const codeOf = ({ errors }: GraphQLAnswer<unknown>) => errors?.[0]?.extensions?.code;

const pollOf = (person: Person, packageId: string) => (request: PassedRequest) =>
  request.path.endsWith(`/packages/${packageId}`) && faspexSubject(request) === person.email;
const pollsOf = (person: Person, packageId: string) => people.faspex.passed.filter(pollOf(person, packageId));

/** Waits until somebody has been polled for so many times: the clock of these tests. */
const polled = (person: Person, packageId: string, times: number) =>
  expect.poll(() => pollsOf(person, packageId).length, { timeout: 10_000, interval: 20 }).toBeGreaterThanOrEqual(times);

describe('a package that two people watch', () => {
  it('is polled in the name of each', async () => {
    const { ada, bob } = people;
    const events = await Promise.all([ada, bob].map((person) => next(watch(person, shared))));
    for (const event of events) expect(event.data?.packageStatus.package?.title).toBe('From Bob to Ada');
    await Promise.all([ada, bob].map((person) => polled(person, shared.packageId, 3)));
    const subjects = new Set(people.faspex.to(`/packages/${shared.packageId}`).map(faspexSubject));
    expect(subjects).toEqual(new Set([ada.email, bob.email]));
  });

  it('is polled once for two callers who are the same person there', async () => {
    const { ada, adasPhone, bob, faspex } = people;
    await Promise.all([ada, adasPhone, bob].map((person) => next(watch(person, shared))));
    const hold = faspex.hold(pollOf(ada, shared.packageId));
    await hold.arrival(0);
    const already = pollsOf(bob, shared.packageId).length;
    await polled(bob, shared.packageId, already + 4);
    expect(hold.waiting).toHaveLength(1);
  });

  it('is polled for one no longer when they leave, and for the other on', async () => {
    const { ada, bob } = people;
    const hers = watch(ada, shared);
    await Promise.all([next(hers), next(watch(bob, shared))]);
    await polled(ada, shared.packageId, 2);
    await hers.return?.();
    const already = pollsOf(bob, shared.packageId).length;
    await polled(bob, shared.packageId, already + 1);
    const last = pollsOf(ada, shared.packageId).length;
    await polled(bob, shared.packageId, already + 4);
    expect(pollsOf(ada, shared.packageId)).toHaveLength(last);
  });

  it('ends for one whose credential is refused for good, and goes on for the other', async () => {
    const { ada, bob, faspex, simulators } = people;
    const hers = watch(ada, shared);
    await Promise.all([next(hers), next(watch(bob, shared))]);
    const [herPolls, hisPolls] = [ada, bob].map((person) => faspex.hold(pollOf(person, shared.packageId)));
    await Promise.all([herPolls?.arrival(0), hisPolls?.arrival(0)]);
    simulators.faspex.faults.add({ kind: 'status', status: 401, path: `/packages/${shared.packageId}`, times: 2 });
    herPolls?.release();
    let last: GraphQLAnswer<Told> | undefined;
    for await (const event of hers) last = event;
    expect(last && codeOf(last)).toBe('SOURCE_UNAUTHENTICATED');
    hisPolls?.release();
    const already = pollsOf(bob, shared.packageId).length;
    await polled(bob, shared.packageId, already + 3);
  });
});

describe('a package that only one of two may see', () => {
  it('is not there for the other, who asks at the same moment', async () => {
    const { ada, bob } = people;
    const own = await sendPackage(people, { to: ada.email, title: 'For Ada alone' });
    const [hers, his] = await Promise.all([ada, bob].map((person) => next(watch(person, own))));
    expect(hers?.data?.packageStatus.package?.title).toBe('For Ada alone');
    expect(his && codeOf(his)).toBe('NOT_FOUND');
    expect(JSON.stringify(his)).not.toContain('For Ada alone');
    await polled(ada, own.packageId, 3);
    expect(pollsOf(bob, own.packageId).length).toBeLessThanOrEqual(2);
  });

  it('is not told of by a cursor of the one who may', async () => {
    const { ada, bob } = people;
    const hers = await next(watch(ada, shared));
    const after = hers.data?.packageStatus.cursor;
    expect(codeOf(await next(watch(bob, { id: shared.id, after })))).toBe('BAD_CURSOR');
  });
});

const progress = `subscription ($id: ID!, $after: String) {
  transferProgress(id: $id, after: $after) { cursor transfer { transferId status } }
}`;

interface Progressed {
  readonly transferProgress: {
    readonly cursor: string;
    readonly transfer: { readonly transferId: string; readonly status: string };
  };
}

async function follow(person: Person, variables: { id: string; after?: string | undefined }) {
  const told: GraphQLAnswer<Progressed>[] = [];
  for await (const event of person.client.subscribe<Progressed>(progress, variables)) told.push(event);
  return told;
}

describe('transfers of a node that acts in the name of its callers', () => {
  it('are followed in the name of each, and nobody hears of another’s', async () => {
    const { ada, bob, london } = people;
    const slow = { rateKbps: 8_000, bytes: 600_000 };
    const [hers, his] = await Promise.all([startTransfer(people, ada, slow), startTransfer(people, bob, slow)]);
    london.clear();
    const [adas, bobs, peeked] = await Promise.all([follow(ada, hers), follow(bob, his), follow(bob, hers)]);
    for (const [told, { transferId }] of [[adas, hers] as const, [bobs, his] as const]) {
      const transfers = told.map(({ data }) => data?.transferProgress.transfer);
      expect(new Set(transfers.map((transfer) => transfer?.transferId))).toEqual(new Set([transferId]));
      expect(transfers.at(-1)?.status).toBe('COMPLETED');
    }
    expect(peeked).toHaveLength(1);
    expect(peeked[0] && codeOf(peeked[0])).toBe('NOT_FOUND');
    // Never with the gateway's own credential, which sees everything.
    expect(new Set(london.passed.map(nodeSubject))).toEqual(new Set([ada.email, bob.email]));
    const [adasCursor, bobsId] = [adas[0]?.data?.transferProgress.cursor, his.id];
    const [refused] = await follow(bob, { id: bobsId, after: adasCursor });
    expect(refused && codeOf(refused)).toBe('BAD_CURSOR');
  });
});

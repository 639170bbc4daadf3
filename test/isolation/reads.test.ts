import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Faults } from '../../simulators/kit/faults.ts';
import type { PassedRequest, RecordingProxy } from '../helpers/recording-proxy.ts';
import { completeTransfer, grant, type StartedTransfer, sendPackage } from './possessions.ts';
import { faspexSubject, nodeSubject, type PeopleStack, type Person, startPeople } from './viewers.ts';

let people: PeopleStack;
let packageId: string;
let transfer: StartedTransfer;
/** A list without an end in time takes the present as one, and so is another list at every moment. */
let madeBefore: string;
beforeAll(async () => {
  people = await startPeople();
  const { simulators, ada, bob } = people;
  packageId = (await sendPackage(people, { to: ada.email, title: 'For Ada alone' })).packageId;
  const [london] = simulators.nodes;
  if (!london) throw new Error('there is a node');
  await mkdir(join(london.docroot, 'films'));
  await writeFile(join(london.docroot, 'films', 'one.mov'), 'one');
  for (const { email } of [ada, bob]) await grant(london, email, ['list', 'read']);
  transfer = await completeTransfer(people, ada);
  madeBefore = new Date().toISOString();
});
afterAll(() => people?.stop());

/** Something that two people ask for in the same words, and get different answers to. */
interface Read {
  readonly name: string;
  readonly proxy: () => RecordingProxy;
  readonly faults: () => Faults;
  /** Part of the path of the one upstream call that it makes. */
  readonly path: () => string;
  readonly query: () => string;
  readonly subject: (request: PassedRequest) => unknown;
}

const faspexRead = {
  proxy: () => people.faspex,
  faults: () => people.simulators.faspex.faults,
  subject: faspexSubject,
};
const nodeRead = {
  proxy: () => people.london,
  faults: () => people.simulators.nodes[0]?.faults as Faults,
  subject: nodeSubject,
};

const reads: readonly Read[] = [
  {
    ...faspexRead,
    name: 'a list of Faspex',
    path: () => '/inbox_all/packages',
    query: () => `{ faspex { packages(filter: { createdBefore: "${madeBefore}" }) { nodes { title } } } }`,
  },
  {
    ...faspexRead,
    name: 'one thing of Faspex, through a loader',
    path: () => `/packages/${packageId}`,
    query: () => `{ faspex { package(packageId: "${packageId}") { title } } }`,
  },
  {
    ...faspexRead,
    name: 'an account at Faspex',
    path: () => '/account',
    query: () => '{ faspex { account { userId name } } }',
  },
  {
    ...nodeRead,
    name: 'one transfer of a node, through a loader',
    path: () => `/ops/transfers/${transfer.transferId}`,
    query: () => `{ node(id: "${transfer.id}") { id ... on NodeTransfer { status } } }`,
  },
];

describe.each(reads)('$name', ({ proxy, faults, path, query, subject }) => {
  const of = (person: Person) => (request: PassedRequest) =>
    request.path.includes(path()) && subject(request) === person.email;
  const callsOf = (person: Person) => proxy().passed.filter(of(person));
  let adas: unknown;
  let bobs: unknown;
  beforeAll(async () => {
    adas = await people.ada.ask(query());
    bobs = await people.bob.ask(query());
  });
  beforeEach(() => proxy().clear());
  afterEach(() => faults().clear());

  it('is another thing for each of them', () => {
    expect(adas).toMatchObject({ data: {} });
    expect(bobs).not.toEqual(adas);
    for (const answer of [adas, bobs]) expect(answer).not.toHaveProperty('errors');
  });

  it('is asked for once for each when both ask at the same tick', async () => {
    expect(await Promise.all([people.ada.ask(query()), people.bob.ask(query())])).toEqual([adas, bobs]);
    expect(callsOf(people.ada)).toHaveLength(1);
    expect(callsOf(people.bob)).toHaveLength(1);
    expect(proxy().to(path())).toHaveLength(2);
  });

  it('is not taken from a call that is under way for somebody else', async () => {
    const hold = proxy().hold(of(people.ada));
    const first = people.ada.ask(query());
    await hold.arrival(0);
    expect(await people.bob.ask(query())).toEqual(bobs);
    hold.release();
    expect(await first).toEqual(adas);
    expect(proxy().to(path()).map(subject)).toEqual([people.ada.email, people.bob.email]);
  });

  it('is not taken from an answer that somebody else has had', async () => {
    expect(await people.ada.ask(query())).toEqual(adas);
    expect(await people.bob.ask(query())).toEqual(bobs);
    expect(proxy().to(path()).map(subject)).toEqual([people.ada.email, people.bob.email]);
  });

  it('goes on for one when the other hangs up', async () => {
    const [hers, his] = [proxy().hold(of(people.ada)), proxy().hold(of(people.bob))];
    const phone = new AbortController();
    const lost = people.ada.ask(query(), {}, phone.signal).catch(() => 'hung up');
    const kept = people.bob.ask(query());
    const [abandoned, waiting] = await Promise.all([hers.arrival(0), his.arrival(0)]);
    phone.abort();
    expect(await lost).toBe('hung up');
    await expect.poll(() => abandoned.isAbandoned).toBe(true);
    expect(waiting.isAbandoned).toBe(false);
    hers.release();
    his.release();
    expect(await kept).toEqual(bobs);
  });

  it('is asked for again in the same name when the credential of one is refused, and the other notices nothing', async () => {
    const [hers, his] = [proxy().hold(of(people.ada)), proxy().hold(of(people.bob))];
    const [asked, waits] = [people.ada.ask(query()), people.bob.ask(query())];
    await Promise.all([hers.arrival(0), his.arrival(0)]);
    faults().add({ kind: 'status', status: 401, path: path(), times: 1 });
    hers.release();
    expect(await asked).toEqual(adas);
    his.release();
    expect(await waits).toEqual(bobs);
    expect(callsOf(people.ada).map(({ answer }) => answer?.status)).toEqual([401, 200]);
    expect(callsOf(people.bob)).toHaveLength(1);
    const tokenCalls = proxy().to('/auth/token');
    expect(tokenCalls.map(subject)).toEqual(tokenCalls.map(() => people.ada.email));
  });

  it('is one call for two callers who are the same person there', async () => {
    const hold = proxy().hold(of(people.ada));
    const both = [people.ada.ask(query()), people.adasPhone.ask(query())];
    await hold.arrival(0);
    // Nothing tells that the second has joined; what must not come is another call.
    await people.bob.ask(query());
    hold.release();
    expect(await Promise.all(both)).toEqual([adas, adas]);
    expect(callsOf(people.ada)).toHaveLength(1);
  });
});

import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { PassedRequest } from '../helpers/recording-proxy.ts';
import { sendPackage } from './possessions.ts';
import { faspexSubject, type PeopleStack, type Person, startPeople } from './viewers.ts';

let people: PeopleStack;
beforeAll(async () => {
  people = await startPeople();
  const { ada, bob } = people;
  await Promise.all([ada.ask(account), bob.ask(account)]);
});
afterAll(() => people?.stop());
beforeEach(() => people.faspex.clear());

const account = '{ faspex { account { email } } }';
const answerFor = (person: Person) => ({ data: { faspex: { account: { email: person.email } } } });
const readOf = (person: Person) => (request: PassedRequest) =>
  request.path.includes('/account') && faspexSubject(request) === person.email;
const readsOf = (person: Person) => people.faspex.passed.filter(readOf(person));

describe('a write of one person between two reads of another', () => {
  it('leaves the reads one call, as if nothing had happened', async () => {
    const { ada, bob, faspex } = people;
    const hold = faspex.hold(readOf(bob));
    const first = bob.ask(account);
    await hold.arrival(0);
    await sendPackage(people, { from: ada, to: bob.email, title: 'Between two reads' });
    const second = bob.ask(account);
    // A later request that is through tells that the second read has long been sent, or has joined the first.
    await ada.ask(account);
    hold.release();
    expect(await Promise.all([first, second])).toEqual([answerFor(bob), answerFor(bob)]);
    expect(readsOf(bob)).toHaveLength(1);
  });

  it('is carried out in the name of whoever wrote, each time', async () => {
    const { ada, bob, faspex } = people;
    const sent = await Promise.all([
      sendPackage(people, { from: ada, to: bob.email, title: 'The same for all' }),
      sendPackage(people, { from: bob, to: bob.email, title: 'The same for all' }),
      sendPackage(people, { from: ada, to: bob.email, title: 'The same for all' }),
    ]);
    expect(new Set(sent.map(({ packageId }) => packageId)).size).toBe(3);
    const writes = faspex.passed.filter(({ method, path }) => method === 'POST' && path.endsWith('/packages'));
    expect(writes.map(faspexSubject).toSorted()).toEqual([ada.email, ada.email, bob.email].toSorted());
  });
});

describe('a write of one person between two reads of their own', () => {
  it('makes the second read a call of its own', async () => {
    const { ada, bob, faspex } = people;
    const hold = faspex.hold(readOf(ada));
    const first = ada.ask(account);
    await hold.arrival(0);
    await sendPackage(people, { from: ada, to: bob.email, title: 'Between two reads' });
    const second = ada.ask(account);
    await hold.arrival(1);
    hold.release();
    expect(await Promise.all([first, second])).toEqual([answerFor(ada), answerFor(ada)]);
  });

  it('counts as theirs from whichever of their devices it came', async () => {
    const { ada, adasPhone, bob, faspex } = people;
    const hold = faspex.hold(readOf(ada));
    const first = ada.ask(account);
    await hold.arrival(0);
    await sendPackage(people, { from: adasPhone, to: bob.email, title: 'From the phone' });
    const second = ada.ask(account);
    await hold.arrival(1);
    hold.release();
    expect(await Promise.all([first, second])).toEqual([answerFor(ada), answerFor(ada)]);
  });
});

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { faspexSubject, type PeopleStack, type Person, startPeople } from './viewers.ts';

let people: PeopleStack;
beforeAll(async () => {
  people = await startPeople();
});
afterAll(() => people?.stop());

const account = '{ faspex { account { email } } }';
const answerFor = (person: Person) => ({ data: { faspex: { account: { email: person.email } } } });

const isTokenCallOf = (person: Person) => (request: Parameters<typeof faspexSubject>[0]) =>
  request.path.endsWith('/auth/token') && faspexSubject(request) === person.email;

/** Makes everybody need a new token. */
beforeEach(async () => {
  await people.simulators.faspex.switches.expireTokens?.({});
  people.faspex.clear();
});
afterEach(() => people.simulators.faspex.faults.clear());

const tokenCalls = () => people.faspex.to('/auth/token').map(faspexSubject);
const readCalls = () => people.faspex.to('/account');

describe('a new token', () => {
  it('is asked for once for each person when both need one at the same tick', async () => {
    const { ada, bob } = people;
    expect(await Promise.all([ada.ask(account), bob.ask(account)])).toEqual([answerFor(ada), answerFor(bob)]);
    expect(tokenCalls().toSorted()).toEqual([ada.email, bob.email].toSorted());
  });

  it('that is under way for one is not waited for by the other', async () => {
    const { ada, bob, faspex } = people;
    const hold = faspex.hold(isTokenCallOf(ada));
    const waits = ada.ask(account);
    await hold.arrival(0);
    expect(await bob.ask(account)).toEqual(answerFor(bob));
    hold.release();
    expect(await waits).toEqual(answerFor(ada));
  });

  it('that one has got is not used for the other', async () => {
    const { ada, bob } = people;
    expect(await ada.ask(account)).toEqual(answerFor(ada));
    expect(await bob.ask(account)).toEqual(answerFor(bob));
    expect(tokenCalls()).toEqual([ada.email, bob.email]);
    const tokensOf = (person: Person) =>
      readCalls()
        .filter((request) => faspexSubject(request) === person.email && request.answer?.status === 200)
        .map(({ headers }) => headers.authorization);
    expect(tokensOf(ada)).toHaveLength(1);
    expect(tokensOf(bob)).toHaveLength(1);
  });

  it('is still got for one when the other, who waits for theirs, hangs up', async () => {
    const { ada, bob, faspex } = people;
    const [hers, his] = [faspex.hold(isTokenCallOf(ada)), faspex.hold(isTokenCallOf(bob))];
    const phone = new AbortController();
    const lost = ada.ask(account, {}, phone.signal).catch(() => 'hung up');
    const kept = bob.ask(account);
    const [abandoned, waiting] = await Promise.all([hers.arrival(0), his.arrival(0)]);
    phone.abort();
    expect(await lost).toBe('hung up');
    await expect.poll(() => abandoned.isAbandoned).toBe(true);
    expect(waiting.isAbandoned).toBe(false);
    hers.release();
    his.release();
    expect(await kept).toEqual(answerFor(bob));
    expect(await ada.ask(account)).toEqual(answerFor(ada));
  });

  it('is one for two callers who are the same person there, and stays when one of them hangs up', async () => {
    const { ada, adasPhone, bob, faspex } = people;
    const hold = faspex.hold(isTokenCallOf(ada));
    const phone = new AbortController();
    const lost = adasPhone.ask('{ faspex { version } }', {}, phone.signal).catch(() => 'hung up');
    const waiting = await hold.arrival(0);
    const kept = ada.ask(account);
    // Nothing tells that the second has joined; when a later request is through, it has.
    await bob.ask(account);
    phone.abort();
    expect(await lost).toBe('hung up');
    hold.release();
    expect(await kept).toEqual(answerFor(ada));
    expect(waiting.isAbandoned).toBe(false);
    expect(tokenCalls()).toEqual([ada.email, bob.email]);
  });
});

describe('a refused token request', () => {
  const refusal = { errors: [{ extensions: { code: 'SOURCE_UNAUTHENTICATED', source: 'packages' } }] };

  it('is held against the person that it was refused to, and nobody else', async () => {
    const { ada, bob, stranger } = people;
    const [refused, hers] = await Promise.all([stranger.ask(account), ada.ask(account)]);
    expect(refused).toMatchObject(refusal);
    expect(hers).toEqual(answerFor(ada));
    expect(await stranger.ask(account)).toMatchObject(refusal);
    expect(await bob.ask(account)).toEqual(answerFor(bob));
    // Within two seconds the stranger is not asked for again.
    expect(tokenCalls().filter((subject) => subject === stranger.email)).toHaveLength(1);
  });

  it('fails the one who asked while the other’s is under way', async () => {
    const { ada, bob, faspex, simulators } = people;
    const [hers, his] = [faspex.hold(isTokenCallOf(ada)), faspex.hold(isTokenCallOf(bob))];
    const [asked, waits] = [ada.ask(account), bob.ask(account)];
    await Promise.all([hers.arrival(0), his.arrival(0)]);
    simulators.faspex.faults.add({ kind: 'status', status: 403, path: '/auth/token', times: 1 });
    hers.release();
    expect(await asked).toMatchObject(refusal);
    his.release();
    expect(await waits).toEqual(answerFor(bob));
  });
});

describe('without a token of their own', () => {
  it('nobody is served with anybody else’s', async () => {
    const { ada, stranger } = people;
    await ada.ask(account);
    const answer = await stranger.ask<{ faspex: { account: unknown } }>(account);
    expect(answer.data?.faspex.account).toBeNull();
    expect(readCalls().map(faspexSubject)).not.toContain(stranger.email);
  });
});

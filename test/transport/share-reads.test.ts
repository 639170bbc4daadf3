import { describe, expect, it } from 'vitest';
import { shareReads } from '../../src/transport/share-reads.ts';
import type { Send, UpstreamIdentity, UpstreamResponse } from '../../src/transport/upstream.ts';
import { holdRequests } from './held-server.ts';
import { openTransport, read, write } from './open-transport.ts';

const ada: UpstreamIdentity = { key: 'ada', subject: 'ada' };
const bob: UpstreamIdentity = { key: 'bob', subject: 'bob' };

async function shared() {
  const server = await holdRequests();
  const transport = openTransport(server.origin);
  const send: Send = shareReads((request, call) => transport.send(request, call.signal));
  return { server, send };
}

describe('reads of one identity', () => {
  it('share one upstream call when they are the same and at the same time', async () => {
    const { server, send } = await shared();
    const waits = Array.from({ length: 20 }, () => send(read('/x', { query: { n: 1 } }), { identity: ada }));
    (await server.arrival(0)).answer({ n: 1 });
    for (const answer of await Promise.all(waits)) expect(answer.body).toEqual({ n: 1 });
    expect(server.count).toBe(1);
    const later = send(read('/x', { query: { n: 1 } }), { identity: ada });
    (await server.arrival(1)).answer({ n: 2 });
    expect((await later).body).toEqual({ n: 2 });
  });

  it('are told apart by everything that makes a request', async () => {
    const { server, send } = await shared();
    const requests = [
      read('/x'),
      read('/y'),
      read('/x', { method: 'POST' }),
      read('/x', { query: { n: 1 } }),
      read('/x', { query: { n: '1' } }),
      read('/x', { headers: { range: '1' } }),
      read('/x', { method: 'POST', json: { a: 1 } }),
      read('/x', { method: 'POST', json: { a: 2 } }),
      read('/x', { method: 'POST', form: { a: '1' } }),
    ];
    const waits = requests.map((request) => send(request, { identity: ada }));
    await server.arrival(requests.length - 2);
    for (const [index] of requests.entries()) (await server.arrival(index)).answer({ index });
    const bodies = (await Promise.all(waits)).map(({ body }) => JSON.stringify(body));
    expect(new Set(bodies).size).toBe(requests.length);
  });

  it('never share with another identity', async () => {
    const { server, send } = await shared();
    const waits = [ada, bob, ada, bob].map((identity) => send(read('/x'), { identity }));
    await server.arrival(1);
    for (const [index, request] of server.held.entries()) request.answer({ index });
    const [one, two, three, four] = await Promise.all(waits);
    expect(server.count).toBe(2);
    expect(three?.body).toEqual(one?.body);
    expect(four?.body).toEqual(two?.body);
    expect(two?.body).not.toEqual(one?.body);
  });

  it('go on when one caller leaves, and end at the source when the last one has', async () => {
    const { server, send } = await shared();
    const callers = [new AbortController(), new AbortController()];
    const waits = callers.map(({ signal }) => send(read('/x'), { identity: ada, signal }));
    const request = await server.arrival(0);
    callers[0]?.abort();
    await expect(waits[0]).rejects.toThrow();
    expect(request.isClosed).toBe(false);
    callers[1]?.abort();
    await expect(waits[1]).rejects.toThrow();
    await expect.poll(() => request.isClosed, { timeout: 5_000 }).toBe(true);
  });
});

describe('a read and a write of the same identity', () => {
  const settled = (answer: Promise<UpstreamResponse>) => answer.then(({ body }) => body);

  it('that begins while the write is under way does not join a read from before it', async () => {
    const { server, send } = await shared();
    const before = settled(send(read('/x'), { identity: ada }));
    const early = await server.arrival(0);
    const writing = settled(send(write('/x'), { identity: ada }));
    await server.arrival(1);
    const during = settled(send(read('/x'), { identity: ada }));
    const second = await server.arrival(2);
    second.answer('during');
    early.answer('before');
    server.held[1]?.answer('written');
    expect(await Promise.all([before, writing, during])).toEqual(['before', 'written', 'during']);
  });

  it('that begins after the write does not join a read from before or during it', async () => {
    const { server, send } = await shared();
    const before = settled(send(read('/x'), { identity: ada }));
    await server.arrival(0);
    const writing = settled(send(write('/x'), { identity: ada }));
    (await server.arrival(1)).answer('written');
    const during = settled(send(read('/x'), { identity: ada }));
    await server.arrival(2);
    await writing;
    const after = settled(send(read('/x'), { identity: ada }));
    const [first, , third, fourth] = await Promise.all([0, 1, 2, 3].map((index) => server.arrival(index)));
    fourth?.answer('after');
    expect(await after).toBe('after');
    third?.answer('during');
    first?.answer('before');
    expect(await Promise.all([before, during])).toEqual(['before', 'during']);
  });

  it('that failed counts as a write all the same: it may have taken effect', async () => {
    const { server, send } = await shared();
    const before = settled(send(read('/x'), { identity: ada }));
    await server.arrival(0);
    const writing = send(write('/x'), { identity: ada });
    (await server.arrival(1)).response.destroy();
    await expect(writing).rejects.toMatchObject({ code: 'SOURCE_UNREACHABLE' });
    const after = settled(send(read('/x'), { identity: ada }));
    (await server.arrival(2)).answer('after');
    expect(await after).toBe('after');
    server.held[0]?.answer('before');
    expect(await before).toBe('before');
  });

  it('leaves the reads of other identities alone', async () => {
    const { server, send } = await shared();
    const first = settled(send(read('/x'), { identity: bob }));
    await server.arrival(0);
    const writing = settled(send(write('/x'), { identity: ada }));
    (await server.arrival(1)).answer('written');
    await writing;
    const second = settled(send(read('/x'), { identity: bob }));
    server.held[0]?.answer('shared');
    expect(await Promise.all([first, second])).toEqual(['shared', 'shared']);
    expect(server.count).toBe(2);
  });

  it('sends every write, however alike', async () => {
    const { server, send } = await shared();
    const waits = [1, 2, 3].map(() => send(write('/x', { json: { same: true } }), { identity: ada }));
    await server.arrival(2);
    for (const request of server.held) request.answer({});
    await Promise.all(waits);
    expect(server.count).toBe(3);
  });

  it('starts from a clean slate after everything has come to rest', async () => {
    const { server, send } = await shared();
    for (let round = 0; round < 3; round += 1) {
      const writing = send(write('/x'), { identity: ada });
      (await server.arrival(server.held.length)).answer('written');
      await writing;
      const reads = [1, 2].map(() => send(read('/x'), { identity: ada }));
      (await server.arrival(server.held.length)).answer(round);
      for (const answer of await Promise.all(reads)) expect(answer.body).toBe(round);
    }
    expect(server.count).toBe(6);
  });
});

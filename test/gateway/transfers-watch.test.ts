import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { endOf, nodeOf, sendFile } from '../helpers/node-transfers.ts';
import { readExample } from '../helpers/read-example.ts';
import { type Stack, startStack } from '../helpers/start-stack.ts';
import type { TestClient } from '../helpers/test-client.ts';

const newKey = () => randomBytes(18).toString('base64url');

/** Two who start transfers, and one who may see none of theirs. */
const keys = { anna: newKey(), bela: newKey(), stranger: newKey() };
type Who = keyof typeof keys;

let stack: Stack;
let anna: TestClient;
let bela: TestClient;
beforeAll(async () => {
  stack = await startStack({
    configure: (settings, _simulators, env) => {
      const scopes = ['transfer', 'transfer.start', 'transfer.read'];
      for (const [name, key] of Object.entries(keys)) {
        env[`KEY_${name}`] = key;
        settings.viewers.apiKeys.push(Object.assign({ name, scopes }, { key: { env: `KEY_${name}` } }));
      }
      Object.assign(settings, { progress: { intervalMs: 100, idleIntervalMs: 100 } });
    },
  });
  anna = stack.client(keys.anna);
  bela = stack.client(keys.bela);
});
afterAll(() => stack?.stop());

interface Told {
  readonly id: string;
  readonly status: string;
}
interface Event {
  readonly transfers: { readonly cursor: string; readonly gap: boolean; readonly transfer: Told };
}

const [watchText = ''] = readExample('dashboard').match(/subscription[\s\S]*?\n}\n/) ?? [];

/** Watches the transfers of london over a socket of its own; what is told is there as it comes. */
function watch(who: Who, variables: object = {}) {
  const client = stack.client(keys[who]);
  const events: Event['transfers'][] = [];
  const done = (async () => {
    for await (const { data, errors } of client.subscribe<Event>(watchText, { node: 'london', ...variables })) {
      expect(errors).toBeUndefined();
      if (data) events.push(data.transfers);
    }
  })();
  return {
    events,
    ids: () => new Set(events.map(({ transfer }) => transfer.id)),
    statesOf: (id: string) =>
      events.filter(({ transfer }) => transfer.id === id).map(({ transfer }) => transfer.status),
    stop: async () => {
      await client.close();
      await done;
    },
  };
}

type Watching = ReturnType<typeof watch>;

/** Has short transfers run until every one of these has been told of one: from then on nothing escapes them. */
const untilTold = (client: TestClient, watching: readonly Watching[]) =>
  expect
    .poll(
      async () => {
        await sendFile(stack, client, { bytes: randomBytes(100_000), targetRateKbps: 8_000 });
        return watching.every(({ events }) => events.length > 0);
      },
      { interval: 100, timeout: 10_000 },
    )
    .toBe(true);

const untilCompleted = ({ statesOf }: Watching, id: string) =>
  expect.poll(() => statesOf(id), { timeout: 10_000 }).toContain('COMPLETED');

const moderate = () => ({ bytes: randomBytes(200_000), targetRateKbps: 8_000 });

describe('the subscription to the transfers of a node', () => {
  it('tells everybody of nothing but what is theirs', async () => {
    const [ofAnna, ofBela, ofStranger] = [watch('anna'), watch('bela'), watch('stranger')];
    await untilTold(anna, [ofAnna]);
    await untilTold(bela, [ofBela]);
    const one = await sendFile(stack, anna, moderate());
    const other = await sendFile(stack, bela, moderate());
    await untilCompleted(ofAnna, one.id);
    await untilCompleted(ofBela, other.id);
    expect(ofAnna.ids()).not.toContain(other.id);
    expect(ofBela.ids()).not.toContain(one.id);
    expect(ofStranger.events).toEqual([]);
    await Promise.all([ofAnna, ofBela, ofStranger].map(({ stop }) => stop()));
  });

  it('tells nothing that had ended before, and everything from one poll', async () => {
    const before = await sendFile(stack, anna);
    await endOf(anna, before.id);
    const watching = Array.from({ length: 10 }, () => watch('anna'));
    await untilTold(anna, watching);
    nodeOf(stack, 'london').requests.clear();
    const startedAt = Date.now();
    const sent = await sendFile(stack, anna, moderate());
    await Promise.all(watching.map((one) => untilCompleted(one, sent.id)));
    const polls = nodeOf(stack, 'london').requests.count('GET', '/ops/transfers');
    // One poll each 100 ms, however many watch.
    expect(polls).toBeLessThanOrEqual((Date.now() - startedAt) / 100 + 2);
    for (const one of watching) expect(one.ids()).not.toContain(before.id);
    await Promise.all(watching.map(({ stop }) => stop()));
  });

  it('goes on behind a cursor and misses nothing', async () => {
    const first = watch('anna');
    await untilTold(anna, [first]);
    await first.stop();
    const after = first.events.at(-1)?.cursor;
    const sent = await sendFile(stack, anna, moderate());
    expect(await endOf(anna, sent.id)).toBe('COMPLETED');
    const second = watch('anna', { after });
    await untilCompleted(second, sent.id);
    expect(second.events.every(({ gap }) => !gap)).toBe(true);
    await second.stop();
  });

  it('tells of active transfers and their end only, when asked so', async () => {
    const watching = watch('anna', { activeOnly: true });
    await untilTold(anna, [watching]);
    const sent = await sendFile(stack, anna, moderate());
    await untilCompleted(watching, sent.id);
    await watching.stop();
    for (const id of watching.ids()) expect(watching.statesOf(id)[0]).toMatch(/WAITING|RUNNING/);
  });

  it('refuses a cursor of something else, and a node that is not there or not named', async () => {
    const ask = async (client: TestClient, argument: string) => {
      const { value } = await client.subscribe(`subscription { transfers(${argument}) { cursor } }`).next();
      return value?.errors?.[0]?.extensions?.code;
    };
    expect(await ask(anna, 'node: "london", after: "AAAA"')).toBe('BAD_CURSOR');
    expect(await ask(anna, 'node: "paris"')).toBe('BAD_INPUT');
    expect(await ask(anna, 'activeOnly: true')).toBe('BAD_INPUT');
  });
});

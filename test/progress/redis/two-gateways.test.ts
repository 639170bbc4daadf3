import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import { stringify } from 'yaml';
import { loadConfig } from '../../../src/config/load-config.ts';
import { createGateway, type Gateway } from '../../../src/gateway.ts';
import { createLogger } from '../../../src/server/logger.ts';
import { keyOf, type People, startPeople } from '../../gateway/faspex-people.ts';
import { eventually, globalId, STATUS, type Told, watch } from '../../gateway/package-watch.ts';
import { sendFile } from '../../helpers/node-transfers.ts';
import { readRedis } from '../../helpers/read-redis.ts';
import { type RedisServer, startRedis } from '../../helpers/redis-server.ts';
import { findSecretShapes, findSecrets } from '../../helpers/secrets.ts';
import type { DemoSettings } from '../../helpers/start-stack.ts';
import { createTestClient, type GraphQLAnswer, type TestClient } from '../../helpers/test-client.ts';

const PASSWORD = 'a-password-of-redis-0123456789';

let redis: RedisServer;
let people: People;
let gateway: Gateway;
let other: { readonly url: string; readonly webSocketUrl: string };

/** Two gateways of one configuration, in front of the same servers. On london each viewer sees what is theirs. */
beforeAll(async () => {
  redis = await startRedis('--requirepass', PASSWORD);
  let yaml = '';
  let env: Record<string, string> = {};
  people = await startPeople({
    configure: (settings: DemoSettings, variables) => {
      for (const node of settings.sources.node) node.visibility = 'own';
      const url = redis.url.replace(`:${PASSWORD}@`, '');
      settings.redis = { url, password: { env: 'REDIS_PASSWORD' }, keyPrefix: 'both:', leaseMs: 1_500 };
      env = Object.assign(variables, { REDIS_PASSWORD: PASSWORD });
      yaml = stringify(settings);
    },
  });
  const config = loadConfig(yaml, { folder: people.stack.simulators.folder, file: 'test', env });
  gateway = createGateway(config, { logger: createLogger('silent') });
  other = await gateway.listen();
});
afterAll(async () => {
  await gateway?.stop();
  await people?.stack.stop();
  await redis?.stop();
});

function openAt(place: { readonly url: string; readonly webSocketUrl: string }, key: string): TestClient {
  const client = createTestClient(place.url, place.webSocketUrl, key);
  onTestFinished(() => client.close());
  return client;
}

/** mina at the other gateway. */
const minaThere = () => ({ ...people.mina, open: () => openAt(other, keyOf('mina')) });

it('both say that they share their polls, and are ready', async () => {
  for (const { url } of [people.stack, other]) {
    const ready = new URL('/readyz', url);
    await eventually(async () =>
      expect(await (await fetch(ready)).json()).toEqual({ status: 'ready', polls: 'shared' }),
    );
  }
});

it('a package is polled by one, read by each for its own subscribers, and its content is not in Redis', async () => {
  const { mina, tomas, stack } = people;
  const [title, note] = ['Rushes of the day', 'Nobody else may read this'];
  const packageId = await tomas.faspex.send(mina.username, { title, note });
  const here = watch(mina, packageId);
  await eventually(() => expect(here.told).toHaveLength(1));
  const there = watch(minaThere(), packageId);
  await eventually(() => expect(there.told).toHaveLength(1));
  await tomas.faspex.call('DELETE', `/packages/${packageId}`);
  await Promise.all([here.ended, there.ended]);
  expect(here.statuses().at(-1)).toBe('DELETED');
  expect(there.statuses()).toEqual(here.statuses());
  for (const { data } of there.told) expect(data?.packageStatus.package?.title).toBe(title);
  const back = minaThere()
    .open()
    .subscribe<Told>(STATUS, {
      ...{ id: globalId(packageId), after: here.told[0]?.data?.packageStatus.cursor },
    });
  const told: GraphQLAnswer<Told>[] = [];
  for await (const answer of back) told.push(answer);
  expect(told.at(-1)?.data?.packageStatus).toMatchObject({ package: { status: 'DELETED', title }, gap: false });
  const held = await readRedis(redis);
  expect(held).toContain('DELETED');
  for (const text of [title, note, mina.username, tomas.username]) expect(held).not.toContain(text);
  expect([...findSecrets(held, stack.secrets), ...findSecretShapes(held)]).toEqual([]);
});

interface Events {
  readonly transfers: { readonly transfer: { readonly transferId: string; readonly tags: object } | null };
}

const TRANSFERS =
  'subscription { transfers(node: "london") { transfer { transferId ... on NodeTransfer { tags spec } } } }';

/** What a viewer is told of london, until the test is over. */
function follow(client: TestClient) {
  const told: Events['transfers']['transfer'][] = [];
  const read = async () => {
    for await (const { data, errors } of client.subscribe<Events>(TRANSFERS)) {
      expect(errors).toBeUndefined();
      if (data) told.push(data.transfers.transfer);
    }
  };
  read().catch(() => undefined);
  return told;
}

it('a transfer is shown by each to those whose it is, whoever polls', async () => {
  const { mina, jonas, stack } = people;
  const told = {
    minaHere: follow(openAt(stack, keyOf('mina'))),
    minaThere: follow(openAt(other, keyOf('mina'))),
    jonasThere: follow(openAt(other, keyOf('jonas'))),
  };
  // Each has seen something of theirs, so each watches.
  const slow = { bytes: Buffer.alloc(1_000_000, 'x'), targetRateKbps: 200 };
  const theirs = await sendFile(stack, jonas, slow);
  await eventually(() => expect(told.jonasThere.map((one) => one?.transferId)).toContain(theirs.transferId));
  const { transferId } = await sendFile(stack, mina, slow);
  for (const events of [told.minaHere, told.minaThere]) {
    await eventually(() => expect(events.map((one) => one?.transferId)).toContain(transferId));
    expect(events.every((one) => one === null || one.transferId === transferId)).toBe(true);
    expect(events.find((one) => one !== null)).toMatchObject({ tags: {}, spec: {} });
  }
  const last = await sendFile(stack, jonas, slow);
  await eventually(() => expect(told.jonasThere.map((one) => one?.transferId)).toContain(last.transferId));
  expect(told.jonasThere.map((one) => one?.transferId)).not.toContain(transferId);
  const held = await readRedis(redis);
  expect(held).toContain(transferId);
  expect([...findSecrets(held, stack.secrets), ...findSecretShapes(held)]).toEqual([]);
});

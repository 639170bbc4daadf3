import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { GraphQLAnswer } from '../helpers/test-client.ts';
import { completeTransfer, deliverPackage, type StartedTransfer, startTransfer } from './possessions.ts';
import { nodeSubject, type PeopleStack, type Person, startPeople } from './viewers.ts';

const TITLE = 'For the eyes of Ada';

let people: PeopleStack;
/** Started by Ada with the node user that everybody shares: one record on each node. */
let adas: StartedTransfer;
let bobs: StartedTransfer;
let running: StartedTransfer;
/** The record of Ada's transfer on the node that served it. */
let served: StartedTransfer;
/** A transfer of a package that Bob sent to Ada. */
let delivery: {
  readonly package: { readonly id: string; readonly packageId: string };
  readonly transfer: StartedTransfer;
};

beforeAll(async () => {
  people = await startPeople(({ sources }) => {
    // The same node again, whose transfers everybody may see who has the scope for it.
    const london = sources.node.find(({ name }) => name === 'london');
    sources.node.push({ ...london, name: 'open-london', visibility: 'all' });
  });
  const { ada, bob, simulators } = people;
  adas = await completeTransfer(people, ada, { source: 'london', title: TITLE });
  bobs = await completeTransfer(people, bob, { source: 'london', bytes: 11, title: 'One of Bob' });
  running = await startTransfer(people, ada, { source: 'london', bytes: 200_000, rateKbps: 40, title: TITLE });
  const counterpart =
    'query ($id: ID!) { transfer(id: $id) { ... on NodeTransfer { counterpart { id transferId } } } }';
  const { data } = await ada.ask<{ transfer: { counterpart: StartedTransfer } }>(counterpart, adas);
  if (!data?.transfer.counterpart) throw new Error('the serving node has a record');
  served = data.transfer.counterpart;
  await writeFile(join(simulators.nodes[0]?.docroot ?? '', 'rushes.mov'), 'rushes');
  delivery = await deliverPackage(bob, { to: ada.email, title: 'Rushes', paths: ['/rushes.mov'] });
});
afterAll(() => people?.stop());

/** Everything that a person is told, without the errors of sources that do not know them. */
const toldTo = async ({ client }: Person, operation: string, variables?: object): Promise<string> =>
  JSON.stringify((await client.send(operation, variables)).data);

interface Way {
  readonly name: string;
  readonly operation: string;
}

const lists: readonly Way[] = [
  ...['london', 'tokyo'].map((node) => ({
    name: `asperaNode.transfers of ${node}`,
    operation: `{ asperaNode(source: "${node}") { transfers(first: 50) { nodes { id transferId title tags } } } }`,
  })),
  { name: 'recentTransfers', operation: '{ recentTransfers(first: 50) { id transferId title } }' },
];

const lookUps: readonly Way[] = [
  { name: 'node', operation: 'query ($id: ID!) { node(id: $id) { ... on NodeTransfer { transferId title } } }' },
  { name: 'nodes', operation: 'query ($id: ID!) { nodes(ids: [$id]) { ... on NodeTransfer { transferId title } } }' },
  { name: 'transfer', operation: 'query ($id: ID!) { transfer(id: $id) { transferId title } }' },
  {
    name: 'asperaNode.transfer',
    operation: `query ($transferId: String!) {
      a: asperaNode(source: "london") { transfer(transferId: $transferId) { transferId title } }
      b: asperaNode(source: "tokyo") { transfer(transferId: $transferId) { transferId title } }
    }`,
  },
];

describe('a transfer on a node that everybody reaches with one credential', () => {
  it.each(lists)('is in the list of whoever started it, and of nobody else: $name', async ({ operation }) => {
    const [hers, his] = await Promise.all([toldTo(people.ada, operation), toldTo(people.bob, operation)]);
    expect(hers).toContain(TITLE);
    expect(hers).not.toContain('One of Bob');
    expect(his).toContain('One of Bob');
    for (const person of [people.bob, people.carol, people.adasPhone, people.stranger]) {
      expect(await toldTo(person, operation)).not.toContain(TITLE);
    }
  });

  it.each(lookUps)('is found by whoever started it, and by nobody else: $name', async ({ operation }) => {
    for (const record of [adas, served]) {
      expect(await toldTo(people.ada, operation, record)).toContain(record.transferId);
      for (const person of [people.bob, people.carol, people.adasPhone, people.stranger]) {
        expect(await toldTo(person, operation, record)).not.toContain(record.transferId);
      }
    }
  });

  it('is not told of to the subscribers of its id, with whatever cursor', async () => {
    const { ada, bob } = people;
    const progress =
      'subscription ($id: ID!, $after: String) { transferProgress(id: $id, after: $after) { cursor transfer { title } } }';
    const first = async ({ client }: Person, variables: object) => {
      const events = client.subscribe<{ transferProgress: { cursor: string } }>(progress, variables);
      for await (const event of events) return event;
      throw new Error('the subscription told nothing');
    };
    const cursorOf = async (person: Person, id: string) => (await first(person, { id })).data?.transferProgress.cursor;
    const cursors = [
      undefined,
      await cursorOf(bob, bobs.id),
      await cursorOf(ada, adas.id),
      await cursorOf(ada, running.id),
    ];
    const madeUp = Buffer.from('NodeTransfer:london/00000000').toString('base64');
    for (const after of cursors) {
      const nothing = await first(bob, { id: madeUp, after });
      expect(nothing.errors?.[0]?.extensions?.code).toMatch(/^(?:NOT_FOUND|BAD_CURSOR)$/);
      for (const { id } of [adas, running]) {
        const told = await first(bob, { id, after });
        expect(told.errors?.[0]?.extensions?.code).toBe(nothing.errors?.[0]?.extensions?.code);
        expect(JSON.stringify(told)).not.toContain(TITLE);
      }
    }
  });

  it.each(['pauseTransfer', 'resumeTransfer', 'cancelTransfer'])(
    'cannot be changed by anybody else: %s',
    async (name) => {
      people.london.clear();
      const success = `${name[0]?.toUpperCase()}${name.slice(1)}Success`;
      const operation = `mutation ($id: ID!) { result: ${name}(input: { id: $id }) { ... on ${success} { transfer { title } } ... on Error { code } } }`;
      for (const person of [people.bob, people.adasPhone]) {
        expect(await person.client.send(operation, { id: running.id })).toMatchObject({
          data: { result: { code: 'NOT_FOUND' } },
        });
      }
      expect(people.london.passed.filter(({ method }) => method !== 'GET')).toEqual([]);
    },
  );

  it('is not the counterpart of a transfer that somebody else gave the same id', async () => {
    const { ada, bob } = people;
    const read = 'query ($id: ID!) { transfer(id: $id) { ... on NodeTransfer { tags counterpart { title } } } }';
    interface Read {
      readonly transfer: { readonly tags: { aspera: { xfer_id: string } }; readonly counterpart: unknown };
    }
    const hers = await ada.ask<Read>(read, adas);
    expect(hers.data?.transfer.counterpart).toMatchObject({ title: expect.anything() });
    const tags = { aspera: { xfer_id: hers.data?.transfer.tags.aspera.xfer_id } };
    const { id } = await completeTransfer(people, bob, { source: 'london', bytes: 12, tags });
    const his = await bob.ask<Read>(read, { id });
    expect(JSON.stringify(his)).not.toContain(TITLE);
  });

  it('is not taken over by whoever copies the marks of its owner', async () => {
    const { ada, bob } = people;
    const read = 'query ($id: ID!) { transfer(id: $id) { ... on NodeTransfer { tags } } }';
    const { data } = await ada.ask<{ transfer: { tags: Record<string, unknown> } }>(read, adas);
    const { id } = await completeTransfer(people, bob, {
      source: 'london',
      bytes: 13,
      tags: data?.transfer.tags ?? {},
    });
    expect((await bob.ask(read, { id })).data).toMatchObject({ transfer: { tags: {} } });
    expect((await ada.ask(read, { id })).data).toEqual({ transfer: null });
  });

  it('is seen by everybody with the scope where the node’s visibility is `all`, and by nobody without', async () => {
    const operation = '{ asperaNode(source: "open-london") { transfers(first: 50) { nodes { title } } } }';
    expect(JSON.stringify(await people.everything.send(operation))).toContain(TITLE);
    expect(await toldTo(people.bob, operation)).not.toContain(TITLE);
  });
});

describe('what goes on at a node that everybody reaches with one credential', () => {
  const everything = 'subscription { transfers(node: "london") { cursor transfer { title status } } }';

  interface Told {
    readonly transfers: { readonly transfer: { readonly title: string; readonly status: string } | null };
  }

  /** Listens until something of this title has ended. */
  async function listen({ client }: Person, title: string): Promise<GraphQLAnswer<Told>[]> {
    const told: GraphQLAnswer<Told>[] = [];
    for await (const event of client.subscribe<Told>(everything)) {
      told.push(event);
      const { transfer } = event.data?.transfers ?? {};
      if (transfer?.title === title && transfer.status === 'COMPLETED') break;
    }
    return told;
  }

  it('is told to each of two listeners as far as it is theirs, from one poll', async () => {
    const { ada, bob, london } = people;
    const heard = Promise.all([listen(ada, 'Last of Ada'), listen(bob, 'Last of Bob')]);
    london.clear();
    await expect.poll(() => london.to('iteration_token').length, { timeout: 5_000 }).toBeGreaterThan(1);
    for (const [person, name] of [
      [ada, 'Ada'],
      [bob, 'Bob'],
    ] as const) {
      await completeTransfer(people, person, { source: 'london', bytes: 14, title: `First of ${name}` });
    }
    for (const [person, name] of [
      [ada, 'Ada'],
      [bob, 'Bob'],
    ] as const) {
      await completeTransfer(people, person, { source: 'london', bytes: 15, title: `Last of ${name}` });
    }
    const [hers, his] = await heard;
    expect(JSON.stringify(hers)).toContain('First of Ada');
    expect(JSON.stringify(hers)).not.toContain('of Bob');
    expect(JSON.stringify(his)).toContain('First of Bob');
    expect(JSON.stringify(his)).not.toMatch(/of Ada/);
    expect(new Set(london.passed.map(nodeSubject))).toEqual(new Set([undefined]));
  });
});

describe('a transfer of a package', () => {
  const byPackage = 'query ($id: ID!) { package(id: $id) { ... on FaspexPackage { transfers { transferId } } } }';

  it('is seen by those who can read the package, by way of the package', async () => {
    for (const person of [people.ada, people.bob]) {
      expect(await toldTo(person, byPackage, delivery.package)).toContain(delivery.transfer.transferId);
    }
    for (const person of [people.carol, people.stranger]) {
      expect(await toldTo(person, byPackage, delivery.package)).not.toContain(delivery.transfer.transferId);
    }
  });

  it.each([...lookUps, ...lists])(
    'is seen by those who can read the package, and nobody else: $name',
    async ({ operation }) => {
      const { transferId } = delivery.transfer;
      if (!operation.includes('tokyo") { transfers')) {
        for (const person of [people.ada, people.bob]) {
          expect(await toldTo(person, operation, delivery.transfer)).toContain(transferId);
        }
      }
      for (const person of [people.carol, people.stranger]) {
        expect(await toldTo(person, operation, delivery.transfer)).not.toContain(transferId);
      }
    },
  );

  it('is all that a package tells of, also when a node does not know the filter', async () => {
    const [london] = people.simulators.nodes;
    if (!london) throw new Error('there is a node');
    const credential = Buffer.from(`${london.username}:${london.password}`).toString('base64');
    const reply = await fetch(`${london.url}/ops/transfers`, { headers: { authorization: `Basic ${credential}` } });
    const everything = (await reply.json()) as readonly { readonly id: string }[];
    expect(everything.map(({ id }) => id)).toContain(adas.transferId);
    london.faults.add({ kind: 'status', status: 200, method: 'GET', path: '/ops/transfers', json: everything });
    const told = await toldTo(people.bob, byPackage, delivery.package);
    london.faults.clear();
    expect(told).toContain(delivery.transfer.transferId);
    expect(told).not.toContain(adas.transferId);
  });

  it('does not make the lists of strangers fail', async () => {
    const answer = await people.stranger.client.send(
      '{ asperaNode(source: "london") { transfers(first: 50) { nodes { id } } } }',
    );
    expect(answer).toEqual({ data: { asperaNode: { transfers: { nodes: [] } } } });
  });

  it('names its package to nobody who cannot read it', async () => {
    const query = 'query ($id: ID!) { transfer(id: $id) { ... on NodeTransfer { package { title } } } }';
    expect(await toldTo(people.ada, query, delivery.transfer)).toContain('Rushes');
    expect(await toldTo(people.carol, query, delivery.transfer)).not.toContain('Rushes');
  });
});

describe('marks that somebody has made up', () => {
  it('do not let a person read what is not theirs, nor break the lists of others', async () => {
    const { ada, bob, carol } = people;
    const forged = ['1', '../account', '', '999999999999999999999'].map((id) => ({
      aspera: { faspex: { metadata: { _pkg_uuid: 'made-up', _pkg_id: id }, _pkg_id: id } },
    }));
    for (const [index, tags] of forged.entries()) {
      await startTransfer(people, carol, { source: 'london', bytes: 20 + index, tags, title: 'Forged' });
    }
    const operation = '{ asperaNode(source: "london") { transfers(first: 50) { nodes { title } } } }';
    for (const person of [ada, bob]) {
      const answer = await person.client.send(operation);
      expect(answer.errors).toBeUndefined();
      expect(JSON.stringify(answer)).not.toContain('Forged');
    }
  });
});

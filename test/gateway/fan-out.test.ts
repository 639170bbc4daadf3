import { randomBytes } from 'node:crypto';
import { getNamedType, isLeafType, isObjectType, isRequiredArgument } from 'graphql';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { schema } from '../../src/schema/index.ts';
import { nodeOf, sendFile } from '../helpers/node-transfers.ts';
import { connectSocket, type RawSocket } from '../helpers/raw-socket.ts';
import { type Stack, startStack } from '../helpers/start-stack.ts';

const newKey = () => randomBytes(18).toString('base64url');

/** One who starts transfers and sees their own, one who sees everything where that may be seen, one who sees nothing. */
const keys = { owner: newKey(), overseer: newKey(), stranger: newKey() };
type Who = keyof typeof keys;

const scopesOf: Readonly<Record<Who, readonly string[]>> = {
  owner: ['transfer', 'transfer.start', 'transfer.read'],
  overseer: ['transfer.read', 'transfer.all'],
  stranger: ['transfer.read'],
};

let stack: Stack;
beforeAll(async () => {
  stack = await startStack({
    configure: (settings, _simulators, env) => {
      for (const name of ['owner', 'overseer', 'stranger'] as const) {
        env[`KEY_${name}`] = keys[name];
        const key = { env: `KEY_${name}` };
        settings.viewers.apiKeys.push(Object.assign({ name, scopes: [...scopesOf[name]] }, { key }));
      }
      for (const source of settings.sources.node) source.visibility = source.name === 'london' ? 'all' : 'own';
      Object.assign(settings, { progress: { intervalMs: 200, idleIntervalMs: 200 } });
    },
  });
});
afterAll(() => stack?.stop());

const plain = `subscription ($id: ID!, $after: String) {
  transferProgress(id: $id, after: $after) { cursor gap skipped transfer { id status bytesTransferred } }
}`;

const joined = `subscription ($id: ID!) {
  transferProgress(id: $id) { transfer { status ... on NodeTransfer { counterpart { source } } } }
}`;

interface Event {
  readonly cursor: string;
  readonly transfer: {
    readonly status: string;
    readonly bytesTransferred: number;
    readonly counterpart?: { readonly source: string } | null;
  };
}

async function connect(who: Who): Promise<RawSocket> {
  const socket = await connectSocket(stack.webSocketUrl, keys[who]);
  onTestFinished(() => socket.vanish());
  return socket;
}

const subscribe = (socket: RawSocket, id: string, query: string, variables: object) =>
  socket.send({ type: 'subscribe', id, payload: { query, variables } });

async function next(socket: RawSocket): Promise<Event> {
  const { payload } = await socket.next();
  const { data } = payload as { readonly data?: { readonly transferProgress: Event } };
  if (!data) throw new Error(JSON.stringify(payload));
  return data.transferProgress;
}

/** A transfer of the owner that goes on for as long as a test may take. */
const startLong = () =>
  sendFile(stack, stack.client(keys.owner), { bytes: randomBytes(4_000_000), targetRateKbps: 500 });

describe('a subscription to one transfer', () => {
  it('of four thousand who come at once costs the node a handful of calls', { timeout: 60_000 }, async () => {
    const { id, transferId } = await startLong();
    const sockets = await Promise.all(Array.from({ length: 40 }, () => connect('overseer')));
    const { requests } = nodeOf(stack, 'london');
    requests.clear();
    for (const socket of sockets) {
      for (let number = 0; number < 100; number += 1) subscribe(socket, String(number), plain, { id });
    }
    const untold = async (socket: RawSocket) => {
      const told = new Set<string | undefined>();
      while (told.size < 100) {
        const { type, id: number } = await socket.next();
        expect(type).toBe('next');
        told.add(number);
      }
    };
    await Promise.all(sockets.map(untold));
    const lookUps = requests.all().filter(({ path }) => path === `/ops/transfers/${transferId}`);
    expect(lookUps.length).toBeGreaterThan(0);
    expect(lookUps.length).toBeLessThanOrEqual(20);
  });

  it('shows two viewers of one document what each may see', async () => {
    const { id } = await startLong();
    const [owner, overseer, stranger] = [await connect('owner'), await connect('overseer'), await connect('stranger')];
    for (const socket of [owner, overseer]) subscribe(socket, '1', joined, { id });
    expect((await next(owner)).transfer.counterpart).toEqual({ source: 'tokyo' });
    expect((await next(overseer)).transfer.counterpart).toBeNull();
    // The others are live by now: they have nothing to say to somebody whose it is not.
    subscribe(stranger, '1', joined, { id });
    expect(await stranger.next()).toMatchObject({ type: 'error', payload: [{ extensions: { code: 'NOT_FOUND' } }] });
  });

  it('goes on behind a cursor among the others: nothing is told twice, and nothing goes back', async () => {
    const { id } = await startLong();
    const [steady, leaving] = [await connect('overseer'), await connect('overseer')];
    for (const socket of [steady, leaving]) subscribe(socket, '1', plain, { id });
    let last = await next(leaving);
    for (let count = 0; count < 2; count += 1) last = await next(leaving);
    leaving.vanish();
    const returned = await connect('overseer');
    subscribe(returned, '1', plain, { id, after: last.cursor });
    const bytes = [last.transfer.bytesTransferred];
    while (bytes.length < 6) bytes.push((await next(returned)).transfer.bytesTransferred);
    expect(bytes).toEqual([...new Set(bytes)].toSorted((left, right) => left - right));
    await next(steady);
  });
});

/** Everything that can be selected of a type without arguments, one level deep. */
function everythingOf(typeName: string): string {
  const type = schema.getType(typeName);
  if (!isObjectType(type)) throw new Error(`there is no type ${typeName}`);
  const fields = Object.values(type.getFields()).filter(({ args }) => !args.some(isRequiredArgument));
  return fields.map(({ name, type: of }) => (isLeafType(getNamedType(of)) ? name : `${name} { __typename }`)).join(' ');
}

const messagesOf = (answer: { readonly errors?: readonly { readonly extensions?: object }[] } | undefined) =>
  JSON.stringify(answer?.errors ?? []);

describe('everything that an event can show', () => {
  it('of a transfer is reached as the schema declares it', async () => {
    const { id } = await startLong();
    const query = `subscription ($id: ID!) {
      transferProgress(id: $id) { transfer { ... on NodeTransfer { ${everythingOf('NodeTransfer')} } } }
    }`;
    const { value } = await stack.everything.subscribe(query, { id }).next();
    expect(value?.data).toMatchObject({ transferProgress: { transfer: { counterpart: null } } });
    expect(messagesOf(value)).not.toContain('INTERNAL');
  });

  it('of a package is reached as the schema declares it', async () => {
    const { faspex } = await stack.everything.data<{ faspex: { packages: { nodes: { id: string }[] } } }>(
      '{ faspex { packages(first: 1) { nodes { id } } } }',
    );
    const query = `subscription ($id: ID!) {
      packageStatus(id: $id) { package { ... on FaspexPackage { ${everythingOf('FaspexPackage')} } } }
    }`;
    const { value } = await stack.everything.subscribe(query, { id: faspex.packages.nodes[0]?.id }).next();
    expect(value?.data).toMatchObject({ packageStatus: { package: { id: faspex.packages.nodes[0]?.id } } });
    expect(messagesOf(value)).not.toContain('INTERNAL');
  });
});

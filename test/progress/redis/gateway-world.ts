import { setTimeout as pause } from 'node:timers/promises';
import { expect } from 'vitest';
import { parse, stringify } from 'yaml';
import { createDemoConfig } from '../../../simulators/demo-config.ts';
import { startSimulators } from '../../../simulators/start-simulators.ts';
import { type GatewayProcess, startGatewayProcess } from '../../helpers/gateway-process.ts';
import { nodeOf, sendFile } from '../../helpers/node-transfers.ts';
import { readExample } from '../../helpers/read-example.ts';
import { startRedis } from '../../helpers/redis-server.ts';
import type { Stack } from '../../helpers/start-stack.ts';
import { createTestClient, type TestClient } from '../../helpers/test-client.ts';

export const KEY_PREFIX = 'two:';
const LEASE_MS = 2_500;
export const PATIENCE = { timeout: 25_000, interval: 25 };

/** Waits until it is so. */
export const until = (isSo: () => unknown) => expect.poll(isSo, PATIENCE);

/** What a subscriber was told, over all of its subscriptions. */
export interface Told {
  readonly transferId: string | undefined;
  readonly status: string | undefined;
  readonly cursor: string;
  readonly gap: boolean;
}

export interface Subscriber {
  readonly told: Told[];
  readonly errors: unknown[];
  isOver: boolean;
}

/** A gateway and what its subscribers need of it. */
export interface Door {
  readonly process: GatewayProcess;
  readonly client: TestClient;
  isOpen: boolean;
}

interface Answer {
  readonly [field: string]: {
    readonly cursor: string;
    readonly gap: boolean;
    readonly transfer: { readonly transferId?: string; readonly status: string } | null;
  };
}

export const isEnd = ({ status }: Pick<Told, 'status'>) => /^(COMPLETED|FAILED|CANCELED)$/.test(status ?? '');

const everything = `subscription ($after: String) {
  transfers(node: "london", after: $after) { cursor gap transfer { transferId status } }
}`;

const one = readExample('transfer-progress');

/** Reads one subscription to its end, or until its gateway has gone. */
async function readOnce(door: Door, query: string, variables: object, subscriber: Subscriber): Promise<void> {
  for await (const { data, errors } of door.client.subscribe<Answer>(query, variables)) {
    if (errors) subscriber.errors.push(...errors);
    for (const { cursor, gap, transfer } of Object.values(data ?? {})) {
      subscriber.told.push({ transferId: transfer?.transferId, status: transfer?.status, cursor, gap });
    }
  }
}

/** The gateways of a world, and subscribers that go to the next one when theirs has gone. */
export function createSubscribers(doors: readonly Door[]) {
  const ending = new AbortController();
  const subscribe = (first: number, query: string, variables: object, isOver: (told: Told) => boolean): Subscriber => {
    const subscriber: Subscriber = { told: [], errors: [], isOver: false };
    const read = async () => {
      for (let attempt = first; !subscriber.isOver && !ending.signal.aborted; attempt += 1) {
        const open = doors.filter((door) => door.isOpen);
        const door = open[attempt % open.length];
        const after = subscriber.told.at(-1)?.cursor;
        if (door) await readOnce(door, query, { ...variables, after }, subscriber).catch(() => undefined);
        subscriber.isOver = subscriber.told.some(isOver);
        if (!subscriber.isOver) await pause(20);
      }
    };
    void read();
    return subscriber;
  };
  return {
    /** Watches everything, beginning at this gateway. */
    everything: (first: number) => subscribe(first, everything, {}, () => false),
    /** Watches one transfer to its end. */
    one: (first: number, id: string) => subscribe(first, one, { id }, isEnd),
    /** What a gateway tells a subscriber who returns with this cursor, until `count` events have come. */
    returning: async (door: Door, after: string, count: number): Promise<Told[]> => {
      const subscriber: Subscriber = { told: [], errors: [], isOver: false };
      const events = door.client.subscribe<Answer>(everything, { after });
      while (subscriber.told.length < count && subscriber.told[0]?.gap !== true) {
        const { done, value } = await events.next();
        if (done || value.errors) throw new Error(JSON.stringify(value));
        for (const { cursor, gap, transfer } of Object.values((value.data ?? {}) as Answer)) {
          subscriber.told.push({ transferId: transfer?.transferId, status: transfer?.status, cursor, gap });
        }
      }
      await events.return?.();
      return subscriber.told;
    },
    end: () => ending.abort(),
  };
}

/** Two simulated nodes with transfers that do not end by themselves, and two gateways on one Redis. */
export async function startWorld(transfers: number) {
  const redis = await startRedis();
  const simulators = await startSimulators({ seed: false });
  const demo = createDemoConfig(simulators, 0);
  const yaml = stringify({
    ...(parse(demo.yaml) as object),
    progress: { intervalMs: 150, idleIntervalMs: 150 },
    redis: { url: redis.url, keyPrefix: KEY_PREFIX, leaseMs: LEASE_MS },
  });
  const doors: Door[] = [];
  const open = async (): Promise<Door> => {
    const process = await startGatewayProcess(yaml, demo.env);
    const client = createTestClient(process.url, process.webSocketUrl, demo.keys.everything);
    const door = { process, client, isOpen: true };
    doors.push(door);
    return door;
  };
  const [first] = await Promise.all([open(), open()]);
  const stack = { simulators } as Stack;
  const bytes = Buffer.alloc(2_000_000, 'x');
  const started: { readonly id: string; readonly transferId: string }[] = [];
  for (let n = 0; n < transfers; n += 1) {
    started.push(await sendFile(stack, first.client, { bytes, targetRateKbps: 50 }));
  }
  const london = nodeOf(stack, 'london');
  const authorization = `Basic ${Buffer.from(`${london.username}:${london.password}`).toString('base64')}`;
  return {
    ...{ redis, doors, open, started, subscribers: createSubscribers(doors) },
    /** Has transfers end, at the node itself. */
    cancel: async (ids: readonly string[]) => {
      for (const id of ids) {
        const body = JSON.stringify({ status: 'canceled' });
        const headers = { authorization, 'content-type': 'application/json' };
        const { status } = await fetch(`${london.url}/ops/transfers/${id}`, { method: 'PUT', headers, body });
        if (status !== 200) throw new Error(`the node answered ${status}`);
      }
    },
    stop: async () => {
      for (const { client, process } of doors) {
        await client.close();
        await process.kill();
      }
      await simulators.close();
      await redis.stop();
    },
  };
}

export type World = Awaited<ReturnType<typeof startWorld>>;

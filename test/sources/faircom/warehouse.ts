import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createFairComSimulator, type FairComSimulator } from '../../../simulators/faircom/faircom-simulator.ts';
import { createSecret } from '../../../src/config/secret.ts';
import { type FairComConfig, faircomConfig } from '../../../src/sources/faircom/config.ts';
import { createFairCom, type FairComSource } from '../../../src/sources/faircom/source.ts';
import type { FairComTable, RecordValues } from '../../../src/sources/faircom/types.ts';
import { createRequestBudget } from '../../../src/transport/request-budget.ts';

interface ApiAnswer {
  readonly errorCode: number;
  readonly errorMessage: string;
  readonly authToken: string;
  readonly result: Record<string, unknown>;
}

export interface Warehouse {
  readonly simulator: FairComSimulator;
  /** Settings that reach the simulator over mutual TLS. */
  config(settings?: Partial<FairComConfig>): FairComConfig;
  /** A source that is closed with the warehouse. */
  open(settings?: Partial<FairComConfig>): FairComSource;
  /** What somebody else does at the server, over its plain port and in a session of their own. */
  elsewhere(action: string, params: object): Promise<ApiAnswer>;
  createTable(definition: object, indexes?: readonly object[]): Promise<void>;
  close(): Promise<void>;
}

const silent = { debug: () => undefined, warn: () => undefined };

async function post(url: string, body: object): Promise<ApiAnswer> {
  const reply = await fetch(`${url}/api`, { method: 'POST', body: JSON.stringify(body) });
  return (await reply.json()) as ApiAnswer;
}

async function callElsewhere({ plainUrl, username, password }: FairComSimulator, action: string, params: object) {
  const login = { api: 'admin', action: 'createSession', params: { username, password } };
  const { authToken } = await post(plainUrl, login);
  const answer = await post(plainUrl, { api: 'db', action, params, authToken });
  await post(plainUrl, { api: 'admin', action: 'deleteSession', authToken });
  return answer;
}

/** A simulator in a folder of its own, and sources that talk to it. */
export async function startWarehouse({ seed = false } = {}): Promise<Warehouse> {
  const dataFolder = await mkdtemp(join(tmpdir(), 'faircom-'));
  const simulator = createFairComSimulator({
    dataFolder,
    seed,
    username: 'gateway',
    password: 'correct-horse-battery',
  });
  await simulator.start();
  const sources: FairComSource[] = [];
  const { caFile, certFile, keyFile } = simulator;
  const config = (settings: Partial<FairComConfig> = {}): FairComConfig => ({
    ...faircomConfig.parse({
      name: 'warehouse',
      url: simulator.url,
      tls: { caFile, certFile, keyFile },
      username: simulator.username,
      password: createSecret(simulator.password),
    }),
    ...settings,
  });
  const elsewhere = async (action: string, params: object) => {
    const answer = await callElsewhere(simulator, action, params);
    if (answer.errorCode !== 0) throw new Error(`${action}: ${answer.errorCode} ${answer.errorMessage}`);
    return answer;
  };
  return {
    simulator,
    config,
    open: (settings) => {
      const source = createFairCom(config(settings), { logger: silent });
      sources.push(source);
      return source;
    },
    elsewhere,
    createTable: async (definition, indexes = []) => {
      await elsewhere('createTable', definition);
      const { tableName } = definition as { tableName: string };
      for (const index of indexes) await elsewhere('createIndex', { tableName, ...index });
    },
    close: async () => {
      await Promise.all(sources.map((source) => source.close()));
      await simulator.close();
      await rm(dataFolder, { recursive: true });
    },
  };
}

/** The client of one operation with its loaders, and how many upstream requests it has spent. */
export function operationOf(source: FairComSource) {
  const budget = createRequestBudget(10_000);
  const client = source.open({ identity: source.identify(undefined), budget });
  return { client, loaders: source.createLoaders(client), spent: () => budget.spent(source.name) };
}

export const describe = (source: FairComSource, tableName: string): Promise<FairComTable> =>
  operationOf(source).loaders.table.load({ tableName });

/** The values of records that could all be read. */
export const valuesOf = (records: readonly ({ readonly values: RecordValues } | Error)[]): RecordValues[] =>
  records.map((record) => {
    if (record instanceof Error) throw record;
    return record.values;
  });

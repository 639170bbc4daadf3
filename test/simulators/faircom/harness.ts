import { mkdtempSync, rmSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import {
  createFairComSimulator,
  type FairComSimulator,
  type FairComSimulatorOptions,
} from '../../../simulators/faircom/faircom-simulator.ts';

export type Row = Record<string, unknown>;

export interface Result extends Row {
  data: Row[];
  fields: { name: string; type: string }[];
  cursorId: string;
  transactionId: string;
  moreRecords: boolean;
  totalRecordCount: number;
  returnedRecordCount: number;
}

export interface Envelope {
  errorCode: number;
  errorMessage: string;
  authToken: string;
  requestId: unknown;
  result: Result;
  debugInfo: Row & { request: Row };
}

export interface Reply {
  status: number;
  text: string;
  json: Envelope;
}

export const account = { username: 'gateway', password: 'correct horse' };

export function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'faircom-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Starts a simulator that is closed after the test. */
export async function startSimulator(options: Partial<FairComSimulatorOptions> = {}): Promise<FairComSimulator> {
  const simulator = createFairComSimulator({ seed: false, dataFolder: newFolder(), ...account, ...options });
  await simulator.start();
  onTestFinished(() => simulator.close());
  return simulator;
}

/** Sends a body on a socket of its own, so that no request ever meets a socket that a restart has closed. */
function send(url: string, body: string): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { method: 'POST', agent: false }, (reply) => {
      const chunks: Buffer[] = [];
      reply.on('data', (chunk: Buffer) => chunks.push(chunk));
      reply.on('error', reject);
      reply.on('end', () => resolve({ status: reply.statusCode ?? 0, text: Buffer.concat(chunks).toString() }));
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

export async function post(simulator: FairComSimulator, body: unknown, path = '/api'): Promise<Reply> {
  const sent = await send(simulator.plainUrl + path, typeof body === 'string' ? body : JSON.stringify(body));
  return { ...sent, json: JSON.parse(sent.text) as Envelope };
}

export interface Client {
  readonly authToken: string;
  /** Calls an action of `db`; the rest of the envelope may be given. */
  call(action: string, params?: Row, rest?: Row): Promise<Envelope>;
  /** As `call`, and fails the test when the action fails. */
  ok(action: string, params?: Row, rest?: Row): Promise<Result>;
  code(action: string, params?: Row, rest?: Row): Promise<number>;
}

/** Exact numbers, so that expectations can be written as the texts they were sent as. */
const asStrings = { responseOptions: { numberFormat: 'string' } };

export async function signIn(simulator: FairComSimulator, params: Row = {}): Promise<Client> {
  const { json } = await post(simulator, { api: 'admin', action: 'createSession', params: { ...account, ...params } });
  if (json.errorCode !== 0) throw new Error(`createSession failed: ${json.errorCode} ${json.errorMessage}`);
  const { authToken } = json;
  const call: Client['call'] = async (action, callParams, rest = {}) => {
    const envelope = { api: 'db', action, authToken, ...asStrings, ...rest };
    return (await post(simulator, callParams ? { ...envelope, params: callParams } : envelope)).json;
  };
  return {
    authToken,
    call,
    ok: async (action, callParams, rest) => {
      const { errorCode, errorMessage, result } = await call(action, callParams, rest);
      if (errorCode !== 0) throw new Error(`${action} failed: ${errorCode} ${errorMessage}`);
      return result;
    },
    code: async (action, callParams, rest) => (await call(action, callParams, rest)).errorCode,
  };
}

export const shipmentFields = [
  { name: 'code', type: 'varchar', length: 40, nullable: false },
  { name: 'bytes', type: 'bigint' },
  { name: 'rate', type: 'number', length: 12, scale: 4 },
  { name: 'sent', type: 'timestamp' },
  { name: 'ok', type: 'bit' },
  { name: 'meta', type: 'json' },
  { name: 'digest', type: 'varbinary', length: 64 },
];

/** A simulator with a signed-in client and an empty table `shipment` with an index on `code` and one on `rate`. */
export async function withShipments(options: Partial<FairComSimulatorOptions> = {}) {
  const simulator = await startSimulator(options);
  const client = await signIn(simulator);
  await client.ok('createTable', { tableName: 'shipment', fields: shipmentFields });
  await client.ok('createIndex', { tableName: 'shipment', indexName: 'by_code', fields: [{ name: 'code' }] });
  await client.ok('createIndex', { tableName: 'shipment', indexName: 'by_rate', fields: [{ name: 'rate' }] });
  const insert = async (...sourceData: Row[]) =>
    (await client.ok('insertRecords', { tableName: 'shipment', sourceData })).data;
  const read = async (params: Row = {}, rest?: Row) =>
    client.ok('getRecordsByIndex', { tableName: 'shipment', indexName: 'id_pk', ...params }, rest);
  const codes = async (params: Row = {}) => (await read(params)).data.map(({ code }) => code);
  return { simulator, client, insert, read, codes };
}

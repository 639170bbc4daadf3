import type { FairComSimulator } from '../../simulators/faircom/faircom-simulator.ts';

interface ApiAnswer {
  readonly errorCode: number;
  readonly errorMessage: string;
  readonly authToken: string;
  readonly result: { readonly data?: readonly Record<string, unknown>[] };
}

async function post(url: string, body: object): Promise<ApiAnswer> {
  const reply = await fetch(`${url}/api`, { method: 'POST', body: JSON.stringify(body) });
  const answer = (await reply.json()) as ApiAnswer;
  if (answer.errorCode === 0) return answer;
  throw new Error(`FairCom refused: ${answer.errorCode} ${answer.errorMessage}`);
}

/** What somebody else does at the server, past the gateway: over the plain port and in a session of their own. */
export async function elsewhere({ plainUrl, username, password }: FairComSimulator, action: string, params: object) {
  const login = { api: 'admin', action: 'createSession', params: { username, password } };
  const { authToken } = await post(plainUrl, login);
  const { result } = await post(plainUrl, { api: 'db', action, params, authToken });
  await post(plainUrl, { api: 'admin', action: 'deleteSession', authToken });
  return result.data ?? [];
}

export interface TableDefinition {
  readonly tableName: string;
  readonly fields: readonly object[];
  readonly primaryKeyFields?: readonly string[];
  readonly indexes?: readonly object[];
  readonly records?: readonly object[];
}

/** Makes a table with its indexes and records. */
export async function createTable(faircom: FairComSimulator, definition: TableDefinition): Promise<void> {
  const { indexes = [], records = [], ...table } = definition;
  const { tableName } = table;
  await elsewhere(faircom, 'createTable', table);
  for (const index of indexes) await elsewhere(faircom, 'createIndex', { tableName, ...index });
  if (records.length > 0) {
    await elsewhere(faircom, 'insertRecords', { tableName, dataFormat: 'objects', sourceData: records });
  }
}

/** The shipments of the demo, without its records. */
export const shipments: TableDefinition = {
  tableName: 'shipment',
  fields: [
    { name: 'code', type: 'varchar', length: 80, nullable: false },
    { name: 'title', type: 'varchar', length: 200 },
    { name: 'state', type: 'varchar', length: 16, nullable: false },
    { name: 'bytes', type: 'bigint' },
    { name: 'rate', type: 'number', length: 12, scale: 4 },
    { name: 'sent', type: 'timestamp' },
    { name: 'ok', type: 'bit' },
    { name: 'meta', type: 'json' },
  ],
  indexes: [
    { indexName: 'shipment_code', fields: [{ name: 'code' }], unique: true },
    { indexName: 'shipment_state', fields: [{ name: 'state' }] },
    { indexName: 'shipment_state_sent', fields: [{ name: 'state' }, { name: 'sent', sortDescending: true }] },
    { indexName: 'shipment_bytes', fields: [{ name: 'bytes' }] },
  ],
};

import { onTestFinished } from 'vitest';
import { createSecret } from '../../../src/config/secret.ts';
import { type FairComConfig, faircomConfig } from '../../../src/sources/faircom/config.ts';
import { createFairCom, type FairComSource } from '../../../src/sources/faircom/source.ts';
import type { FairComTable } from '../../../src/sources/faircom/types.ts';
import { serve } from '../../helpers/serve.ts';

/** What a request carried. */
export interface SentAction {
  readonly api: string;
  readonly action: string;
  readonly authToken?: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly responseOptions?: Readonly<Record<string, unknown>>;
}

/** An answer: an envelope, or any bytes with a status. */
export type OddAnswer =
  | { readonly result?: unknown; readonly errorCode?: number; readonly errorMessage?: string; readonly status?: number }
  | { readonly text: string; readonly status?: number; readonly headers?: Readonly<Record<string, string>> };

/** A server that answers as `answer` says; undefined means: as a well-behaved server of sessions. */
export async function startOddFairCom(answer: (sent: SentAction, count: number) => OddAnswer | undefined) {
  const actions: SentAction[] = [];
  let sessions = 0;
  const usual = ({ action }: SentAction): OddAnswer => {
    if (action !== 'createSession') return { result: {} };
    sessions += 1;
    return { result: { authToken: `token-${sessions}`, serverVersion: '13.1.0' } };
  };
  const server = await serve(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const sent = JSON.parse(Buffer.concat(chunks).toString()) as SentAction;
    actions.push(sent);
    const given = answer(sent, actions.filter(({ action }) => action === sent.action).length) ?? usual(sent);
    if ('text' in given) {
      response.writeHead(given.status ?? 200, given.headers);
      response.end(given.text);
      return;
    }
    const { status = 200, ...envelope } = given;
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ errorCode: 0, errorMessage: '', ...envelope }));
  });
  return {
    url: server.origin,
    actions,
    /** How often an action was asked for. */
    count: (name: string) => actions.filter(({ action }) => action === name).length,
  };
}

export const PASSWORD = 'correct-horse-battery';

export function configOf(url: string, settings: Partial<FairComConfig> = {}): FairComConfig {
  const config = faircomConfig.parse({
    name: 'warehouse',
    url,
    username: 'gateway',
    password: createSecret(PASSWORD),
    retries: 0,
  });
  return { ...config, ...settings };
}

const silent = { debug: () => undefined, warn: () => undefined };

/** A source that is closed when the test has finished. */
export function openSource(config: FairComConfig): FairComSource {
  const source = createFairCom(config, { logger: silent });
  onTestFinished(() => source.close());
  return source;
}

export function openClient(url: string, settings: Partial<FairComConfig> = {}) {
  const source = openSource(configOf(url, settings));
  return source.open({ identity: source.identify(undefined) });
}

const plainField = (name: string, vendorType: string) => ({
  name,
  type: vendorType.toUpperCase() as FairComTable['fields'][number]['type'],
  vendorType,
  length: undefined,
  scale: undefined,
  defaultValue: null,
  nullable: true,
  primaryKeyPosition: name === 'id' ? 1 : 0,
  autoValue: 'NONE' as const,
});

/** The description of a table with a field of each given type beside `id` and `changeId`. */
export function tableOf(fields: Readonly<Record<string, string>>): FairComTable {
  const all = { id: 'bigint', changeId: 'bigint', ...fields };
  return {
    databaseName: 'ctreeSQL',
    ownerName: 'admin',
    tableName: 'shipment',
    path: undefined,
    primaryKeyFields: ['id'],
    changeIdField: 'changeId',
    fields: Object.entries(all).map(([name, type]) => plainField(name, type)),
    indexes: [
      {
        indexName: 'admin_shipment_id_pk',
        unique: true,
        conditionalExpression: undefined,
        fields: [{ name: 'id', caseInsensitive: false, sortDescending: false, reverseCompare: false }],
      },
    ],
  };
}

import { randomBytes } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { nodeOf } from './node-transfers.ts';
import { readExample } from './read-example.ts';
import type { Stack } from './start-stack.ts';
import type { TestClient } from './test-client.ts';

const example = readExample('local-transfer');
const progressExample = readExample('transfer-progress');

interface Refused {
  readonly message?: string;
  readonly code?: string;
}

export interface LocalTransfer {
  readonly id: string;
  readonly transferId: string;
  readonly status: string;
}

export interface ChangedTransfer {
  readonly status: string;
  readonly bytesTransferred: number;
  readonly targetRateKbps: number;
}

/** One event of `transferProgress`. */
export interface ToldProgress {
  readonly cursor: string;
  readonly gap: boolean;
  readonly transfer: {
    readonly status: string;
    readonly progress: number | null;
    readonly bytesTransferred: number;
    readonly bytesExpected: number | null;
  };
}

export interface LocalFile {
  readonly bytes?: Buffer;
  readonly targetRateKbps?: number;
}

let files = 0;

/** The spec for an upload into tokyo, as the caller gets it. */
export async function authorizeLocalUpload(client: TestClient, options: object = {}) {
  const { authorizeUpload } = await client.data<{
    authorizeUpload: Refused & { spec: { json: Record<string, unknown>; transferdRequest: Record<string, string> } };
  }>(example, { node: 'tokyo', destination: '/incoming', options }, 'AuthorizeLocalUpload');
  if (authorizeUpload.message) throw new Error(authorizeUpload.message);
  return authorizeUpload.spec;
}

export const startLocal = async (client: TestClient, variables: object) =>
  (
    await client.data<{ startLocalTransfer: Refused & { transfer?: LocalTransfer } }>(
      example,
      variables,
      'StartLocalTransfer',
    )
  ).startLocalTransfer;

export const changeLocal = async (client: TestClient, variables: object) =>
  (
    await client.data<{ changeLocalTransfer: Refused & { transfer?: ChangedTransfer } }>(
      example,
      variables,
      'ChangeLocalTransfer',
    )
  ).changeLocalTransfer;

export const stopLocal = async (client: TestClient, id: string) =>
  (
    await client.data<{ stopLocalTransfer: Refused & { transfer?: { status: string } } }>(
      example,
      { id },
      'StopLocalTransfer',
    )
  ).stopLocalTransfer;

/** Starts the upload of a new file from the daemon's machine to tokyo. */
export async function sendLocalFile(stack: Stack, client: TestClient, options: LocalFile = {}) {
  const { bytes = randomBytes(1000), targetRateKbps } = options;
  files += 1;
  const name = `local-${files}.bin`;
  const { folder } = stack.simulators.transferd;
  await mkdir(join(nodeOf(stack, 'tokyo').docroot, 'incoming'), { recursive: true });
  await writeFile(join(folder, name), bytes);
  const { json } = await authorizeLocalUpload(client, { targetRateKbps });
  const answer = await startLocal(client, { spec: json, paths: [{ source: `/${name}` }] });
  if (!answer.transfer) throw new Error(`not started: ${answer.message}`);
  return { ...answer.transfer, name, arrived: join(nodeOf(stack, 'tokyo').docroot, 'incoming', name) };
}

/** Follows a transfer; what is told is there as it comes. `end` resolves when the subscription is over. */
export function followLocal(client: TestClient, id: string, after?: string) {
  const events: ToldProgress[] = [];
  const errors: unknown[] = [];
  const subscription = client.subscribe<{ transferProgress: ToldProgress }>(progressExample, { id, after });
  const end = (async () => {
    for await (const answer of subscription) {
      if (answer.errors) errors.push(...answer.errors);
      if (answer.data) events.push(answer.data.transferProgress);
    }
  })();
  return {
    events,
    errors,
    end,
    statuses: () => events.map(({ transfer }) => transfer.status),
    stop: async () => void (await subscription.return?.()),
  };
}

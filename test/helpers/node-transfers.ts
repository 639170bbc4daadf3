import { randomBytes } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readExample } from './read-example.ts';
import type { Stack } from './start-stack.ts';
import type { TestClient } from './test-client.ts';

const between = readExample('transfer-between-nodes');

/** A transfer as the example shows it. */
export interface StartedTransfer {
  readonly id: string;
  readonly transferId: string;
  readonly source: string;
  readonly status: string;
  readonly side: string;
  readonly controllable: boolean;
}

interface Started {
  readonly transferBetweenNodes: {
    readonly transfer?: StartedTransfer;
    readonly code?: string;
    readonly message?: string;
  };
}

/** The simulator of a node. */
export function nodeOf(stack: Stack, name: string) {
  const node = stack.simulators.nodes.find((one) => one.name === name);
  if (!node) throw new Error(`there is no node ${name}`);
  return node;
}

/** What `transferBetweenNodes` answers. */
export const transferBetween = async (client: TestClient, variables: object) =>
  (await client.data<Started>(between, variables)).transferBetweenNodes;

export interface SentFile {
  readonly bytes?: Buffer;
  readonly initiator?: 'SOURCE' | 'DESTINATION';
  readonly targetRateKbps?: number;
}

let files = 0;

/** Starts a transfer of a new file from london to tokyo. */
export async function sendFile(stack: Stack, client: TestClient, options: SentFile = {}) {
  const { bytes = randomBytes(1000), initiator, targetRateKbps } = options;
  files += 1;
  const name = `file-${files}.bin`;
  await mkdir(join(nodeOf(stack, 'tokyo').docroot, 'incoming'), { recursive: true });
  await writeFile(join(nodeOf(stack, 'london').docroot, name), bytes);
  const answer = await transferBetween(client, {
    ...{ from: 'london', to: 'tokyo', paths: [{ source: `/${name}` }], destination: '/incoming', initiator },
    options: { targetRateKbps },
  });
  if (!answer.transfer) throw new Error(`not started: ${answer.message}`);
  return { ...answer.transfer, name, arrived: join(nodeOf(stack, 'tokyo').docroot, 'incoming', name) };
}

interface Progressed {
  readonly transferProgress: { readonly transfer: { readonly status: string } };
}

/** The state in which a transfer has ended. */
export async function endOf(client: TestClient, id: string): Promise<string | undefined> {
  let last: string | undefined;
  for await (const { data } of client.subscribe<Progressed>(readExample('transfer-progress'), { id })) {
    last = data?.transferProgress.transfer.status;
  }
  return last;
}

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { NodeSimulator } from '../../simulators/node/node-simulator.ts';
import type { PeopleStack, Person } from './viewers.ts';

interface Result<Name extends string, Value> {
  readonly data?: { readonly [N in Name]?: Value & { readonly message?: string } } | null;
  readonly errors?: unknown;
}

/** The result of a mutation that must have done what it was asked. */
function resultOf<Name extends string, Value>(answer: Result<Name, Value>, name: Name): Value {
  const result = answer.data?.[name];
  if (!result || result.message !== undefined) throw new Error(`${name} failed: ${JSON.stringify(answer)}`);
  return result;
}

export interface Sent {
  readonly package: { readonly id: string; readonly packageId: string };
  readonly spec: { readonly json: Record<string, unknown> };
}

const sending = `mutation ($title: String!, $to: String!, $paths: [String!]!) {
  sendPackage(input: { title: $title, recipients: [{ name: $to, recipientType: USER }], paths: $paths }) {
    ... on SendPackageSuccess { package { id packageId } spec { json } }
    ... on Error { message }
  }
}`;

/** Has the administrator, or somebody else, make a package for a person; its files have not come yet. */
export async function sendPackage(
  stack: PeopleStack,
  { to, title, from }: { to: string; title: string; from?: Person },
): Promise<Sent['package'] & Pick<Sent, 'spec'>> {
  const { client } = from ?? { client: stack.everything };
  const { package: made, spec } = resultOf(
    await client.send<{ sendPackage: Sent }>(sending, { title, to, paths: ['/film.mov'] }),
    'sendPackage',
  );
  return { ...made, spec };
}

/** Lets a person do something on a node, everywhere below the root of its access key. */
export async function grant(node: NodeSimulator, email: string, levels: readonly string[]): Promise<void> {
  const credential = Buffer.from(`${node.accessKeyId}:${node.accessKeySecret}`).toString('base64');
  const headers = { authorization: `Basic ${credential}`, 'content-type': 'application/json' };
  const self = await fetch(`${node.url}/access_keys/self`, { headers });
  const { root_file_id } = (await self.json()) as { root_file_id: string };
  const body = { file_id: root_file_id, access_type: 'user', access_id: email, access_levels: levels };
  const made = await fetch(`${node.url}/permissions`, { method: 'POST', headers, body: JSON.stringify(body) });
  expect(made.status).toBe(200);
}

const sendingFromNode = `mutation ($title: String!, $to: String!, $paths: [String!]!) {
  sendPackageFromNode(input: { node: "london", title: $title, recipients: [{ name: $to, recipientType: USER }], paths: $paths }) {
    ... on SendPackageFromNodeSuccess { package { id packageId } transfer { id transferId } } ... on Error { message }
  }
}`;

const awaiting = 'subscription ($id: ID!) { packageStatus(id: $id) { package { status } } }';

/** Has a person send a package with files that are on London, and waits until its recipient can have it. */
export async function deliverPackage(
  { client }: Person,
  variables: { to: string; title: string; paths: readonly string[] },
): Promise<Pick<Sent, 'package'> & { readonly transfer: StartedTransfer }> {
  type Delivered = Awaited<ReturnType<typeof deliverPackage>>;
  const sent = resultOf(
    await client.send<{ sendPackageFromNode: Delivered }>(sendingFromNode, variables),
    'sendPackageFromNode',
  );
  let status: string | undefined;
  const events = client.subscribe<{ packageStatus: { package: { status: string } } }>(awaiting, sent.package);
  for await (const { data } of events) status = data?.packageStatus.package.status;
  expect(status).toBe('AVAILABLE');
  return sent;
}

const authorizing = `mutation { authorizeUpload(input: { source: "tokyo", destination: "/" }) {
  ... on AuthorizeUploadSuccess { spec { json } } ... on Error { message }
} }`;

const starting = `mutation ($source: String!, $spec: JSON!, $path: String!) {
  startTransfer(input: { source: $source, spec: { json: $spec }, paths: [{ source: $path }] }) {
    ... on StartTransferSuccess { transfer { id transferId } } ... on Error { message }
  }
}`;

interface StartOptions {
  /** The source that starts it: `my-london`, in the person's own name, when left out. */
  readonly source?: string;
  readonly rateKbps?: number;
  readonly bytes?: number;
  readonly title?: string;
  readonly tags?: object;
}

export interface StartedTransfer {
  readonly id: string;
  readonly transferId: string;
}

/** Has a person transfer a file from London to Tokyo. */
export async function startTransfer(
  stack: PeopleStack,
  person: Person,
  { source = 'my-london', rateKbps, bytes = 10, title, tags }: StartOptions = {},
): Promise<StartedTransfer> {
  const [london] = stack.simulators.nodes;
  const name = `${person.email}-${bytes}.bin`;
  await writeFile(join(london?.docroot ?? '', name), Buffer.alloc(bytes, name));
  const { spec } = resultOf(
    await person.client.send<{ authorizeUpload: Pick<Sent, 'spec'> }>(authorizing),
    'authorizeUpload',
  );
  const rate = rateKbps === undefined ? {} : { target_rate_kbps: rateKbps };
  const json = { ...spec.json, ...rate, ...(title === undefined ? {} : { title }), ...(tags && { tags }) };
  const { transfer } = resultOf(
    await person.client.send<{ startTransfer: { transfer: StartedTransfer } }>(starting, {
      source,
      spec: json,
      path: `/${name}`,
    }),
    'startTransfer',
  );
  return transfer;
}

const watching = 'subscription ($id: ID!) { transferProgress(id: $id) { transfer { status } } }';

/** As `startTransfer`, until it has ended: from then on its state is always the same. */
export async function completeTransfer(
  stack: PeopleStack,
  person: Person,
  options: StartOptions = {},
): Promise<StartedTransfer> {
  const transfer = await startTransfer(stack, person, options);
  const events = person.client.subscribe<{ transferProgress: { transfer: { status: string } } }>(watching, transfer);
  let status: string | undefined;
  for await (const { data } of events) status = data?.transferProgress.transfer.status;
  expect(status).toBe('COMPLETED');
  return transfer;
}

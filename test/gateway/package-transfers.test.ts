import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { endOf, nodeOf } from '../helpers/node-transfers.ts';
import { type Stack, startStack } from '../helpers/start-stack.ts';

const HOUR_MS = 3_600_000;

let stack: Stack;
beforeAll(async () => {
  stack = await startStack({
    configure: (settings) => {
      Object.assign(settings, { progress: { intervalMs: 100, idleIntervalMs: 100 } });
      // London forgets earlier than tokyo.
      Object.assign(settings.sources.node[0] ?? {}, { retentionHours: 24 });
    },
  });
});
afterAll(() => stack?.stop());

interface Sent {
  readonly sendPackageFromNode: {
    readonly package?: { readonly id: string };
    readonly transfer?: { readonly id: string };
    readonly message?: string;
  };
}
interface Shown {
  readonly node: {
    readonly transfersKnownSince: string;
    readonly transfers:
      | readonly ({ readonly id: string; readonly source: string; readonly side: string } | null)[]
      | null;
  };
}

const sending = `mutation ($input: SendPackageFromNodeInput!) { sendPackageFromNode(input: $input) {
  ... on SendPackageFromNodeSuccess { package { id } transfer { id } } ... on Error { message } } }`;
const showing = `query ($id: ID!) { node(id: $id) { ... on FaspexPackage {
  transfersKnownSince transfers { id source side controllable status bytesTransferred } } } }`;

const bytes = randomBytes(300_000);

/** Sends a package from london, which Faspex keeps on tokyo, and waits until it has arrived there. */
async function send(): Promise<{ packageId: string; transferId: string }> {
  await writeFile(join(nodeOf(stack, 'london').docroot, 'film.mov'), bytes);
  const input = { title: 'Film', recipients: [{ name: 'jonas.weber' }], node: 'london', paths: ['/film.mov'] };
  const { sendPackageFromNode } = await stack.everything.data<Sent>(sending, { input });
  const { package: pkg, transfer, message } = sendPackageFromNode;
  if (!pkg || !transfer) throw new Error(`not sent: ${message}`);
  expect(await endOf(stack.everything, transfer.id)).toBe('COMPLETED');
  return { packageId: pkg.id, transferId: transfer.id };
}

const show = (id: string) => stack.everything.send<Shown>(showing, { id });

describe('the transfers of a package', () => {
  it('are told once, as the node knows them that started them, although both nodes have a record', async () => {
    const { packageId, transferId } = await send();
    for (const name of ['london', 'tokyo']) {
      const { url, username, password } = nodeOf(stack, name);
      const authorization = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
      const own = (await (await fetch(`${url}/ops/transfers`, { headers: { authorization } })).json()) as unknown[];
      expect(own.length).toBeGreaterThan(0);
    }
    const { data } = await show(packageId);
    expect(data?.node.transfers).toMatchObject([
      { id: transferId, source: 'london', side: 'CLIENT', status: 'COMPLETED', bytesTransferred: bytes.length },
    ]);
  });

  it('are told as the serving node knows them where the other one has forgotten', async () => {
    const { packageId } = await send();
    nodeOf(stack, 'london').switches.loseHistory?.({});
    const { data } = await show(packageId);
    expect(data?.node.transfers).toMatchObject([{ source: 'tokyo', side: 'SERVER' }]);
  });

  it('are an empty list for a new package that has none', async () => {
    const { sendPackage } = await stack.everything.data<{ sendPackage: { package: { id: string } } }>(
      `mutation { sendPackage(input: { title: "Draft", recipients: [{ name: "jonas.weber" }], paths: ["/a"] }) {
        ... on SendPackageSuccess { package { id } } } }`,
    );
    const { data, errors } = await show(sendPackage.package.id);
    expect(errors).toBeUndefined();
    expect(data?.node.transfers).toEqual([]);
  });

  it('are unknown, and no empty list, once the nodes have forgotten those of its time', async () => {
    const { faspex, nodes } = stack.simulators;
    for (const { clock } of [faspex, ...nodes]) clock.advance(-30 * HOUR_MS);
    const { packageId } = await send();
    for (const { clock } of [faspex, ...nodes]) clock.advance(30 * HOUR_MS);
    // Tokyo keeps it longer than london.
    nodeOf(stack, 'london').switches.setRetention?.({ hours: 24 });
    expect((await show(packageId)).data?.node.transfers).toMatchObject([{ source: 'tokyo', side: 'SERVER' }]);
    nodeOf(stack, 'tokyo').switches.setRetention?.({ hours: 24 });
    const { data, errors } = await show(packageId);
    expect(data?.node.transfers).toBeNull();
    expect(errors).toMatchObject([
      {
        path: ['node', 'transfers'],
        message: expect.stringContaining('london keeps transfers for 24 hours'),
        extensions: { code: 'RETENTION_PASSED', source: 'london', retryable: false },
      },
    ]);
    const sinceMs = Date.parse(data?.node.transfersKnownSince ?? '');
    expect(Math.abs(Date.now() - 24 * HOUR_MS - sinceMs)).toBeLessThan(HOUR_MS);
  });

  it('have an error in the place of a node that fails, whatever the age of the package', async () => {
    const { packageId } = await send();
    for (const { faults } of stack.simulators.nodes)
      faults.add({ kind: 'status', status: 500, path: '/ops/transfers' });
    const { data, errors } = await show(packageId);
    for (const { faults } of stack.simulators.nodes) faults.clear();
    expect(data?.node.transfers).toEqual([null, null]);
    expect(errors?.map(({ extensions }) => extensions?.code)).toEqual(['SOURCE_UNAVAILABLE', 'SOURCE_UNAVAILABLE']);
  });
});

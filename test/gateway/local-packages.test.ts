import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { followLocal, startLocal, stopLocal } from '../helpers/local-transfers.ts';
import { readExample } from '../helpers/read-example.ts';
import { type Stack, startStack } from '../helpers/start-stack.ts';

const otherKey = randomBytes(18).toString('base64url');

let stack: Stack;
beforeAll(async () => {
  stack = await startStack({
    configure: (settings, _simulators, env) => {
      env.OTHER = otherKey;
      const scopes = ['transfer.start', 'transfer.read'];
      settings.viewers.apiKeys.push(Object.assign({ name: 'other', scopes }, { key: { env: 'OTHER' } }));
      for (const daemon of settings.sources.transferd) daemon.visibility = 'own';
    },
  });
});
afterAll(() => stack?.stop());

interface Sent {
  readonly sendPackage: { package: { id: string; packageId: string }; spec: { json: object }; message?: string };
}

/** Makes a package of a file of the daemon's machine. */
async function send(name: string, bytes: Buffer) {
  await writeFile(join(stack.simulators.transferd.folder, name), bytes);
  const to = stack.simulators.faspex.users[1]?.username;
  const variables = { title: 'Rushes', to, paths: [`/${name}`] };
  const { sendPackage } = await stack.everything.data<Sent>(readExample('send-package'), variables, 'SendPackage');
  if (sendPackage.message) throw new Error(sendPackage.message);
  return sendPackage;
}

describe('a package of files of the daemon’s machine', () => {
  it('is uploaded by the daemon, and Faspex has it', async () => {
    const { package: pkg, spec } = await send('rushes.mov', randomBytes(300_000));
    const { transfer } = await startLocal(stack.everything, { spec: spec.json });
    const { end, statuses } = followLocal(stack.everything, transfer?.id ?? '');
    await end;
    expect(statuses().at(-1)).toBe('COMPLETED');
    const read = async () => {
      const { node } = await stack.everything.data<{ node: { status: string; sizeBytes: number } }>(
        'query ($id: ID!) { node(id: $id) { ... on FaspexPackage { status sizeBytes } } }',
        { id: pkg.id },
      );
      return node;
    };
    await expect.poll(read, { timeout: 10_000 }).toMatchObject({ status: 'AVAILABLE', sizeBytes: 300_000 });
  });

  it('is its sender’s to see while it goes, though its tags, which Faspex made, say nothing of them', async () => {
    const { spec } = await send('long.mov', randomBytes(3_000_000));
    const json = { ...spec.json, target_rate_kbps: 500 };
    const { transfer } = await startLocal(stack.everything, { spec: json });
    const id = transfer?.id ?? '';
    const look = 'query ($id: ID!) { node(id: $id) { ... on TransferdTransfer { status tags } } }';
    const { node } = await stack.everything.data<{ node: { tags: Record<string, unknown> } }>(look, { id });
    expect(node.tags.graphqlGateway).toBeUndefined();
    expect(await stack.client(otherKey).data(look, { id })).toEqual({ node: null });
    expect((await stopLocal(stack.everything, id)).transfer?.status).toBe('CANCELED');
  });
});

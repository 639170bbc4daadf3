import { randomBytes } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { runDesktopClient } from '../../simulators/node/protocol/desktop-client.ts';
import { readExample } from '../helpers/read-example.ts';
import { type Stack, startStack } from '../helpers/start-stack.ts';

let stack: Stack;
let received: string;
beforeAll(async () => {
  // The second viewer also takes part: whoever receives a package needs transfer specs.
  stack = await startStack({ configure: ({ viewers }) => viewers.apiKeys[1]?.scopes.push('transfer') });
  received = await mkdtemp(join(tmpdir(), 'received-'));
});
afterAll(async () => {
  await stack?.stop();
  await rm(received, { recursive: true, force: true });
});

interface Failure {
  readonly message?: string;
}
interface Sent {
  readonly sendPackage: Failure & {
    readonly package: { readonly id: string; readonly packageId: string };
    readonly spec: { readonly json: { readonly [name: string]: unknown } };
  };
}
interface Started {
  readonly startTransfer: Failure & { readonly transfer: { readonly id: string } };
}
interface Progressed {
  readonly transferProgress: { readonly transfer: { readonly status: string; readonly progress: number | null } };
}
interface Told {
  readonly packageStatus: { readonly package: { readonly status: string } };
}
interface Received {
  readonly receivePackage: Failure & { readonly spec: { readonly json: object } };
}

/** Every file below a folder, by its name. */
async function filesBelow(folder: string): Promise<ReadonlyMap<string, string>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return new Map(
    entries.filter((entry) => entry.isFile()).map((entry) => [entry.name, join(entry.parentPath, entry.name)]),
  );
}

async function lastOf<T>(events: AsyncIterable<{ data?: T | null; errors?: unknown }>): Promise<T> {
  let last: T | null | undefined;
  for await (const { data, errors } of events) {
    expect(errors).toBeUndefined();
    last = data;
  }
  if (!last) throw new Error('the subscription told nothing');
  return last;
}

it('sends a package: spec, transfer, progress, availability, and the same bytes for the recipient', async () => {
  const [london, tokyo] = stack.simulators.nodes;
  const bytes = randomBytes(2_500_000);
  await writeFile(join(london?.docroot ?? '', 'Rohschnitt – final.mov'), bytes);
  const recipient = stack.simulators.faspex.users[1];

  const sending = readExample('send-package');
  const { sendPackage } = await stack.everything.data<Sent>(
    sending,
    { title: 'Rushes: day 1', to: recipient?.username, paths: ['/Rohschnitt – final.mov'] },
    'SendPackage',
  );
  expect(sendPackage.message).toBeUndefined();
  const spec = { ...sendPackage.spec.json, target_rate_kbps: 40_000 };
  const statuses = lastOf<Told>(
    stack.everything.subscribe(readExample('package-status'), { id: sendPackage.package.id }),
  );

  const { startTransfer } = await stack.everything.data<Started>(sending, { node: 'london', spec }, 'StartUpload');
  expect(startTransfer.message).toBeUndefined();
  const { transferProgress } = await lastOf<Progressed>(
    stack.everything.subscribe(readExample('transfer-progress'), { id: startTransfer.transfer.id }),
  );
  expect(transferProgress.transfer).toMatchObject({ status: 'COMPLETED', progress: 1 });
  const arrived = (await filesBelow(tokyo?.docroot ?? '')).get('Rohschnitt – final.mov');
  expect((await readFile(arrived ?? '')).equals(bytes)).toBe(true);

  expect((await statuses).packageStatus.package.status).toBe('AVAILABLE');

  const { receivePackage } = await stack.reader.data<Received>(readExample('receive-package'), {
    packageId: sendPackage.package.packageId,
  });
  expect(receivePackage.message).toBeUndefined();
  const result = await runDesktopClient(receivePackage.spec.json, received);
  expect(result).toMatchObject({ status: 'completed', errorCode: 0 });
  const fetched = (await filesBelow(received)).get('Rohschnitt – final.mov');
  expect((await readFile(fetched ?? '')).equals(bytes)).toBe(true);
});

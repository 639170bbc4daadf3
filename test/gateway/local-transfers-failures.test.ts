import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  authorizeLocalUpload,
  changeLocal,
  followLocal,
  sendLocalFile,
  startLocal,
} from '../helpers/local-transfers.ts';
import { readExample } from '../helpers/read-example.ts';
import { type Stack, startStack } from '../helpers/start-stack.ts';
import { createGrpcClient } from '../simulators/transferd/grpc-client.ts';

const starterKey = randomBytes(18).toString('base64url');

let stack: Stack;
beforeAll(async () => {
  stack = await startStack({
    configure: ({ sources, viewers }, _simulators, env) => {
      env.STARTER = starterKey;
      const scopes = ['transfer.start', 'transfer.read'];
      viewers.apiKeys.push(Object.assign({ name: 'starter', scopes }, { key: { env: 'STARTER' } }));
      // Faults are what the tests are about, not that a daemon which fails is left alone.
      for (const daemon of sources.transferd) daemon.circuitFailures = 1_000;
    },
  });
});
afterAll(() => stack?.stop());
beforeEach(() => stack.simulators.transferd.requests.clear());

const calls = (name: string) => stack.simulators.transferd.requests.count('GRPC', `/${name}`);
const patiently = { timeout: 10_000 };

/** Goes on for as long as a test needs, which then lets it `finish`. */
const slow = { bytes: randomBytes(1_500_000), targetRateKbps: 1_000 };
const finish = (id: string) => changeLocal(stack.everything, { id, targetRateKbps: 100_000 });

interface Listed {
  readonly transferd: { readonly name: string; readonly info: unknown; readonly transfers: unknown };
}

describe('a spec for a daemon of one’s own', () => {
  it('is the message that StartTransfer takes, spelt the daemon’s way', async () => {
    const { json, transferdRequest } = await authorizeLocalUpload(stack.everything);
    expect(transferdRequest).toMatchObject({ transferType: 'FILE_REGULAR', config: {} });
    expect(JSON.parse(transferdRequest.transferSpec ?? '')).toEqual(json);
  });

  it('is checked by the daemon before anything is started', async () => {
    const authorized = await authorizeLocalUpload(stack.everything);
    const json = { ...authorized.json, paths: [{ source: '/x' }] };
    const query = `query ($spec: JSON!) { transferd {
      isPeerReachable(spec: { json: $spec })
      checkSpec(spec: { json: $spec }) { valid unknownMembers problem } } }`;
    const { transferd } = await stack.everything.data<{ transferd: object }>(query, { spec: json });
    expect(transferd).toMatchObject({ isPeerReachable: true, checkSpec: { valid: true, problem: null } });
    const wrong = { ...json, resume_policy: 'sometimes', ssh_port: 1 };
    const checked = await stack.everything.data<{ transferd: { checkSpec: object } }>(
      query.replace(/isPeer.*\n/, '\n'),
      {
        spec: wrong,
      },
    );
    expect(checked.transferd.checkSpec).toMatchObject({
      valid: false,
      problem: expect.stringContaining('resume_policy'),
    });
  });

  it('that cannot be run is refused before the daemon is asked; what the daemon refuses is told in its words', async () => {
    const { json } = await authorizeLocalUpload(stack.everything);
    const paths = [{ source: '/x' }];
    const wrong = await startLocal(stack.everything, { spec: { ...json, resume_policy: 'sometimes' }, paths });
    expect(wrong).toMatchObject({
      code: 'BAD_INPUT',
      message: expect.stringContaining('A transfer daemon cannot run'),
    });
    expect(calls('StartTransfer')).toBe(0);
    const refused = await startLocal(stack.everything, { spec: { ...json, token: undefined }, paths });
    expect(refused).toMatchObject({ code: 'BAD_INPUT', message: expect.stringContaining('neither a token') });
    expect(calls('StartTransfer')).toBe(1);
  });
});

describe('a spec that logs in with a password', () => {
  it('needs a scope of its own, to be started and to be checked', async () => {
    const client = stack.client(starterKey);
    const spec = { direction: 'send', remote_host: '127.0.0.1', remote_user: 'xfer', remote_password: 'guess' };
    const variables = { spec: { ...spec, paths: [{ source: '/x' }] } };
    const started = await startLocal(client, variables);
    expect(started).toMatchObject({ code: 'FORBIDDEN', message: expect.stringContaining('transfer.ssh') });
    for (const field of ['checkSpec(spec: { json: $spec }) { valid }', 'isPeerReachable(spec: { json: $spec })']) {
      const { errors } = await client.send(`query ($spec: JSON!) { transferd { ${field} } }`, variables);
      expect(errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
    }
    expect(stack.simulators.transferd.requests.all()).toEqual([]);
  });
});

describe('a spec that the gateway keeps', () => {
  it('is started by its id, so that its token need not travel', async () => {
    await writeFile(join(stack.simulators.transferd.folder, 'kept.bin'), 'kept');
    const { authorizeUpload } = await stack.everything.data<{ authorizeUpload: { spec: { specId: string } } }>(
      'mutation { authorizeUpload(input: { source: "tokyo", destination: "/" }) { ... on AuthorizeUploadSuccess { spec { specId } } } }',
    );
    const { specId } = authorizeUpload.spec;
    const { transferd } = await stack.everything.data<{ transferd: object }>(
      'query ($specId: String!) { transferd { isPeerReachable(spec: { specId: $specId }) } }',
      { specId },
    );
    expect(transferd).toEqual({ isPeerReachable: true });
    const { startLocalTransfer } = await stack.everything.data<{ startLocalTransfer: { transfer: { id: string } } }>(
      `mutation ($specId: String!) {
        startLocalTransfer(input: { spec: { specId: $specId }, paths: [{ source: "/kept.bin" }] }) {
          ... on StartLocalTransferSuccess { transfer { id } } ... on Error { message }
        }
      }`,
      { specId },
    );
    const { end, statuses } = followLocal(stack.everything, startLocalTransfer.transfer.id);
    await end;
    expect(statuses().at(-1)).toBe('COMPLETED');
  });
});

describe('a daemon that fails', () => {
  const failing = (path: string, kind: 'status' | 'dropAfter' = 'status') =>
    stack.simulators.transferd.faults.add({ kind, path });
  afterEach(() => stack.simulators.transferd.faults.clear());

  it('is an error in its own place, and never an empty list', async () => {
    const { id } = await sendLocalFile(stack, stack.everything, slow);
    failing('/GetInfo');
    failing('/QueryTransfer');
    const { data, errors } = await stack.everything.send<Listed>(
      readExample('local-transfer'),
      { first: 1 },
      'LocalTransfers',
    );
    expect(data?.transferd).toMatchObject({ name: 'workstation', info: null, transfers: { nodes: [null] } });
    expect(errors?.map(({ extensions }) => extensions?.code)).toEqual(['SOURCE_UNREACHABLE', 'SOURCE_UNREACHABLE']);
    const one = await stack.everything.send('query ($id: ID!) { transfer(id: $id) { status } }', { id });
    expect(one).toMatchObject({ data: { transfer: null }, errors: [{ extensions: { code: 'SOURCE_UNREACHABLE' } }] });
    stack.simulators.transferd.faults.clear();
    await finish(id);
  });

  it('is asked once to start a transfer, whatever became of it', async () => {
    const { json } = await authorizeLocalUpload(stack.everything);
    failing('/StartTransfer', 'dropAfter');
    const answer = await startLocal(stack.everything, { spec: json, paths: [{ source: '/x' }] });
    expect(answer).toMatchObject({ code: 'SOURCE_UNREACHABLE' });
    expect(calls('StartTransfer')).toBe(1);
  });

  it('that is gone for a while does not end what watches it', async () => {
    const { id } = await sendLocalFile(stack, stack.everything, slow);
    const { events, end, errors, statuses } = followLocal(stack.everything, id);
    await expect.poll(() => events.length, patiently).toBeGreaterThan(1);
    failing('/MonitorTransfers');
    await stack.simulators.transferd.switches.breakMonitors?.({});
    await expect.poll(() => calls('MonitorTransfers'), patiently).toBeGreaterThan(2);
    stack.simulators.transferd.faults.clear();
    await expect.poll(() => events.filter(({ gap }) => gap).length, patiently).toBe(1);
    await finish(id);
    await end;
    expect(errors).toEqual([]);
    expect(statuses().filter((one) => one === 'COMPLETED')).toHaveLength(1);
  });
});

describe('a transfer that another program has started on the daemon', () => {
  it('is seen by whom may see all, and resumed once it is said how fast', async () => {
    const { folder, port } = stack.simulators.transferd;
    await writeFile(join(folder, 'foreign.bin'), slow.bytes);
    const { transferdRequest } = await authorizeLocalUpload(stack.everything, { targetRateKbps: 500 });
    const spec = { ...JSON.parse(transferdRequest.transferSpec ?? ''), paths: [{ source: '/foreign.bin' }] };
    const daemon = createGrpcClient(port);
    const request = { transferType: 'FILE_REGULAR', transferSpec: JSON.stringify(spec) };
    const { transferId } = await daemon.call<{ transferId: string }>('StartTransfer', request);
    await daemon.call('ModifyTransfer', { transferId, transferSpec: JSON.stringify({ target_rate_kbps: 0 }) });
    const { transferd } = await stack.everything.data<{ transferd: { transfer: { id: string; status: string } } }>(
      'query ($transferId: String!) { transferd { transfer(transferId: $transferId) { id status } } }',
      { transferId },
    );
    const { id, status } = transferd.transfer;
    expect(status).toBe('PAUSED');
    expect(await changeLocal(stack.everything, { id, action: 'RESUME' })).toMatchObject({
      code: 'BAD_INPUT',
      message: expect.stringContaining('say `targetRateKbps`'),
    });
    const resumed = await changeLocal(stack.everything, { id, action: 'RESUME', targetRateKbps: 100_000 });
    expect(resumed.transfer).toMatchObject({ targetRateKbps: 100_000 });
    const { end, statuses } = followLocal(stack.everything, id);
    await end;
    expect(statuses().at(-1)).toBe('COMPLETED');
  });
});

describe('the latest transfers of all sources', () => {
  it('have those of daemons among them, each once', async () => {
    const { id } = await sendLocalFile(stack, stack.everything);
    await followLocal(stack.everything, id).end;
    const { recentTransfers, asperaNode } = await stack.everything.data<{
      recentTransfers: { id: string }[];
      asperaNode: { transfers: { nodes: { id: string }[] } };
    }>(`{
      recentTransfers(first: 50) { id }
      asperaNode(source: "tokyo") { transfers(first: 1) { nodes { id } } }
    }`);
    const ids = recentTransfers.map((one) => one.id);
    expect(ids).toContain(id);
    // The node that served it has a record of its own.
    expect(asperaNode.transfers.nodes).toHaveLength(1);
    expect(ids).not.toContain(asperaNode.transfers.nodes[0]?.id);
  });
});

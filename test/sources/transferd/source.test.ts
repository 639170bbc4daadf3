import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { status } from '@grpc/grpc-js';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createTransferdSimulator } from '../../../simulators/transferd/transferd-simulator.ts';
import { createSecret } from '../../../src/config/secret.ts';
import { grpcFailure, serveGrpc } from '../../helpers/serve-grpc.ts';
import { answerOf, failureOf, openDaemon } from './open-daemon.ts';

async function startSimulator(options: { apiKey?: string } = {}) {
  const folder = await mkdtemp(join(tmpdir(), 'transferd-'));
  const simulator = createTransferdSimulator({ folder, ...options });
  await simulator.start();
  onTestFinished(async () => {
    await simulator.close();
    await rm(folder, { recursive: true });
  });
  return { simulator, url: `${simulator.address}:${simulator.port}` };
}

const spec = { direction: 'send', remote_host: '127.0.0.1', token: 'x', paths: [{ source: '/a' }] };

describe('a transfer daemon', () => {
  it('says who it is and is healthy', async () => {
    const { url } = await startSimulator();
    const { source, client } = openDaemon(url);
    expect(await client.info()).toMatchObject({ apiVersion: '1.0.0', problem: undefined });
    expect(await client.apiVersions()).toEqual(['1.0.0']);
    expect(await source.check()).toMatchObject({ reachable: true, version: '4.4.5.1646', detail: undefined });
  });

  it('that nobody reaches is not healthy, and says so without its address', async () => {
    const health = await openDaemon('127.0.0.1:1').source.check();
    expect(health).toMatchObject({ reachable: false, version: undefined });
    expect(health.detail).toBe('workstation could not be reached, or the connection broke.');
  });

  it('gets the API key that it asks for', async () => {
    const { url } = await startSimulator({ apiKey: 'the-key-of-1843' });
    const rightly = openDaemon(url, { apiKey: createSecret('the-key-of-1843') });
    expect(await rightly.source.check()).toMatchObject({ reachable: true });
    for (const apiKey of [undefined, createSecret('another-key')]) {
      const { client, source } = openDaemon(url, { apiKey });
      expect(await failureOf(client.info())).toMatchObject({ code: 'SOURCE_UNAUTHENTICATED', retryable: false });
      expect(await source.check()).toMatchObject({
        reachable: false,
        detail: 'workstation refused the credential.',
      });
    }
  });

  it('is never asked twice to start, change or stop a transfer', async () => {
    const { simulator, url } = await startSimulator();
    const { client } = openDaemon(url);
    simulator.faults.add({ kind: 'dropAfter' });
    expect(await failureOf(client.startTransfer(spec))).toMatchObject({ code: 'SOURCE_UNREACHABLE' });
    expect(await failureOf(client.changeTransfer('a', { minRateKbps: 1 }))).toMatchObject({ retryable: true });
    expect(await failureOf(client.stopTransfer('a'))).toMatchObject({ retryable: true });
    expect(simulator.requests.all().map(({ path }) => path)).toEqual([
      '/StartTransfer',
      '/ModifyTransfer',
      '/StopTransfer',
    ]);
    simulator.requests.clear();
    expect(await failureOf(client.transfer('a'))).toMatchObject({ code: 'SOURCE_UNREACHABLE' });
    expect(simulator.requests.count('GRPC', '/QueryTransfer')).toBe(3);
  });

  it('shares questions that are asked at one time', async () => {
    const daemon = await serveGrpc({ unary: { QueryTransfer: () => answerOf('RUNNING') } });
    const { client } = openDaemon(daemon.address);
    await Promise.all([1, 2, 3].map(() => client.transfer('a')));
    expect(daemon.countOf('QueryTransfer')).toBe(1);
  });

  it('that does not know a transfer is not found to have one', async () => {
    const { url } = await startSimulator();
    const { client } = openDaemon(url);
    expect(await failureOf(client.transfer('nothing'))).toMatchObject({ code: 'NOT_FOUND', retryable: false });
    const daemon = await serveGrpc({
      unary: {
        QueryTransfer: () => {
          throw grpcFailure(status.NOT_FOUND, 'no such transfer');
        },
      },
    });
    const other = openDaemon(daemon.address);
    expect(await failureOf(other.client.transfer('nothing'))).toMatchObject({ code: 'NOT_FOUND' });
    expect(await failureOf(client.stopTransfer('nothing'))).toMatchObject({ code: 'CONFLICT', vendorCode: '2' });
    expect(await failureOf(client.changeTransfer('nothing', { minRateKbps: 1 }))).toMatchObject({ code: 'CONFLICT' });
  });

  it('that answers nonsense is said to', async () => {
    const daemon = await serveGrpc({
      unary: { GetInfo: () => ({ error: { code: 3, description: 'no ascp at https://10.0.0.1/x' } }) },
    });
    const { client } = openDaemon(daemon.address);
    const failure = await failureOf(client.info());
    expect(failure).toMatchObject({ code: 'SOURCE_UNAVAILABLE', vendorCode: '3' });
    expect(failure?.message).not.toContain('10.0.0.1');
    const large = await serveGrpc({
      unary: { QueryTransfer: () => answerOf('RUNNING', { bytesTransferred: '9223372036854775807' }) },
    });
    expect(await failureOf(openDaemon(large.address).client.transfer('a'))).toMatchObject({
      code: 'SOURCE_BAD_ANSWER',
    });
    const empty = await serveGrpc({ unary: { StartTransfer: () => ({}) } });
    expect(await failureOf(openDaemon(empty.address).client.startTransfer(spec))).toMatchObject({ code: 'BAD_INPUT' });
  });

  it('that is not the one that was asked knows nothing of its transfers', async () => {
    const [first, second] = [await startSimulator(), await startSimulator()];
    const [one, other] = [openDaemon(first.url), openDaemon(second.url)];
    const { transfer } = await one.client.startTransfer(spec);
    expect(one.source.seen.get(transfer.transferId)).toBeDefined();
    expect(other.source.seen.get(transfer.transferId)).toBeUndefined();
    expect(one.identity.key).not.toBe(other.identity.key);
    expect(await failureOf(other.client.transfer(transfer.transferId))).toMatchObject({ code: 'NOT_FOUND' });
  });
});

import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ServerCredentials, status } from '@grpc/grpc-js';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createCertificates } from '../../simulators/faircom/certificates.ts';
import { createGrpcTransport, type GrpcSettings } from '../../src/transport/grpc.ts';
import type { SourceError } from '../../src/transport/source-error.ts';
import type { UpstreamRequest } from '../../src/transport/upstream.ts';
import { grpcFailure, serveGrpc } from '../helpers/serve-grpc.ts';

const settings: GrpcSettings = {
  ...{ source: 'daemon', address: '127.0.0.1:1', tls: undefined, deadlineMs: 10_000, maxBodyBytes: 100_000 },
  ...{ retries: 2, circuitFailures: 100, circuitOpenMs: 1000 },
  protoFile: new URL('../../src/sources/transferd/transferd.proto', import.meta.url),
  service: 'transferd.api.TransferService',
};

function open(more: Partial<GrpcSettings>) {
  const lines: object[] = [];
  const log = (fields: object) => void lines.push(fields);
  const transport = createGrpcTransport({ ...settings, ...more }, { debug: log, warn: log });
  onTestFinished(() => transport.close());
  return Object.assign(transport, { lines });
}

const ask: UpstreamRequest = {
  operation: 'transferd.GetAPIVersion',
  method: 'POST',
  path: '/GetAPIVersion',
  json: {},
  repeat: 'safe',
};

const onlyOnce = { ...ask, repeat: 'never' as const };

const failureOf = (work: Promise<unknown>) =>
  work.then(
    () => undefined,
    (error: SourceError) => ({ code: error.code, message: error.message, retryable: error.retryable }),
  );

describe('a call over gRPC', () => {
  it('sends message and metadata, and gives the message of the answer', async () => {
    const heard: unknown[] = [];
    const daemon = await serveGrpc({
      unary: {
        QueryTransfer: ({ request, metadata }) => {
          heard.push(request.transferId, metadata.get('apikey'));
          return { transferId: 'a', status: 'RUNNING', transferInfo: { bytesTransferred: '9007199254740991' } };
        },
      },
    });
    const transport = open({ address: daemon.address });
    const headers = { apikey: 'secret' };
    const { body } = await transport.send({ ...ask, path: '/QueryTransfer', json: { transferId: 'a' }, headers });
    expect(body).toMatchObject({ status: 'RUNNING', transferInfo: { bytesTransferred: '9007199254740991' } });
    expect(heard).toEqual(['a', ['secret']]);
    expect(JSON.stringify(transport.lines)).not.toContain('secret');
  });

  it.each([
    [status.UNAVAILABLE, 'SOURCE_UNREACHABLE', true],
    [status.UNAUTHENTICATED, 'SOURCE_UNAUTHENTICATED', false],
    [status.PERMISSION_DENIED, 'SOURCE_FORBIDDEN', false],
    [status.NOT_FOUND, 'NOT_FOUND', false],
    [status.INVALID_ARGUMENT, 'BAD_INPUT', false],
    [status.FAILED_PRECONDITION, 'CONFLICT', false],
    [status.RESOURCE_EXHAUSTED, 'SOURCE_RATE_LIMITED', true],
    [status.INTERNAL, 'SOURCE_UNAVAILABLE', true],
    [status.UNKNOWN, 'SOURCE_UNAVAILABLE', true],
    [status.UNIMPLEMENTED, 'SOURCE_BAD_ANSWER', false],
  ])('that ends with status %i is %s', async (code, expected, retryable) => {
    const daemon = await serveGrpc({
      unary: {
        GetAPIVersion: () => {
          throw grpcFailure(code, 'see https://internal.example.com/ for more');
        },
      },
    });
    const failure = await failureOf(open({ address: daemon.address }).send(onlyOnce));
    expect(failure).toMatchObject({ code: expected, retryable });
    expect(failure?.message).not.toContain('internal.example.com');
  });

  it('is given up after its deadline, and the daemon hears so', async () => {
    let signal: AbortSignal | undefined;
    const daemon = await serveGrpc({
      unary: {
        GetAPIVersion: async (call) => {
          signal = call.signal;
          await once(call.signal, 'abort');
          return {};
        },
      },
    });
    const failure = await failureOf(open({ address: daemon.address, deadlineMs: 200 }).send(onlyOnce));
    expect(failure).toMatchObject({ code: 'SOURCE_TIMEOUT', retryable: true });
    await expect.poll(() => signal?.aborted, { timeout: 8_000 }).toBe(true);
  });

  it('is given up when its caller goes away', async () => {
    const aborter = new AbortController();
    let signal: AbortSignal | undefined;
    const daemon = await serveGrpc({
      unary: {
        GetAPIVersion: async (call) => {
          signal = call.signal;
          aborter.abort();
          await once(call.signal, 'abort');
          return {};
        },
      },
    });
    const transport = open({ address: daemon.address });
    expect(await failureOf(transport.send(ask, aborter.signal))).toMatchObject({ code: 'CANCELED' });
    await expect.poll(() => signal?.aborted, { timeout: 8_000 }).toBe(true);
    expect(await failureOf(transport.send(ask, aborter.signal))).toMatchObject({ code: 'CANCELED' });
    expect(daemon.countOf('GetAPIVersion')).toBe(1);
  });

  it('is repeated where that is safe, and never where it is not', async () => {
    const daemon = await serveGrpc({
      unary: {
        GetAPIVersion: () => {
          throw grpcFailure(status.UNAVAILABLE, 'not now');
        },
      },
    });
    const transport = open({ address: daemon.address });
    await failureOf(transport.send(onlyOnce));
    expect(daemon.countOf('GetAPIVersion')).toBe(1);
    await failureOf(transport.send(ask));
    expect(daemon.countOf('GetAPIVersion')).toBe(4);
  });

  it('to where nobody listens cannot reach it', async () => {
    const failure = await failureOf(open({ address: '127.0.0.1:1' }).send(onlyOnce));
    expect(failure).toEqual({
      code: 'SOURCE_UNREACHABLE',
      message: 'daemon could not be reached, or the connection broke.',
      retryable: true,
    });
  });

  it('refuses an answer that is larger than allowed', async () => {
    const daemon = await serveGrpc({ unary: { GetAPIVersion: () => ({ supportedVersions: ['x'.repeat(200_000)] }) } });
    const failure = await failureOf(open({ address: daemon.address }).send(onlyOnce));
    expect(failure).toMatchObject({ code: 'SOURCE_BAD_ANSWER' });
  });

  it('goes through TLS, and trusts only whom it is told to', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'grpc-tls-'));
    onTestFinished(() => rm(folder, { recursive: true }));
    const { ca, cert, key } = createCertificates(folder);
    const pair = { cert_chain: Buffer.from(String(cert)), private_key: Buffer.from(String(key)) };
    const daemon = await serveGrpc(
      { unary: { GetAPIVersion: () => ({ supportedVersions: ['1'] }) } },
      ServerCredentials.createSsl(null, [pair]),
    );
    const tls = { ca: String(ca), cert: undefined, key: undefined, serverName: undefined };
    const { body } = await open({ address: daemon.address, tls }).send(onlyOnce);
    expect(body).toEqual({ supportedVersions: ['1'] });
    const distrusting = open({ address: daemon.address, tls: { ...tls, ca: undefined } });
    expect(await failureOf(distrusting.send(onlyOnce))).toMatchObject({ code: 'SOURCE_UNREACHABLE' });
    expect(await failureOf(open({ address: daemon.address }).send(onlyOnce))).toMatchObject({
      code: 'SOURCE_UNREACHABLE',
    });
  });
});

describe('a stream over gRPC', () => {
  const listen = { ...onlyOnce, path: '/MonitorTransfers' };

  it('gives what is pushed, and ends without an error when its reader goes', async () => {
    let signal: AbortSignal | undefined;
    const daemon = await serveGrpc({
      streams: {
        MonitorTransfers: async (call, write) => {
          signal = call.signal;
          write({ transferId: 'a', status: 'RUNNING' });
          await once(call.signal, 'abort');
        },
      },
    });
    const aborter = new AbortController();
    const seen: unknown[] = [];
    for await (const message of open({ address: daemon.address }).stream(listen, aborter.signal)) {
      seen.push((message as { transferId: string }).transferId);
      aborter.abort();
    }
    expect(seen).toEqual(['a']);
    await expect.poll(() => signal?.aborted, { timeout: 8_000 }).toBe(true);
  });

  it('that breaks is an error', async () => {
    const daemon = await serveGrpc({
      streams: {
        MonitorTransfers: (_call, write) => {
          write({ transferId: 'a' });
          throw grpcFailure(status.UNAUTHENTICATED, 'no');
        },
      },
    });
    const read = async () => {
      const { signal } = new AbortController();
      for await (const _ of open({ address: daemon.address }).stream(listen, signal));
    };
    expect(await failureOf(read())).toMatchObject({ code: 'SOURCE_UNAUTHENTICATED' });
  });
});

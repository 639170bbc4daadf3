import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TLSSocket } from 'node:tls';
import { describe, expect, it, onTestFinished } from 'vitest';
import { certificateFiles, createCertificates } from '../../simulators/faircom/certificates.ts';
import { type HttpSourceConfig, transportSettings } from '../../src/transport/transport-settings.ts';
import { serve } from '../helpers/serve.ts';
import { holdRequests } from './held-server.ts';
import { type LogLine, openTransport, read, write } from './open-transport.ts';

/** A server that wants a client certificate, and the files that a client needs. */
async function startTlsServer() {
  const folder = mkdtempSync(join(tmpdir(), 'gateway-tls-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const material = createCertificates(folder);
  const server = await serve(
    (request, response) => {
      const socket = request.socket as TLSSocket;
      const client = socket.getPeerCertificate().subject?.CN;
      response.end(JSON.stringify({ client, serverName: socket.servername }));
    },
    { ...material, requestCert: true, rejectUnauthorized: true },
  );
  return { server, ...certificateFiles(folder) };
}

const config = (url: string, tls: HttpSourceConfig['tls']): HttpSourceConfig => ({
  name: 'archive',
  url,
  tls,
  deadlineMs: 3_000,
  poolSize: 2,
  idleMs: 500,
  retries: 0,
  circuitFailures: 100,
  circuitOpenMs: 1_000,
  maxBodyBytes: 10_000,
});

const openWith = (url: string, tls: HttpSourceConfig['tls']) => openTransport(url, transportSettings(config(url, tls)));

describe('TLS towards a source', () => {
  it('shows the client certificate of the configuration, and expects the configured name', async () => {
    const { server, caFile, certFile, keyFile } = await startTlsServer();
    const plain = await openWith(server.origin, { caFile, certFile, keyFile }).send(read('/'));
    expect(plain.body).toEqual({ client: 'gateway', serverName: false });
    const named = openWith(server.origin, { caFile, certFile, keyFile, serverName: 'localhost' });
    expect((await named.send(read('/'))).body).toEqual({ client: 'gateway', serverName: 'localhost' });
  });

  it.each([
    ['the server’s certificate is for another name', { serverName: 'other.example.com' }],
    ['no authority is known for the server', { caFile: undefined }],
    ['the server wants a client certificate and gets none', { certFile: undefined, keyFile: undefined }],
  ])('fails when %s', async (_name, changes) => {
    const { server, caFile, certFile, keyFile } = await startTlsServer();
    const transport = openWith(server.origin, { caFile, certFile, keyFile, ...changes });
    await expect(transport.send(read('/'))).rejects.toMatchObject({ code: 'SOURCE_UNREACHABLE', source: 'archive' });
    expect(server.count).toBe(0);
  });
});

describe('the settings of a transport', () => {
  it('are those of the configuration, with the TLS files read', async () => {
    const { caFile, certFile, keyFile } = await startTlsServer();
    const { name, tls, ...others } = config('https://db.example.com/x', { caFile, certFile, keyFile, serverName: 'n' });
    const [ca, cert, key] = [caFile, certFile, keyFile].map((file) => readFileSync(file, 'utf8'));
    expect(transportSettings({ name, tls, ...others })).toEqual({
      ...others,
      source: 'archive',
      tls: { ca, cert, key, serverName: 'n' },
    });
  });

  it('cannot be made when a file has gone', () => {
    const caFile = join(tmpdir(), 'gateway-no-such-file.pem');
    expect(() => transportSettings(config('https://db.example.com', { caFile }))).toThrow('ENOENT');
  });
});

describe('a transport', () => {
  it('opens no more sockets than the pool has', async () => {
    const server = await holdRequests();
    const transport = openTransport(server.origin, { poolSize: 2 });
    const waits = Array.from({ length: 6 }, (_, index) => transport.send(read(`/${index}`)));
    const sockets = new Set<unknown>();
    for (const [index] of waits.entries()) {
      const request = await server.arrival(index);
      sockets.add(request.response.socket);
      expect(server.held.filter(({ isClosed }) => !isClosed).length).toBeLessThanOrEqual(2);
      request.answer({ index });
    }
    await Promise.all(waits);
    expect(sockets.size).toBeLessThanOrEqual(2);
  });

  it('ends what is under way when it is closed', async () => {
    const server = await holdRequests();
    const transport = openTransport(server.origin);
    const sent = transport.send(write('/'));
    const request = await server.arrival(0);
    const failed = expect(sent).rejects.toMatchObject({ code: 'SOURCE_UNREACHABLE' });
    await transport.close();
    await failed;
    await expect.poll(() => request.isClosed, { timeout: 5_000 }).toBe(true);
    await expect(transport.send(read('/'))).rejects.toMatchObject({ code: 'SOURCE_UNREACHABLE' });
  });

  it('writes to the log what was called and how it went, and nothing that was sent or answered', async () => {
    const server = await serve((request, response) => {
      if (request.url?.startsWith('/fail')) request.socket.destroy();
      else response.end('{"access_token":"canary-answer"}');
    });
    const log: LogLine[] = [];
    const transport = openTransport(server.origin, {}, log);
    const secrets = {
      query: { code: 'canary-query' },
      headers: { authorization: 'Bearer canary-header' },
      json: { password: 'canary-body' },
    };
    await transport.send(write('/canary-path', { ...secrets, operation: 'node.fileInfo' }));
    await transport.send(write('/fail', secrets)).catch(() => undefined);
    expect(log).toMatchObject([
      { level: 'debug', fields: { source: 'london', operation: 'node.fileInfo', status: 200 } },
      { level: 'warn', fields: { source: 'london', operation: 'test.write', code: 'SOURCE_UNREACHABLE' } },
    ]);
    expect(JSON.stringify(log)).not.toContain('canary');
  });
});

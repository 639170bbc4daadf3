import { readFileSync, statSync } from 'node:fs';
import { type RequestOptions, request } from 'node:https';
import { describe, expect, it } from 'vitest';
import type { FairComSimulator } from '../../../simulators/faircom/faircom-simulator.ts';
import { createFairComSimulator } from '../../../simulators/faircom/faircom-simulator.ts';
import { newFolder, post, startSimulator } from './harness.ts';

/** Node reports the server's TLS alert or, when that comes too late, the socket that it closed. */
const refused = /certificate required|unknown ca|ECONNRESET|EPIPE|socket hang up/;

const ping = JSON.stringify({ api: 'admin', action: 'pingSession' });

function secure(simulator: FairComSimulator, options: RequestOptions, host = '127.0.0.1'): Promise<string> {
  const { port } = new URL(simulator.url);
  return new Promise((resolve, reject) => {
    const sent = request({ host, port, path: '/api', method: 'POST', agent: false, ...options }, (reply) => {
      const chunks: Buffer[] = [];
      reply.on('data', (chunk: Buffer) => chunks.push(chunk));
      reply.on('end', () => resolve(Buffer.concat(chunks).toString()));
    });
    sent.on('error', reject);
    sent.end(ping);
  });
}

const pem = ({ caFile, certFile, keyFile }: FairComSimulator) => ({
  ca: readFileSync(caFile),
  cert: readFileSync(certFile),
  key: readFileSync(keyFile),
});

describe('the listeners of the FairCom simulator', () => {
  it('serve HTTPS to a client with its certificate, under the address and under the name', async () => {
    const simulator = await startSimulator();
    expect(simulator.url).toMatch(/^https:\/\/127\.0\.0\.1:\d+$/);
    expect(JSON.parse(await secure(simulator, pem(simulator)))).toMatchObject({ errorCode: 0 });
    const named = await secure(simulator, { ...pem(simulator), servername: 'localhost' }, 'localhost');
    expect(JSON.parse(named)).toMatchObject({ errorCode: 0 });
  });

  it('refuse a client without a certificate, and one with a certificate of another authority', async () => {
    const simulator = await startSimulator();
    const { ca } = pem(simulator);
    await expect(secure(simulator, { ca })).rejects.toThrow(refused);
    const foreign = createFairComSimulator({ dataFolder: newFolder(), seed: false });
    await foreign.start();
    const { cert, key } = pem(foreign);
    await foreign.close();
    await expect(secure(simulator, { ca, cert, key })).rejects.toThrow(refused);
    expect(simulator.requests.all()).toEqual([]);
  });

  it('are not trusted by a client that does not know the authority, nor under another host name', async () => {
    const simulator = await startSimulator();
    const { ca, cert, key } = pem(simulator);
    await expect(secure(simulator, { cert, key })).rejects.toThrow(/self-signed|unable to/);
    await expect(secure(simulator, { ca, cert, key, servername: 'other.example' })).rejects.toThrow(/altnames/);
  });

  it('keep key files from other users and make new certificates at each start', async () => {
    const dataFolder = newFolder();
    const first = await startSimulator({ dataFolder });
    expect(statSync(first.keyFile).mode & 0o777).toBe(0o600);
    expect(statSync(`${dataFolder}/server.key`).mode & 0o777).toBe(0o600);
    const before = readFileSync(first.certFile, 'utf8');
    await first.close();
    const second = await startSimulator({ dataFolder });
    expect(readFileSync(second.certFile, 'utf8')).not.toBe(before);
  });

  it('serve POST /api and everything below it, and answer 404, 405 and 400 to the rest', async () => {
    const simulator = await startSimulator();
    for (const path of ['/api', '/api/db', '/api/v1/action']) {
      expect((await post(simulator, ping, path)).json.errorCode).toBe(0);
    }
    expect((await post(simulator, ping, '/other')).status).toBe(404);
    expect((await fetch(`${simulator.plainUrl}/api`)).status).toBe(405);
    for (const body of ['', '{', '[]', '"text"']) {
      const { status, json } = await post(simulator, body);
      expect(status).toBe(400);
      expect(json.errorCode).not.toBe(0);
    }
  });
});

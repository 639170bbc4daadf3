import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { createCertificates } from '../../simulators/faircom/certificates.ts';
import { startServer, type TestServer } from './start-server.ts';

let folder: string;
let ca: string;
let server: TestServer;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gateway-tls-'));
  createCertificates(folder);
  ca = await readFile(join(folder, 'ca.pem'), 'utf8');
  const tls = { certFile: join(folder, 'server.pem'), keyFile: join(folder, 'server.key') };
  server = await startServer({ settings: { tls }, resolvers: { 'Query.ok': () => true } });
});
afterAll(async () => {
  await server?.stop();
  await rm(folder, { recursive: true, force: true });
});

it('serves HTTPS where it has a certificate', async () => {
  expect(server.url).toMatch(/^https:/);
  const headers = { authorization: `Bearer ${server.key}`, 'content-type': 'application/json' };
  const body = await new Promise<string>((resolve, reject) => {
    const sent = request(server.url, { method: 'POST', ca, headers }, (response) =>
      text(response).then(resolve, reject),
    );
    sent.on('error', reject).end('{"query":"{ ok }"}');
  });
  expect(JSON.parse(body)).toEqual({ data: { ok: true } });
});

it('serves WebSockets over the same certificate', async () => {
  expect(server.webSocketUrl).toMatch(/^wss:/);
  const socket = new WebSocket(server.webSocketUrl, 'graphql-transport-ws', { ca });
  await once(socket, 'open');
  socket.send(JSON.stringify({ type: 'connection_init', payload: { authorization: `Bearer ${server.key}` } }));
  const [answer] = await once(socket, 'message');
  expect(JSON.parse(String(answer))).toEqual({ type: 'connection_ack' });
  socket.close();
  await once(socket, 'close');
});

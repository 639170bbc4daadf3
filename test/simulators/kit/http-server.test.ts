import { connect } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { createControlServer } from '../../../simulators/kit/control-server.ts';
import { createFaults } from '../../../simulators/kit/faults.ts';
import { createHttpServer, type HttpServer } from '../../../simulators/kit/http-server.ts';
import { createRequestLog } from '../../../simulators/kit/request-log.ts';
import { createRouter } from '../../../simulators/kit/router.ts';

const open: HttpServer[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((server) => server.close()));
});

async function start() {
  const router = createRouter();
  const faults = createFaults();
  const requests = createRequestLog();
  router.on('GET', '/things/:id', ({ params }) => ({ status: 200, json: { id: params.id } }));
  router.on('GET', '/things/self', () => ({ status: 200, json: { id: 'literal' } }));
  router.on('CANCEL', '/things/:id', () => ({ status: 204 }));
  const errorBody = (status: number, message: string) => ({ error: { code: status, user_message: message } });
  const server = createHttpServer({ router, faults, requests, errorBody, prefix: '/base', closeConnections: true });
  const control = createControlServer({ faults, requests, switches: { forget: ({ what }) => ({ forgot: what }) } });
  await server.listen();
  await control.listen();
  open.push(server, control);
  return { server, control, url: `${server.origin}/base`, controlUrl: control.origin };
}

describe('a simulator HTTP server', () => {
  it('serves its routes below the prefix, decodes parameters, prefers literal segments', async () => {
    const { url, server } = await start();
    expect(await (await fetch(`${url}/things/a%2Fb`)).json()).toEqual({ id: 'a/b' });
    expect(await (await fetch(`${url}/things/self`)).json()).toEqual({ id: 'literal' });
    expect((await fetch(`${server.origin}/things/self`)).status).toBe(404);
    expect((await fetch(`${url}/things/self`, { method: 'POST' })).status).toBe(405);
  });

  it('answers the CANCEL verb that Node.js refuses to parse', async () => {
    const { server } = await start();
    const socket = connect(server.port, '127.0.0.1');
    socket.write('CANCEL /base/things/7 HTTP/1.1\r\nHost: x\r\n\r\n');
    const chunks: Buffer[] = [];
    for await (const chunk of socket) chunks.push(chunk as Buffer);
    expect(Buffer.concat(chunks).toString()).toMatch(/^HTTP\/1\.1 204 /);
  });

  it('applies fault rules as often as they say and counts every request', async () => {
    const { url, controlUrl } = await start();
    const fault = (rule: object) => fetch(`${controlUrl}/faults`, { method: 'POST', body: JSON.stringify(rule) });
    await fault({ kind: 'status', status: 503, times: 1, path: '/things' });
    expect((await fetch(`${url}/things/1`)).status).toBe(503);
    expect((await fetch(`${url}/things/1`)).status).toBe(200);
    await fault({ kind: 'truncate', times: 1 });
    await expect(fetch(`${url}/things/1`).then((reply) => reply.text())).rejects.toThrow();
    await fault({ kind: 'dropAfter', times: 1 });
    await expect(fetch(`${url}/things/1`)).rejects.toThrow();
    await fault({ kind: 'wrongJson', times: 1 });
    expect(await (await fetch(`${url}/things/1`)).json()).not.toHaveProperty('id');
    await fault({ kind: 'notJson', times: 1 });
    expect((await fetch(`${url}/things/1`)).headers.get('content-type')).toBe('text/html');
    expect((await fault({ kind: 'unheard of' })).status).toBe(400);
    const logged = (await (await fetch(`${controlUrl}/requests`)).json()) as unknown[];
    expect(logged).toHaveLength(6);
  });

  it('flips the switches of the product', async () => {
    const { controlUrl } = await start();
    const reply = await fetch(`${controlUrl}/switches/forget`, { method: 'POST', body: '{"what":"history"}' });
    expect(await reply.json()).toEqual({ forgot: 'history' });
    expect((await fetch(`${controlUrl}/switches/unknown`, { method: 'POST' })).status).toBe(404);
  });

  it('listens on the same port again after it was closed', async () => {
    const { server, url } = await start();
    const before = server.port;
    await server.close();
    await expect(fetch(`${url}/things/1`)).rejects.toThrow();
    await server.listen();
    expect(server.port).toBe(before);
    expect((await fetch(`${url}/things/1`)).status).toBe(200);
  });
});

import { createServer } from 'node:http';
import { expect, it, onTestFinished, vi } from 'vitest';
import { createMetricsListener, type Exposition, type ListenerSettings } from '../../src/metrics/listener.ts';

const exposition: Exposition = { contentType: 'text/plain', text: async () => 'up 1\n' };

function open(settings: Partial<ListenerSettings>, shown = exposition) {
  const listener = createMetricsListener(
    { ...{ host: '127.0.0.1', port: 0, ports: 1, path: '/metrics' }, ...settings },
    shown,
  );
  onTestFinished(listener.close);
  return listener;
}

const portOf = (url: string) => Number(new URL(url).port);

it('takes the next port where another process has come first, and says when there is none', async () => {
  const first = portOf(await open({}).listen());
  const url = await open({ port: first, ports: 20 }).listen();
  expect(portOf(url)).toBeGreaterThan(first);
  expect(await (await fetch(url)).text()).toBe('up 1\n');
  await expect(open({ port: first, ports: 1 }).listen()).rejects.toMatchObject({ code: 'EADDRINUSE' });
});

it('says what is wrong with a host, whatever the number of ports', async () => {
  await expect(open({ host: '192.0.2.1', ports: 3 }).listen()).rejects.toMatchObject({ code: 'EADDRNOTAVAIL' });
});

it('answers 500 when the numbers cannot be read, and goes on', async () => {
  const text = vi.fn(exposition.text).mockRejectedValueOnce(new Error('the password is hunter2'));
  const url = await open({}, { ...exposition, text }).listen();
  const failed = await fetch(url);
  expect([failed.status, await failed.text()]).toEqual([500, '']);
  expect((await fetch(url)).status).toBe(200);
});

it('closes connections that are kept open, so that it does not hold up the end', async () => {
  const listener = open({});
  const url = await listener.listen();
  await (await fetch(url)).text();
  await listener.close();
  // The port is free again.
  const server = createServer();
  onTestFinished(() => void server.close());
  await new Promise<void>((resolve) => server.listen(portOf(url), '127.0.0.1', resolve));
});

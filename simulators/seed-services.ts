import type { NodeSimulator } from './node/node-simulator.ts';

async function post(node: NodeSimulator, path: string, body: object): Promise<void> {
  const authorization = `Basic ${Buffer.from(`${node.username}:${node.password}`).toString('base64')}`;
  const response = await fetch(`${node.url}${path}`, {
    method: 'POST',
    headers: { authorization, 'content-type': 'application/json', 'x-aspera-wf-version': '2017_10_23' },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`${node.name} answered ${response.status} to ${path}: ${await response.text()}`);
}

/** What works by itself from the start: a folder that `from` watches, and a sync that waits to be started. */
export async function seedServices(from: NodeSimulator, to: NodeSimulator): Promise<void> {
  const { username: user, password: pass } = to;
  const port = Number(new URL(to.url).port);
  const authentication = { type: 'NODE_BASIC', user, pass };
  await post(from, '/v3/watchfolders', {
    id: `outbound-to-${to.name}`,
    source: { path: '/Outbound' },
    target: { path: '/Inbound', location: { type: 'REMOTE', host: '127.0.0.1', port, authentication } },
    watchd: { scan_period: '30m' },
  });
  const remote = { host: '127.0.0.1', port: to.sshPort, user, pass, path: `/Legal of ${from.name}` };
  const configuration = { name: `legal-to-${to.name}`, local: { path: '/Legal' }, remote, create_dir: true };
  await post(from, '/asyncs', { configuration });
  from.requests.clear();
}

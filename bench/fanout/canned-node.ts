import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { transferIds } from './transfers.ts';

/** A node whose transfers have all moved whenever somebody asks: `bytes_transferred` is the time, in microseconds. */
export interface CannedNode {
  readonly url: string;
  /** How often the feed has been read behind a token. */
  readonly polls: number;
}

export const nowMicroseconds = () => Math.round((performance.timeOrigin + performance.now()) * 1_000) % 1e12;

const transfer = (id: string, at: number) => ({
  ...{ id, status: 'running', bytes_transferred: at, bytes_expected: 1e12, avg_rate_kbps: 412_345.6 },
  ...{ title: 'Nightly delivery of dailies', elapsed_usec: 61_234_567, remote_host: '203.0.113.17' },
  start_spec: {
    ...{ direction: 'send', remote_host: '203.0.113.17', destination_root: '/incoming/dailies' },
    ...{ source_paths: ['/studio/dailies/2026-11-26'], tags: { aspera: { xfer_id: id } } },
  },
  sessions: [
    { id: `${id}-session`, status: 'running', bytes_transferred: at, server_node_id: 'n', client_node_id: 'm' },
  ],
});

export async function startCannedNode(): Promise<CannedNode> {
  let polls = 0;
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://node');
    const [, single] = url.pathname.split('/ops/transfers/');
    const at = nowMicroseconds();
    response.setHeader('content-type', 'application/json');
    if (url.pathname === '/info') {
      response.end(JSON.stringify({ node_id: 'bench-node', current_time: new Date().toISOString() }));
    } else if (single !== undefined) {
      response.end(JSON.stringify(transfer(decodeURIComponent(single), at)));
    } else {
      if (url.searchParams.has('iteration_token')) polls += 1;
      response.setHeader('link', `<http://node/ops/transfers?iteration_token=${1_000 + polls}>; rel="next"`);
      response.end(JSON.stringify(transferIds.map((id) => transfer(id, at))));
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    get polls() {
      return polls;
    },
  };
}

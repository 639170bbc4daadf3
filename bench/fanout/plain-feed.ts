import { readFileSync } from 'node:fs';
import { globalIdOf } from './transfers.ts';

/** The same graph for the servers that are not the gateway. */
export const sdl = readFileSync(new URL('../../schema.graphql', import.meta.url), 'utf8');

interface Wire {
  readonly id: string;
  readonly title: string;
  readonly bytes_transferred: number;
  readonly bytes_expected: number;
  readonly avg_rate_kbps: number;
  readonly remote_host: string;
  readonly start_spec: { readonly source_paths: readonly string[]; readonly destination_root: string };
}

/** An event of `transferProgress`, as plain resolvers show it. */
export const eventOf = (transfer: Wire, polls: number) => ({
  transferProgress: {
    ...{
      cursor: Buffer.from(`an event of the bench, number ${polls}`).toString('base64url'),
      gap: false,
      skipped: false,
    },
    transfer: {
      ...{ __typename: 'NodeTransfer', id: globalIdOf(transfer.id), title: transfer.title, status: 'RUNNING' },
      ...{ direction: 'SEND', progress: transfer.bytes_transferred / transfer.bytes_expected },
      ...{ bytesTransferred: transfer.bytes_transferred, bytesExpected: transfer.bytes_expected },
      ...{ averageRateKbps: transfer.avg_rate_kbps, currentRateKbps: transfer.avg_rate_kbps },
      ...{ startedAt: '2026-11-26T08:00:00.000Z', remoteHost: transfer.remote_host, retrying: false },
      ...{ sourcePaths: transfer.start_spec.source_paths, destinationPath: transfer.start_spec.destination_root },
    },
  },
});

export type PlainEvent = ReturnType<typeof eventOf>;

/** Polls the node for ever, and tells what it finds. */
export function pollPlainly(nodeUrl: string, intervalMs: number, tell: (id: string, event: PlainEvent) => void): void {
  let polls = 0;
  const poll = async () => {
    polls += 1;
    const response = await fetch(`${nodeUrl}/ops/transfers?iteration_token=${polls}`);
    for (const transfer of (await response.json()) as Wire[]) tell(globalIdOf(transfer.id), eventOf(transfer, polls));
  };
  setInterval(() => void poll(), intervalMs);
}

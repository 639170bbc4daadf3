import DataLoader from 'dataloader';
import type { NodeClient } from './client.ts';
import type { TransferBandwidth } from './types.ts';

/** A transfer whose rates are asked for. */
export interface BandwidthKey {
  readonly transferId: string;
  readonly startedAt: Date | undefined;
}

export type BandwidthLoader = DataLoader<BandwidthKey, TransferBandwidth | undefined, string>;

/** The most that a node tells of a transfer (aspera-node-api.md §5.6). */
const SECONDS = 3_600;

/** Rounding to the second must not lose the transfer that started first. */
const SLACK_MS = 1_000;

function earliest(keys: readonly BandwidthKey[]): Date | undefined {
  const starts = keys.flatMap(({ startedAt }) => (startedAt ? [startedAt.getTime()] : []));
  return starts.length === 0 ? undefined : new Date(Math.min(...starts) - SLACK_MS);
}

/** Rates by transfer: one call for all transfers of a tick, because the node tells those of all at once. */
export const createBandwidthLoader = (client: NodeClient): BandwidthLoader =>
  new DataLoader<BandwidthKey, TransferBandwidth | undefined, string>(
    async (keys) => {
      const { send, receive } = await client.bandwidth({ seconds: SECONDS, startedAfter: earliest(keys) });
      const byId = new Map([...send, ...receive].map((one) => [one.transferId, one]));
      return keys.map(({ transferId }) => byId.get(transferId));
    },
    { cacheKeyFn: ({ transferId }) => transferId },
  );

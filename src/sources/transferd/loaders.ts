import DataLoader from 'dataloader';
import type { TransferdClient } from './client.ts';
import type { SeenTransfer, TransferdInfo } from './types.ts';

/** What one operation asks a daemon for, each thing once. */
export interface TransferdLoaders {
  /** By transfer id. The daemon has no question about many: n ids cost n calls, at once over its one connection. */
  readonly transfer: DataLoader<string, SeenTransfer>;
  /** The daemon itself; there is one key. */
  readonly info: DataLoader<'info', TransferdInfo>;
}

const asError = (reason: unknown) =>
  reason instanceof Error ? reason : new Error('Unexpected failure.', { cause: reason });

const settle = async <V>(work: readonly Promise<V>[]): Promise<(V | Error)[]> =>
  (await Promise.allSettled(work)).map((result) =>
    result.status === 'fulfilled' ? result.value : asError(result.reason),
  );

export function createTransferdLoaders(client: TransferdClient): TransferdLoaders {
  return {
    transfer: new DataLoader((ids) => settle(ids.map(client.transfer))),
    info: new DataLoader((keys) => settle(keys.map(() => client.info()))),
  };
}

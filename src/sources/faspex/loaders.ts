import DataLoader from 'dataloader';
import { eachOf } from './bounded.ts';
import type { FaspexClient } from './client.ts';
import type { FaspexAccount, FaspexDownloadDetails, FaspexPackage, FaspexUploadDetails } from './types.ts';

/** Loads by id for one operation; the same id is asked for once. */
export interface FaspexLoaders {
  readonly package: DataLoader<string, FaspexPackage>;
  readonly uploadDetails: DataLoader<string, FaspexUploadDetails>;
  readonly downloadDetails: DataLoader<string, FaspexDownloadDetails>;
  /** The caller's account, asked for once. */
  account(): Promise<FaspexAccount>;
}

/** Faspex reads nothing by many ids: n ids are n calls, at most six at a time. */
const createLoader = <T>(load: (id: string) => Promise<T>) => new DataLoader<string, T>((ids) => eachOf(ids, load));

export function createFaspexLoaders(client: FaspexClient): FaspexLoaders {
  let account: Promise<FaspexAccount> | undefined;
  return {
    package: createLoader(client.package),
    uploadDetails: createLoader(client.uploadDetails),
    downloadDetails: createLoader(client.downloadDetails),
    account: () => {
      account ??= client.account();
      return account;
    },
  };
}

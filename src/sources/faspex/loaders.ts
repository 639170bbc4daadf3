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

/** Made one by one when they are first used: most operations use one, or none. */
class LoadersOnDemand implements FaspexLoaders {
  readonly #client: FaspexClient;
  #package: FaspexLoaders['package'] | undefined;
  #uploadDetails: FaspexLoaders['uploadDetails'] | undefined;
  #downloadDetails: FaspexLoaders['downloadDetails'] | undefined;
  #account: Promise<FaspexAccount> | undefined;

  constructor(client: FaspexClient) {
    this.#client = client;
  }

  get package() {
    this.#package ??= createLoader(this.#client.package);
    return this.#package;
  }

  get uploadDetails() {
    this.#uploadDetails ??= createLoader(this.#client.uploadDetails);
    return this.#uploadDetails;
  }

  get downloadDetails() {
    this.#downloadDetails ??= createLoader(this.#client.downloadDetails);
    return this.#downloadDetails;
  }

  account(): Promise<FaspexAccount> {
    this.#account ??= this.#client.account();
    return this.#account;
  }
}

export const createFaspexLoaders = (client: FaspexClient): FaspexLoaders => new LoadersOnDemand(client);

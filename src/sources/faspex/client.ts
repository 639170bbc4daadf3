import { createDirectoryReads } from './client/directory.ts';
import type { Exchange } from './client/exchange.ts';
import { createFileReads } from './client/files.ts';
import { createPackageChanges } from './client/package-changes.ts';
import { createPackageReads } from './client/packages.ts';
import { createServerReads } from './client/server.ts';
import { createSharedFolderCalls } from './client/shared-folders.ts';
import { createSpecCalls } from './client/transfer-specs.ts';
import { clientOfParts } from './client-of-parts.ts';
import { createServerClock } from './server-time.ts';

/** Stands in where only the names of the functions are asked for. */
const nobody: Exchange = {
  source: '',
  send: () => Promise.reject(new Error('There is nobody to send to.')),
  sendPlain: () => Promise.reject(new Error('There is nobody to send to.')),
  clock: createServerClock(Date.now),
};

/** The functions for Faspex's endpoints, bound to one call: whose, until when, what may be spent. */
export type FaspexClient = ReturnType<typeof createFaspexClient>;

export const createFaspexClient = clientOfParts(
  nobody,
  createServerReads,
  createPackageReads,
  createPackageChanges,
  createFileReads,
  createSpecCalls,
  createDirectoryReads,
  createSharedFolderCalls,
);

import { createDirectoryReads } from './client/directory.ts';
import type { Exchange } from './client/exchange.ts';
import { createFileReads } from './client/files.ts';
import { createPackageChanges } from './client/package-changes.ts';
import { createPackageReads } from './client/packages.ts';
import { createServerReads } from './client/server.ts';
import { createSharedFolderCalls } from './client/shared-folders.ts';
import { createSpecCalls } from './client/transfer-specs.ts';

/** The functions for Faspex's endpoints, bound to one call: whose, until when, what may be spent. */
export type FaspexClient = ReturnType<typeof createFaspexClient>;

export const createFaspexClient = (exchange: Exchange) => ({
  ...createServerReads(exchange),
  ...createPackageReads(exchange),
  ...createPackageChanges(exchange),
  ...createFileReads(exchange),
  ...createSpecCalls(exchange),
  ...createDirectoryReads(exchange),
  ...createSharedFolderCalls(exchange),
});

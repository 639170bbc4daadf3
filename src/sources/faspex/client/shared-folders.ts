import { readRemoteTransfer, readSharedFolder } from '../read-directory.ts';
import type { FaspexRemoteTransfer, FaspexSharedFolder, Page } from '../types.ts';
import { API, askFor, askForPage, type Exchange, type PageRequest, segment } from './exchange.ts';

export interface SharedFolderQuery extends PageRequest {
  readonly search?: string | undefined;
}

/** Sends files that already lie on a node of the server (aspera-apps-api.md §5.7). */
export const createSharedFolderCalls = (exchange: Exchange) => ({
  /** The folders that the caller may send from. */
  sharedFolders: ({ search, ...part }: SharedFolderQuery = {}): Promise<Page<FaspexSharedFolder>> => {
    const request = {
      operation: 'faspex.sharedFolders',
      path: `${API}/shared_folders`,
      query: { q: search || undefined },
    };
    const reader = { key: 'shared_folders', read: readSharedFolder };
    return askForPage(exchange, request, part, reader);
  },
  /** Fills a package from a shared folder; the server moves the files by itself. */
  remoteTransfer: async (
    packageId: string,
    sharedFolderId: string,
    paths: readonly string[],
  ): Promise<FaspexRemoteTransfer> => {
    // The OpenAPI document has the folder in the query, IBM's client in the body (aspera-apps-api.md part F): both.
    const folder = { shared_folder_id: sharedFolderId };
    const request = {
      operation: 'faspex.remoteTransfer',
      method: 'POST',
      path: `${API}/packages/${segment(exchange, packageId)}/remote_transfer`,
      query: folder,
      json: { ...folder, paths },
      repeat: 'never',
    } as const;
    return askFor(exchange, request, readRemoteTransfer);
  },
});

import type { Clock } from '../../kit/clock.ts';
import type { RouteHandler } from '../../kit/message.ts';
import type { Router } from '../../kit/router.ts';
import type { Authenticate, Caller } from '../caller.ts';
import { refusal } from '../errors.ts';
import { type FileHandler, type FileState, openAccess } from './access.ts';
import { browse, pageThrough, search } from './browse-paths.ts';
import { changeFile, createInFolder, deleteFile, readContent, showFile } from './change-file.ts';
import { create, deletePaths, rename } from './change-paths.ts';
import { createDeleteJobs } from './delete-jobs.ts';
import { createFileIds, type FileIds } from './file-ids.ts';
import { createFolderListings } from './folder-listings.ts';
import { contents, diskUsage, info, space } from './inspect-paths.ts';
import { listFolder } from './list-folder.ts';
import type { PathHandler, PathStorage } from './path-handler.ts';
import { createPermissionStore } from './permission-store.ts';
import {
  changePermission,
  createPermission,
  deletePermission,
  listPermissions,
  showPermission,
} from './permissions.ts';
import { refusalFrom } from './storage-error.ts';

export interface FileRouteDeps {
  readonly authenticate: Authenticate;
  readonly clock: Clock;
  /** The access key in force for a caller by access key or bearer token, and the id of its root folder. */
  readonly accessKeyOf: (caller: Caller) => { readonly id: string; readonly rootFileId: string };
}

type Route<H> = readonly [method: string, pattern: string, handler: H];

/** gen3: files by path (aspera-node-api.md §3). */
const pathRoutes: readonly Route<PathHandler>[] = [
  ['POST', '/files/browse', browse],
  ['POST', '/files/page', pageThrough],
  ['POST', '/files/search', search],
  ['POST', '/files/info', info],
  ['POST', '/files/create', create],
  ['POST', '/files/delete', deletePaths],
  ['POST', '/files/rename', rename],
  ['POST', '/files/du', diskUsage],
  ['POST', '/space', space],
  ['GET', '/files/:path/contents', contents],
];

/** gen4: files by id, and who may see them (aspera-node-api.md §2 and §4). */
const fileRoutes: readonly Route<FileHandler>[] = [
  ['GET', '/files/:id', showFile],
  ['PUT', '/files/:id', changeFile],
  ['DELETE', '/files/:id', deleteFile],
  ['GET', '/files/:id/files', listFolder],
  ['POST', '/files/:id/files', createInFolder],
  ['GET', '/files/:id/content', readContent],
  ['GET', '/permissions', listPermissions],
  ['POST', '/permissions', createPermission],
  ['GET', '/permissions/:id', showPermission],
  ['PUT', '/permissions/:id', changePermission],
  ['DELETE', '/permissions/:id', deletePermission],
];

/** Lets the file system's errors answer in the node's words. */
const guarded =
  (handler: RouteHandler): RouteHandler =>
  async (request) => {
    try {
      return await handler(request);
    } catch (error) {
      throw refusalFrom(error);
    }
  };

/** Bearer tokens never reach the calls by path (aspera-node-api.md §1.2). */
function pathHandler(deps: FileRouteDeps, shared: Omit<PathStorage, 'root'>, handler: PathHandler): RouteHandler {
  return guarded((request) => {
    const { kind, root } = deps.authenticate(request);
    if (kind === 'bearer') throw refusal(403, 'Bearer tokens are not accepted by this endpoint');
    return handler({ root, ...shared }, request);
  });
}

/** Serves files, permissions and space; answers the file ids, which transfers by file id need. */
export function registerFileRoutes(router: Router, deps: FileRouteDeps): FileIds {
  const ids = createFileIds();
  const shared = { ids, listings: createFolderListings() };
  const state: FileState = {
    ...deps,
    ...shared,
    permissions: createPermissionStore(),
    jobs: createDeleteJobs(deps.clock),
    mountPoints: new Set(),
  };
  for (const [method, pattern, handler] of pathRoutes) router.on(method, pattern, pathHandler(deps, shared, handler));
  for (const [method, pattern, handler] of fileRoutes) {
    router.on(
      method,
      pattern,
      guarded((request) => handler(state, openAccess(state, request), request)),
    );
  }
  return ids;
}

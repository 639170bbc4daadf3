import type { Clock } from '../../kit/clock.ts';
import type { SimulatorRequest, SimulatorResponse } from '../../kit/message.ts';
import type { Authenticate, Caller } from '../caller.ts';
import { refusal } from '../errors.ts';
import { isThere } from './change-paths.ts';
import type { DeleteJobs } from './delete-jobs.ts';
import type { FileIds, Storage } from './file-ids.ts';
import type { FolderListings } from './folder-listings.ts';
import { type AccessLevel, accessLevels, isGrantedTo, type PermissionStore } from './permission-store.ts';
import { resolveEntryInRoot } from './resolve-in-root.ts';

/** What the calls that work with file ids share. */
export interface FileState {
  readonly authenticate: Authenticate;
  readonly clock: Clock;
  readonly accessKeyOf: (caller: Caller) => { readonly id: string; readonly rootFileId: string };
  readonly ids: FileIds;
  readonly listings: FolderListings;
  readonly permissions: PermissionStore;
  readonly jobs: DeleteJobs;
  /** Folders that are mount points, as access key and file id. */
  readonly mountPoints: Set<string>;
}

/** A caller inside the storage of an access key. */
export interface Access {
  readonly caller: Caller;
  readonly accessKeyId: string;
  readonly storage: Storage;
}

export type FileHandler = (
  state: FileState,
  access: Access,
  request: SimulatorRequest,
) => SimulatorResponse | Promise<SimulatorResponse>;

/** Node users have no file ids: only access keys and bearer tokens do (developer.asperasoft.com/web/node/files). */
export function openAccess(state: FileState, request: SimulatorRequest): Access {
  const caller = state.authenticate(request);
  if (caller.kind === 'nodeUser') throw refusal(403, 'An access key is needed for this endpoint');
  const { id, rootFileId } = state.accessKeyOf(caller);
  return { caller, accessKeyId: id, storage: { root: caller.root, rootFileId } };
}

/** The path of a file id in the caller's storage, or a 404. Ids of what is gone from the disk are forgotten. */
export function pathOfId({ ids }: FileState, { storage }: Access, id: string): string {
  const path = ids.pathOfFileId(storage, id);
  if (path === undefined) throw refusal(404, 'Invalid file ID');
  const location = resolveEntryInRoot(storage.root, path);
  if (!isThere(location)) {
    ids.removed(location);
    throw refusal(404, 'Invalid file ID');
  }
  return path;
}

/** Whether `path` is `folder` or lies below it. */
export const isWithin = (folder: string, path: string): boolean =>
  folder === '/' || path === folder || path.startsWith(`${folder}/`);

/** What the caller may do at a path: permissions are inherited from every folder above (openapi 4.4.6, /permissions). */
export function levelsAt(state: FileState, access: Access, path: string): ReadonlySet<AccessLevel> {
  const { caller, storage } = access;
  if (caller.isAdmin) return new Set(accessLevels);
  const held = state.permissions.all(access.accessKeyId).filter((permission) => isGrantedTo(caller, permission));
  return new Set(
    held
      .filter(({ file_id }) => {
        const folder = state.ids.pathOfFileId(storage, file_id);
        return folder !== undefined && isWithin(folder, path);
      })
      .flatMap(({ access_levels }) => access_levels),
  );
}

/** Refuses a caller without this level at the path; without a level named, any will do. */
export function demandLevel(state: FileState, access: Access, path: string, level?: AccessLevel): void {
  const levels = levelsAt(state, access, path);
  const isAllowed = level === undefined ? levels.size > 0 : levels.has(level);
  if (!isAllowed) throw refusal(403, 'Permission denied');
}

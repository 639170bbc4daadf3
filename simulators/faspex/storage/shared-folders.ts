import type { SimulatorRequest } from '../../kit/message.ts';
import { refusal } from '../errors.ts';
import { matchesSearch, pageOf, sorted } from '../listing.ts';
import type { SharedFolder, User } from '../model.ts';
import type { Routes } from '../route.ts';
import type { World } from '../world.ts';
import { browseByOffset, browseByToken, insideFolder } from './browse.ts';
import type { StorageNode } from './storage-node.ts';

/** A path of a shared folder as the storage node knows it. */
export const pathIn = (folder: SharedFolder, path: string): string => insideFolder(folder.directory, path);

const folderView = (folder: SharedFolder) => ({
  id: folder.id,
  node_id: folder.nodeId,
  name: folder.name,
  default_inbox: folder.isDefaultInbox,
  enable_cloud_referencing: false,
  enable_linking: false,
  override_transfer_parameters: false,
  read_permission: folder.readPermission,
  is_custom_inbox: false,
  pagination_browsing: true,
});

/** Private folders are for admins; a person who may not send from remote storage has none (aspera-apps-api.md §5.7). */
function foldersOf(world: World, user: User): readonly SharedFolder[] {
  if (!user.createsFromRemote) return [];
  return [...world.sharedFolders.values()].filter(
    ({ readPermission }) => readPermission === 'public' || user.role === 'admin',
  );
}

function folderOf(world: World, { params }: SimulatorRequest, user: User): SharedFolder {
  if (!user.createsFromRemote) throw refusal(403, 4531, 'The user may not create packages from remote sources.');
  const folder = foldersOf(world, user).find(({ id, nodeId }) => id === params.id && nodeId === params.node);
  if (!folder) throw refusal(404, 1303, 'The shared folder could not be found.');
  return folder;
}

/** Shared folders of the storage node, and what is in them (aspera-apps-api.md §5.7). */
export function registerSharedFolderRoutes(routes: Routes, world: World, storage: StorageNode): void {
  routes.user('GET', '/api/v5/shared_folders', ({ query }, user) => {
    const rows = foldersOf(world, user).filter(({ name }) => matchesSearch(query, [name]));
    const columns = {
      id: ({ id }: SharedFolder) => Number(id),
      name: ({ name }: SharedFolder) => name,
      read_permission: ({ readPermission }: SharedFolder) => readPermission,
    };
    return pageOf(query, 'shared_folders', sorted(query, rows, columns), folderView);
  });
  const path = '/api/v5/nodes/:node/shared_folders/:id/browse';
  routes.user('POST', path, (request, user) =>
    browseByOffset(storage, folderOf(world, request, user).directory, request),
  );
  routes.user('POST', `${path}/page`, (request, user) =>
    browseByToken(storage, folderOf(world, request, user).directory, request),
  );
}

import type { SimulatorRequest } from '../../kit/message.ts';
import { refusal } from '../errors.ts';
import type { User } from '../model.ts';
import type { Routes } from '../route.ts';
import { browseByOffset, browseByToken } from '../storage/browse.ts';
import type { StorageNode } from '../storage/storage-node.ts';
import { checkSide } from '../transfers/received-side.ts';
import type { World } from '../world.ts';
import { findPackage, sightOf } from './access.ts';
import { isDeleted, isRevealed } from './status.ts';

/** The folder of a package whose content the user may see from this side. */
function folderOf(world: World, request: SimulatorRequest, user: User, side: 'sent' | 'received'): string {
  const pkg = findPackage(world, request.params.id);
  const sight = sightOf(world, user);
  checkSide(sight, pkg, side, request.query);
  if (side === 'received' && !isRevealed(pkg, sight.now)) {
    throw refusal(400, 1040, 'The package has not been released.');
  }
  if (isDeleted(pkg)) throw refusal(400, 1036, 'The package has been deleted or has expired.');
  return pkg.content;
}

/** What is in a package, in both generations of browsing (aspera-apps-api.md §5.6). */
export function registerPackageBrowse(routes: Routes, world: World, storage: StorageNode): void {
  for (const side of ['sent', 'received'] as const) {
    const path = `/api/v5/packages/:id/files/${side}`;
    routes.user('POST', path, (request, user) =>
      browseByOffset(storage, folderOf(world, request, user, side), request),
    );
    routes.user('POST', `${path}/page`, (request, user) =>
      browseByToken(storage, folderOf(world, request, user, side), request),
    );
  }
}

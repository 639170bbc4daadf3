import type { SimulatorRequest, SimulatorResponse } from '../../kit/message.ts';
import { refusal } from '../errors.ts';
import { readFields } from '../fields.ts';
import type { User } from '../model.ts';
import type { Package } from '../package.ts';
import type { Routes } from '../route.ts';
import type { World } from '../world.ts';
import { seePackage, sightOf } from './access.ts';
import { addPackage, draftPackage } from './create.ts';
import { packageView } from './package-view.ts';
import { isDeleted, isExpired } from './status.ts';

function checkForwardable(pkg: Package, user: User): void {
  if (!user.forwardingAllowed) throw refusal(403, 2087, 'The user may not forward packages.');
  if (isDeleted(pkg) || isExpired(pkg)) throw refusal(400, 1036, 'The package has been deleted or has expired.');
  if (pkg.state !== 'released') throw refusal(400, 2089, 'A package that has not been released cannot be forwarded.');
}

/** The new package has the files of the old one, in the same folder: nothing is transferred. */
function forward(world: World, request: SimulatorRequest, user: User): SimulatorResponse {
  const sight = sightOf(world, user);
  const original = seePackage(sight, request.params.id);
  checkForwardable(original, user);
  const { upload, totalBytes, totalFiles, folder, content } = original;
  const copy: Package = {
    ...draftPackage(world, user, readFields(request)),
    folder,
    content,
    uploadStatus: 'completed',
    upload: { ...upload, completedAt: sight.now },
    totalBytes,
    totalFiles,
  };
  addPackage(world, copy);
  return { status: 201, json: packageView(sight, copy) };
}

/** `POST /packages/{id}/forward` (aspera-apps-api.md §5.4). */
export function registerForward(routes: Routes, world: World): void {
  routes.user('POST', '/api/v5/packages/:id/forward', (request, user) => forward(world, request, user));
}

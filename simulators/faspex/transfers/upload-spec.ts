import type { SimulatorRequest } from '../../kit/message.ts';
import { refusal } from '../errors.ts';
import { type Fields, isObject, readFields } from '../fields.ts';
import type { User } from '../model.ts';
import type { Package } from '../package.ts';
import { findPackage } from '../packages/access.ts';
import { isDeleted } from '../packages/status.ts';
import type { Routes } from '../route.ts';
import type { TransferSpec } from '../storage/storage-node.ts';
import { authorize, readTransferType, type TransferDeps } from './transfer-spec.ts';

/** Paths are mandatory for every transfer type; ascli's Faspex 4 bridge sends objects instead of strings (§5.5). */
function readSources(fields: Fields): readonly { readonly source: string }[] {
  const { paths } = fields;
  const isList = Array.isArray(paths) && paths.length > 0;
  if (!isList || !paths.every((path) => typeof path === 'string' || isObject(path))) {
    throw refusal(400, 1003, 'The parameter paths is missing or is no list of paths.');
  }
  return paths.flatMap((path) => (typeof path === 'string' ? { source: path } : []));
}

/** Finds the package of an upload; only its sender may upload, and only until the upload has completed. */
export function uploadablePackage(deps: TransferDeps, id: string | undefined, user: User): Package {
  const pkg = findPackage(deps.world, id);
  if (pkg.senderId !== user.id) throw refusal(403, 1112, 'Only the sender of a package may upload to it.');
  if (isDeleted(pkg)) throw refusal(400, 1114, 'The package has been deleted.');
  if (pkg.state !== 'held' || pkg.uploadStatus === 'completed') {
    throw refusal(400, 1113, 'The upload of the package has completed.');
  }
  return pkg;
}

const hasStopped = ({ uploadStatus }: Package) => ['failed', 'error', 'timed_out', 'stopped'].includes(uploadStatus);

/** A spec for an upload into the package's folder; a package whose upload failed starts over. */
export async function authorizeUpload(deps: TransferDeps, pkg: Package, user: User): Promise<TransferSpec> {
  const destination = `${pkg.content}/`;
  const request = { paths: [{}], destination_root: destination };
  const spec = await authorize(deps, pkg, user, { direction: 'upload', isPartial: false, request });
  deps.grants.forgetFailedUploads(pkg);
  const now = deps.world.clock.now();
  pkg.uploadSeenAt = now;
  pkg.isFrozen = false;
  if (hasStopped(pkg)) {
    pkg.uploadStatus = 'submitted';
    pkg.errorDescription = '';
    pkg.modifiedAt = now;
  }
  const { source_root: _unused, ...rest } = spec;
  const locks = { lock_rate_policy: true, lock_min_rate: true, multi_session: 0 };
  return { ...rest, ...locks, create_dir: true, destination_root: destination };
}

async function answer(deps: TransferDeps, request: SimulatorRequest, user: User) {
  const pkg = findPackage(deps.world, request.params.id);
  readTransferType(request.query);
  uploadablePackage(deps, pkg.id, user);
  const paths = readSources(readFields(request));
  const spec = await authorizeUpload(deps, pkg, user);
  return { status: 200, json: { ...spec, paths } };
}

/** `POST /packages/{id}/transfer_spec/upload` (aspera-apps-api.md §5.5). */
export function registerUploadSpec(routes: Routes, deps: TransferDeps): void {
  routes.user('POST', '/api/v5/packages/:id/transfer_spec/upload', (request, user) => answer(deps, request, user));
}

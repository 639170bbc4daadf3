import type { SimulatorRequest } from '../../kit/message.ts';
import { refusal } from '../errors.ts';
import { type Fields, readFields, stringField } from '../fields.ts';
import type { SharedFolder, User } from '../model.ts';
import { findPackage } from '../packages/access.ts';
import type { Routes } from '../route.ts';
import { pathIn } from '../storage/shared-folders.ts';
import type { TransferDeps } from './transfer-spec.ts';
import { authorizeUpload, uploadablePackage } from './upload-spec.ts';

/** The OpenAPI document has the folder in the query, ascli sends it in the body (aspera-apps-api.md §5.7). */
function readFolder(deps: TransferDeps, query: URLSearchParams, fields: Fields): SharedFolder {
  const id = query.get('shared_folder_id') ?? stringField(fields, 'shared_folder_id');
  if (!id) throw refusal(400, 1307, 'shared_folder_id is missing.');
  if (!/^[1-9]\d*$/.test(id)) throw refusal(400, 1308, 'shared_folder_id must be a positive integer.');
  const folder = deps.world.sharedFolders.get(id);
  if (!folder) throw refusal(404, 1303, 'The shared folder could not be found.');
  return folder;
}

function readPaths(fields: Fields): readonly string[] {
  const { paths } = fields;
  if (!Array.isArray(paths) || paths.length === 0) throw refusal(400, 1309, 'paths is missing.');
  if (!paths.every((path) => typeof path === 'string')) throw refusal(400, 1300, 'paths must be a list of strings.');
  return paths;
}

async function send(deps: TransferDeps, request: SimulatorRequest, user: User) {
  const pkg = findPackage(deps.world, request.params.id);
  if (pkg.senderId !== user.id) throw refusal(400, 1301, 'Only the sender of a package may send to it.');
  uploadablePackage(deps, pkg.id, user);
  if (!user.createsFromRemote) throw refusal(403, 1302, 'The user may not send from a shared folder.');
  const fields = readFields(request);
  const folder = readFolder(deps, request.query, fields);
  const paths = readPaths(fields).map((path) => ({ source: pathIn(folder, path) }));
  const spec = await authorizeUpload(deps, pkg, user);
  const transferId = await deps.storage.startTransfer({ ...spec, paths });
  const json = {
    user: user.username,
    transfer_id: transferId,
    bytes_transferred: 0,
    percentage: 0,
    status: 'queued',
    direction: 'send',
  };
  return { status: 201, json };
}

/** `POST /packages/{id}/remote_transfer`: the storage node sends to itself (aspera-apps-api.md §5.7). */
export function registerRemoteTransfer(routes: Routes, deps: TransferDeps): void {
  routes.user('POST', '/api/v5/packages/:id/remote_transfer', (request, user) => send(deps, request, user));
}

import type { SimulatorRequest } from '../../kit/message.ts';
import { refusal } from '../errors.ts';
import { type Fields, isObject, readFields, stringField } from '../fields.ts';
import type { User } from '../model.ts';
import type { Package } from '../package.ts';
import { findPackage, sightOf } from '../packages/access.ts';
import { isDeleted, isExpired, isRevealed } from '../packages/status.ts';
import type { Routes } from '../route.ts';
import { checkSide } from './received-side.ts';
import { authorize, readTransferType, type TransferDeps } from './transfer-spec.ts';

function readSide(query: URLSearchParams): 'sent' | 'received' {
  const side = query.get('type');
  if (side === 'sent' || side === 'received') return side;
  throw refusal(400, 1233, 'type must be sent or received.');
}

/** The OpenAPI document has `path`, ascli sends `source` (aspera-apps-api.md §5.5). */
function readPath(entry: unknown): string {
  const text = isObject(entry) ? (stringField(entry, 'path') ?? stringField(entry, 'source')) : entry;
  if (typeof text !== 'string') throw refusal(400, 1003, 'Every path must be an object with a path.');
  const names = text.split('/').filter((name) => name !== '' && name !== '.');
  if (names.includes('..')) throw refusal(400, 1003, 'A path must stay inside the package.');
  return names.join('/');
}

/** Paths inside the package; none means all of it. */
function readPaths(fields: Fields): readonly string[] {
  const paths = fields.paths ?? [];
  if (!Array.isArray(paths)) throw refusal(400, 1003, 'paths must be an array.');
  return paths.map(readPath).filter((path) => path !== '');
}

/** What may be fetched in which state (aspera-apps-api.md §1.3); `connect` may fetch while the upload still runs. */
function checkState(pkg: Package, transferType: string, now: number): void {
  if (isDeleted(pkg) || isExpired(pkg)) throw refusal(403, 1051, 'A deleted package cannot be downloaded.');
  if (pkg.state.startsWith('file_processing')) throw refusal(403, 1050, 'The package is in an invalid state.');
  if (!isRevealed(pkg, now)) throw refusal(400, 1040, 'The package has not been released.');
  const isUploading = pkg.state === 'held' && pkg.uploadStatus === 'transferring';
  if (isUploading && transferType === 'http_gateway') {
    throw refusal(400, 1239, 'A package cannot be downloaded over HTTP while it is uploaded.');
  }
  if (pkg.state !== 'released' && !isUploading) {
    throw refusal(400, 1054, 'The package cannot be downloaded yet. Try again later.');
  }
}

function checkTerms(pkg: Package, transferType: string, user: User): void {
  if (pkg.options.preventHttpDownload && transferType === 'http_gateway') {
    throw refusal(403, 1238, 'The sender has forbidden to download the package over HTTP.');
  }
  const completed = pkg.downloads.filter(({ status, userId }) => status === 'completed' && userId !== pkg.senderId);
  const { downloadLimit } = pkg.options;
  if (downloadLimit !== undefined && user.id !== pkg.senderId && completed.length >= downloadLimit) {
    throw refusal(400, 1041, 'The download limit of the package has been reached.');
  }
}

async function answer(deps: TransferDeps, request: SimulatorRequest, user: User) {
  const { query } = request;
  const pkg = findPackage(deps.world, request.params.id);
  const transferType = readTransferType(query);
  const side = readSide(query);
  const sight = sightOf(deps.world, user);
  checkSide(sight, pkg, side, query);
  checkState(pkg, transferType, sight.now);
  checkTerms(pkg, transferType, user);
  const inside = readPaths(readFields(request));
  const root = pkg.content;
  const paths = inside.length === 0 ? [{ source: root }] : inside.map((path) => ({ source: `${root}/${path}` }));
  const isPartial = inside.length > 0;
  const spec = await authorize(deps, pkg, user, { direction: 'download', isPartial, request: { paths } });
  const { destination_root: _unused, ...rest } = spec;
  // The OpenAPI document has no paths here; real servers send them (part E, 18).
  const added = { source_root: '', download_name: pkg.title, zip_required: transferType === 'http_gateway', paths };
  return { status: 200, json: { ...rest, ...added } };
}

/** `POST /packages/{id}/transfer_spec/download` (aspera-apps-api.md §5.5). */
export function registerDownloadSpec(routes: Routes, deps: TransferDeps): void {
  routes.user('POST', '/api/v5/packages/:id/transfer_spec/download', (request, user) => answer(deps, request, user));
}

import type { SimulatorRequest, SimulatorResponse } from '../../kit/message.ts';
import { faspexError, refusal } from '../errors.ts';
import { type Fields, readFields, stringField } from '../fields.ts';
import type { User } from '../model.ts';
import type { Package } from '../package.ts';
import type { Routes } from '../route.ts';
import type { World } from '../world.ts';
import {
  deliveriesTo,
  hasReceived,
  isDirect,
  isSender,
  noAccess,
  ownPackage,
  type Sight,
  seePackage,
  sightOf,
} from './access.ts';
import { logEvent } from './events.ts';
import type { Lifecycle } from './lifecycle.ts';
import { packageView } from './package-view.ts';
import { readExpiration, readRelease } from './policies.ts';
import { isDeleted, isExpired } from './status.ts';

/** Bulk calls take no more ids than this (aspera-apps-api.md §1.3, code 1016). */
const BATCH_LIMIT = 25;

function applyRelease(pkg: Package, fields: Fields, now: number): void {
  const rule = readRelease(fields);
  if (!rule) return;
  if (pkg.state !== 'held') throw refusal(400, 1035, 'The package has already been released.');
  pkg.releasePolicy = rule.releasePolicy;
  pkg.releaseDate = rule.releaseDate;
  pkg.isFrozen = false;
  if (pkg.uploadStatus === 'completed') pkg.stateSince = now;
}

function update(world: World, request: SimulatorRequest, user: User): SimulatorResponse {
  const sight = sightOf(world, user);
  const pkg = ownPackage(sight, request.params.id);
  if (isDeleted(pkg) || isExpired(pkg)) throw refusal(400, 1036, 'The package has been deleted or has expired.');
  const fields = readFields(request);
  const expiration = readExpiration(fields, sight.now);
  applyRelease(pkg, fields, sight.now);
  if (expiration) Object.assign(pkg, expiration);
  pkg.processingMessage = stringField(fields, 'file_processing_msg') ?? pkg.processingMessage;
  pkg.modifiedAt = sight.now;
  logEvent(world, pkg, 'package_updated', user.id);
  return { status: 200, json: packageView(sight, pkg) };
}

/** Sender and admins delete; a recipient puts a package away by archiving it. Deleting twice is no error. */
function remove(sight: Sight, lifecycle: Lifecycle, id: string): void {
  const pkg = ownPackage(sight, id);
  if (isDeleted(pkg)) return;
  lifecycle.beginDeletion(pkg);
  logEvent(sight.world, pkg, 'package_deleted', sight.user.id);
}

/** The OpenAPI document has `?ids=1,2`, ascli sends `{"ids":["1","2"]}` (aspera-apps-api.md §5.4). */
function readIds(request: SimulatorRequest): readonly string[] {
  const text = request.query.get('ids');
  const ids = text === null ? readFields(request).ids : text.split(',').map((id) => id.trim());
  if (!Array.isArray(ids) || ids.length === 0 || ids[0] === '') throw refusal(400, 1025, 'ids must be present.');
  if (ids.length > BATCH_LIMIT) throw refusal(400, 1016, `No more than ${BATCH_LIMIT} ids may be given.`);
  return ids.map(String);
}

function removeMany(world: World, lifecycle: Lifecycle, request: SimulatorRequest, user: User): SimulatorResponse {
  const sight = sightOf(world, user);
  const ids = readIds(request);
  const failed = ids.filter((id) => {
    const pkg = world.packages.get(id);
    return !pkg || (!isSender(sight, pkg) && user.role !== 'admin');
  });
  const succeeded = ids.filter((id) => !failed.includes(id));
  for (const id of succeeded) remove(sight, lifecycle, id);
  if (failed.length === 0) return { status: 204 };
  const { code, message } = faspexError(403, 2088, 'The user cannot access this package.');
  // 400 and not 207 for this call, as its own page says (aspera-apps-api.md §5.4).
  return { status: 400, json: { errors: failed.map((id) => ({ id, code, message })), details: { failed, succeeded } } };
}

function archiveReceived(world: World, request: SimulatorRequest, user: User): SimulatorResponse {
  const sight = sightOf(world, user);
  const pkg = seePackage(sight, request.params.id);
  if (!hasReceived(sight, pkg)) throw noAccess();
  const takesAll = request.query.get('archive_all') === 'true';
  const mine = deliveriesTo(sight, pkg).filter((delivery) => takesAll || isDirect(sight, delivery));
  if (mine.length === 0) {
    throw refusal(403, 1053, 'No delivery to the user was found. Set archive_all to archive those of workgroups.');
  }
  for (const { archivedBy } of mine) archivedBy.add(user.id);
  logEvent(world, pkg, 'package_archived', user.id);
  return { status: 200, json: packageView(sight, pkg, 'inbox_all_history') };
}

function archiveSent(world: World, request: SimulatorRequest, user: User): SimulatorResponse {
  const sight = sightOf(world, user);
  const pkg = seePackage(sight, request.params.id);
  if (!isSender(sight, pkg)) throw noAccess();
  pkg.isArchivedBySender = true;
  logEvent(world, pkg, 'package_archived', user.id);
  return { status: 200, json: packageView(sight, pkg, 'outbox_history') };
}

/** One package: show, change, delete, archive (aspera-apps-api.md §5.4). */
export function registerPackageRoutes(routes: Routes, world: World, lifecycle: Lifecycle): void {
  const path = '/api/v5/packages';
  routes.user('GET', `${path}/:id`, ({ params }, user) => {
    const sight = sightOf(world, user);
    return { status: 200, json: packageView(sight, seePackage(sight, params.id)) };
  });
  routes.user('PUT', `${path}/:id`, (request, user) => update(world, request, user));
  routes.user('DELETE', `${path}/:id`, ({ params }, user) => {
    remove(sightOf(world, user), lifecycle, params.id ?? '');
    return { status: 204 };
  });
  routes.user('DELETE', path, (request, user) => removeMany(world, lifecycle, request, user));
  routes.user('POST', `${path}/:id/archive/received`, (request, user) => archiveReceived(world, request, user));
  routes.user('POST', `${path}/:id/archive/sent`, (request, user) => archiveSent(world, request, user));
}

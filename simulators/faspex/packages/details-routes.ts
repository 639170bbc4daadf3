import type { SimulatorRequest, SimulatorResponse } from '../../kit/message.ts';
import { basicUser, personNames } from '../account/user-view.ts';
import { parseStamp, stamp, zuluStamp } from '../dates.ts';
import { refusal } from '../errors.ts';
import { listParameter, matchesSearch, pageOf, sorted } from '../listing.ts';
import type { User } from '../model.ts';
import type { Download, Package, PackageEvent, ProcessedFile } from '../package.ts';
import type { Routes } from '../route.ts';
import type { StorageNode } from '../storage/storage-node.ts';
import type { World } from '../world.ts';
import { isSender, noAccess, seePackage, sightOf } from './access.ts';
import { activeDownloaders, downloadersOf } from './package-view.ts';

/** Progress of an upload; the numbers are text (type UploadPackageTransferDetails). */
function uploadDetails(pkg: Package, now: number) {
  const { startedAt, completedAt, bytesWritten, bytesTotal } = pkg.upload;
  const elapsedMs = startedAt === undefined ? 0 : (completedAt ?? now) - startedAt;
  const bytesPerSecond = Math.floor(bytesWritten / Math.max(elapsedMs / 1000, 1));
  const bytesLeft = Math.max(0, bytesTotal - bytesWritten);
  const percentage = bytesTotal === 0 ? 0 : Math.floor((100 * bytesWritten) / bytesTotal);
  return {
    upload_status: pkg.uploadStatus,
    start_time: startedAt === undefined ? '' : zuluStamp(startedAt),
    completion_time: completedAt === undefined ? '' : zuluStamp(completedAt),
    percentage_complete: String(pkg.uploadStatus === 'completed' ? 100 : percentage),
    time_remaining: String(bytesPerSecond === 0 ? 0 : Math.floor(bytesLeft / bytesPerSecond)),
    bytes_written: String(bytesWritten),
    bytes_total: String(bytesTotal),
    time_elapsed: String(Math.floor(elapsedMs / 1000)),
    average_rate: String(bytesPerSecond),
  };
}

function downloadView(world: World, download: Download) {
  const user = world.users.get(download.userId);
  return {
    ...(user ? personNames(user) : { id: download.userId }),
    ip: download.ip,
    start: zuluStamp(download.startedAt),
    stop: download.stoppedAt === undefined ? '' : zuluStamp(download.stoppedAt),
    type: download.isPartial ? 'partial' : 'full',
  };
}

/** The history of downloads: the receipt (aspera-apps-api.md §5.4). */
function downloadDetails(world: World, { query }: SimulatorRequest, pkg: Package): SimulatorResponse {
  const answer = pageOf(query, 'all_downloads', pkg.downloads, (download) => downloadView(world, download));
  const json = {
    ...(answer.json as object),
    full_downloads: downloadersOf(world, pkg, false),
    partial_downloads: downloadersOf(world, pkg, true),
    active_downloads: activeDownloaders(world, pkg),
  };
  return { status: 200, json };
}

function eventView(world: World, pkg: Package, event: PackageEvent) {
  const user = event.userId === undefined ? undefined : world.users.get(event.userId);
  return {
    id: event.id,
    created_at: stamp(event.at),
    event_type: event.type,
    application: 'packages',
    message: `${event.type} ${pkg.title}`,
    package_id: pkg.id,
    package_name: pkg.title,
    package_uuid: pkg.uuid,
    user: user ? [basicUser(user)] : [],
    client: [],
  };
}

function bound(query: URLSearchParams, name: string, fallback: number): number {
  const text = query.get(name);
  if (!text) return fallback;
  const ms = parseStamp(text);
  if (ms === undefined) throw refusal(400, 1017, `${name} is no valid date.`);
  return ms;
}

function listEvents(world: World, { query }: SimulatorRequest, pkg: Package): SimulatorResponse {
  const types = listParameter(query, 'event_type');
  const start = bound(query, 'created_at_start', Number.NEGATIVE_INFINITY);
  const end = bound(query, 'created_at_end', Number.POSITIVE_INFINITY);
  const rows = pkg.events.filter(
    ({ type, at }) =>
      (types.length === 0 || types.includes(type)) &&
      at >= start &&
      at <= end &&
      matchesSearch(query, [type, pkg.title]),
  );
  const columns = {
    id: ({ id }: PackageEvent) => Number(id),
    created_at: ({ at }: PackageEvent) => at,
    event_type: ({ type }: PackageEvent) => type,
    application: () => 'packages',
  };
  return pageOf(query, 'application_events', sorted(query, rows, columns), (event) => eventView(world, pkg, event));
}

const fileView = (pkg: Package, file: ProcessedFile) => ({
  id: file.id,
  node_id: '1',
  status: file.status,
  path: `${pkg.content}/${file.name}`,
  file_name: file.name,
  updated_at: stamp(pkg.modifiedAt),
  package_uuid: pkg.uuid,
  package_id: pkg.id,
});

/** Progress, history and audit trail of one package (aspera-apps-api.md §5.4). */
export function registerDetailRoutes(routes: Routes, world: World, storage: StorageNode): void {
  const path = '/api/v5/packages/:id';
  const seen = ({ params }: SimulatorRequest, user: User) => seePackage(sightOf(world, user), params.id);
  const sent = (request: SimulatorRequest, user: User) => {
    const pkg = seen(request, user);
    if (!isSender(sightOf(world, user), pkg) && user.role !== 'admin') throw noAccess();
    return pkg;
  };
  routes.user('GET', `${path}/upload_details`, (request, user) => ({
    status: 200,
    json: uploadDetails(seen(request, user), world.clock.now()),
  }));
  routes.user('GET', `${path}/download_details`, (request, user) =>
    downloadDetails(world, request, seen(request, user)),
  );
  routes.user('GET', `${path}/application_events`, (request, user) => listEvents(world, request, seen(request, user)));
  routes.user('GET', `${path}/file_statuses`, (request, user) => {
    const pkg = sent(request, user);
    return pageOf(request.query, 'files', pkg.processedFiles, (file) => fileView(pkg, file));
  });
  routes.user('POST', `${path}/update_stats`, async (request, user) => {
    const pkg = sent(request, user);
    const { bytes, files } = await storage.measure(pkg.content);
    pkg.totalBytes = bytes;
    pkg.totalFiles = files;
    return { status: 200, json: { status: 'completed' } };
  });
}

import { basicUser, personNames } from '../account/user-view.ts';
import { stamp } from '../dates.ts';
import type { Delivery, Download, Package } from '../package.ts';
import type { World } from '../world.ts';
import { deliveriesTo, isSender, type Sight } from './access.ts';
import type { Mailbox } from './mailboxes.ts';
import { downloadAvailability, filesOnServer, statusOf } from './status.ts';

/** Groups have a name only; their id goes into `recipient_workgroup_id` (aspera-apps-api.md §5.5). */
function recipientNames(world: World, delivery: Delivery) {
  if (delivery.kind !== 'user') return { id: delivery.id, name: world.groups.get(delivery.id)?.name ?? '' };
  const user = world.users.get(delivery.id);
  return user ? personNames(user) : { id: delivery.id, name: '' };
}

function isActive(world: World, { kind, id }: Delivery): boolean {
  return kind === 'user' ? world.users.get(id)?.active === true : world.groups.has(id);
}

const recipientView = ({ world, user }: Sight, delivery: Delivery) => ({
  ...recipientNames(world, delivery),
  recipient_type: delivery.kind,
  status: isActive(world, delivery) ? 'active' : 'inactive',
  archived: delivery.archivedBy.has(user.id),
});

/** The sender and the private recipient themselves see private recipients here: the list is never empty for them. */
const visibleRecipients = (sight: Sight, pkg: Package) =>
  pkg.deliveries.filter(
    ({ isPrivate, kind, id }) => !isPrivate || isSender(sight, pkg) || (kind === 'user' && id === sight.user.id),
  );

const downloadsOf = (pkg: Package, status: Download['status'], isPartial?: boolean) =>
  pkg.downloads.filter(
    (download) => download.status === status && (isPartial === undefined || download.isPartial === isPartial),
  );

const whoDownloads = (world: World, { userId }: Download) => {
  const user = world.users.get(userId);
  return user ? personNames(user) : { id: userId };
};

export const activeDownloaders = (world: World, pkg: Package) =>
  downloadsOf(pkg, 'active').map((download) => ({
    ...whoDownloads(world, download),
    progress_percentage_complete: String(download.percentage),
    estimated_time_remaining: String(download.secondsLeft),
  }));

/** Who has finished downloads, each user once with their count; all of them, or only full or partial ones. */
export function downloadersOf(world: World, pkg: Package, isPartial?: boolean) {
  const counts = new Map<string, { download: Download; count: number }>();
  for (const download of downloadsOf(pkg, 'completed', isPartial)) {
    const count = (counts.get(download.userId)?.count ?? 0) + 1;
    counts.set(download.userId, { download, count });
  }
  return [...counts.values()].map(({ download, count }) => ({ ...whoDownloads(world, download), count }));
}

function downloadMembers(world: World, pkg: Package) {
  return {
    active_downloaders: activeDownloaders(world, pkg),
    downloaders: downloadersOf(world, pkg),
    download_limit: pkg.options.downloadLimit ?? null,
    completed_download_count: downloadsOf(pkg, 'completed', false).length,
    completed_partial_download_count: downloadsOf(pkg, 'completed', true).length,
    active_download_count: downloadsOf(pkg, 'active').length,
    download_availability: downloadAvailability(pkg),
  };
}

const processingStatus: Partial<Record<Package['state'], string>> = {
  transient_file_processing: 'processing',
  file_processing_failed: 'processing_failed',
  file_processing_timeout: 'processing_timeout',
};

function stateMembers(pkg: Package) {
  return {
    state: pkg.state,
    upload_status: pkg.uploadStatus,
    status: statusOf(pkg),
    error_desc: pkg.errorDescription,
    files_on_server: filesOnServer(pkg),
    file_processing_status: processingStatus[pkg.state] ?? 'no_processing_performed',
    file_processing_msg: pkg.processingMessage,
    file_processing_reqd: pkg.processedFiles.length > 0,
    data_collector_status: pkg.state === 'released' ? 'completed' : 'not_required',
  };
}

const named = (names: readonly string[]) => names.map((name) => ({ name }));

function policyMembers(pkg: Package) {
  const { options } = pkg;
  return {
    release_policy: pkg.releasePolicy,
    ...(pkg.releaseDate === undefined ? {} : { release_date: stamp(pkg.releaseDate) }),
    expiration_policy: pkg.expirationPolicy,
    expiration_date: pkg.expirationDate === undefined ? null : stamp(pkg.expirationDate),
    prevent_http_download: options.preventHttpDownload,
    obfuscation_enabled: options.obfuscationEnabled,
    ear_enabled: options.earEnabled,
    notified_on_upload: named(options.notifiedOnUpload),
    notified_on_download: named(options.notifiedOnDownload),
    notified_on_receipt: named(options.notifiedOnReceipt),
  };
}

/** Which side of the package the user is on, where no mailbox was asked for. */
const sideOf = (sight: Sight, pkg: Package): Mailbox => (isSender(sight, pkg) ? 'outbox' : 'inbox_all');

function isArchived(sight: Sight, pkg: Package, mailbox: Mailbox): boolean {
  if (!mailbox.startsWith('inbox') && isSender(sight, pkg)) return pkg.isArchivedBySender;
  const mine = deliveriesTo(sight, pkg);
  return mine.length > 0 && mine.every(({ archivedBy }) => archivedBy.has(sight.user.id));
}

function peopleMembers(sight: Sight, pkg: Package) {
  const { world, user } = sight;
  const sender = world.users.get(pkg.senderId);
  const privates = user.role === 'admin' ? pkg.deliveries.filter(({ isPrivate }) => isPrivate) : [];
  return {
    ...(sender ? { sender: basicUser(sender) } : {}),
    recipients: visibleRecipients(sight, pkg).map((delivery) => recipientView(sight, delivery)),
    private_recipients: privates.map((delivery) => recipientView(sight, delivery)),
  };
}

/**
 * A package as one user sees it (type GetPackage). The text of the sender is sent twice, as `note` and as `message`:
 * IBM's sample reply and its response schema do not agree (aspera-apps-api.md part F), and the schema's text is never empty.
 */
export function packageView(sight: Sight, pkg: Package, mailbox: Mailbox = sideOf(sight, pkg)) {
  return {
    id: pkg.id,
    title: pkg.title,
    note: pkg.note,
    ...(pkg.note === '' ? {} : { message: pkg.note }),
    ...policyMembers(pkg),
    ...stateMembers(pkg),
    archived: isArchived(sight, pkg, mailbox),
    total_bytes: pkg.totalBytes,
    total_files: pkg.totalFiles,
    recalculation_needed: false,
    recalculation_in_progress: false,
    ...downloadMembers(sight.world, pkg),
    created_time: stamp(pkg.createdAt),
    last_modified: stamp(pkg.modifiedAt),
    ...(pkg.upload.completedAt === undefined ? {} : { upload_completion_time: stamp(pkg.upload.completedAt) }),
    ...peopleMembers(sight, pkg),
    metadata: pkg.metadata,
    package_uuid: pkg.uuid,
    storage_locations: [],
    type: mailbox,
    pagination_browsing: true,
  };
}

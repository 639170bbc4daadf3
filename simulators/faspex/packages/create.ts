import { randomUUID } from 'node:crypto';
import type { SimulatorRequest, SimulatorResponse } from '../../kit/message.ts';
import { refusal } from '../errors.ts';
import { booleanField, type Fields, isObject, positiveIntegerField, readFields, stringField } from '../fields.ts';
import { checkMetadata, checkTitle } from '../metadata/check-metadata.ts';
import { defaultProfile } from '../metadata/profile-routes.ts';
import type { Group, Profile, User } from '../model.ts';
import type { Delivery, Package, PackageOptions } from '../package.ts';
import type { Routes } from '../route.ts';
import { packageFolders } from '../storage/package-folder.ts';
import type { StorageNode } from '../storage/storage-node.ts';
import type { World } from '../world.ts';
import { sightOf } from './access.ts';
import { logEvent } from './events.ts';
import { packageView } from './package-view.ts';
import { readExpiration, readRelease } from './policies.ts';
import { readRecipients } from './recipients.ts';

const groupsOf = (world: World, deliveries: readonly Delivery[]): readonly Group[] =>
  deliveries.flatMap(({ kind, id }) => (kind === 'user' ? [] : (world.groups.get(id) ?? [])));

/** A group's own profile replaces the default one, which holds for every other recipient. */
function profilesFor(world: World, deliveries: readonly Delivery[]): readonly Profile[] {
  const ids = deliveries.map(({ kind, id }) => (kind === 'user' ? undefined : world.groups.get(id)?.profileId));
  const profiles = ids.map((id) => (id === undefined ? defaultProfile(world) : world.profiles.get(id)));
  return [...new Set(profiles)].filter((profile) => profile !== undefined);
}

/** `yes` demands encryption at rest, `no` forbids it; `server` and `optional` leave it to the sender here. */
function checkEncryption(groups: readonly Group[], earEnabled: boolean): void {
  for (const { encryption } of groups) {
    if ((encryption === 'yes' && !earEnabled) || (encryption === 'no' && earEnabled)) {
      throw refusal(400, 1073, "The encryption value given does not match the server's required value.");
    }
  }
}

function checkSender(sender: User, deliveries: readonly Delivery[]): void {
  if (!sender.uploadsAllowed) throw refusal(400, 1056, 'The user may not upload.');
  const isNormal = deliveries.some(({ kind }) => kind !== 'shared_inbox');
  if (isNormal && sender.canSendNormalPackages === 'no') {
    throw refusal(400, 1059, 'The user may not send normal packages.');
  }
}

function readMetadata(fields: Fields): Fields {
  const metadata = fields.metadata ?? {};
  if (!isObject(metadata)) throw refusal(400, 1453, 'metadata must be an object.');
  return metadata;
}

function readTitle(fields: Fields): string {
  const title = stringField(fields, 'title');
  if (title === undefined) throw refusal(400, 1003, 'The parameter title is missing.');
  return title;
}

function readNotified(fields: Fields, kind: 'upload' | 'download' | 'receipt', sender: User): readonly string[] {
  const entries = fields[`notified_on_${kind}`] ?? [];
  if (!Array.isArray(entries) || !entries.every(isObject)) {
    throw refusal(400, 1061, `notified_on_${kind} must be an array of objects.`);
  }
  const names = entries.flatMap((entry) => stringField(entry, 'name') ?? []);
  return booleanField(fields, `notify_on_${kind}`) ? [sender.username, ...names] : names;
}

const readOptions = (fields: Fields, sender: User): PackageOptions => ({
  earEnabled: booleanField(fields, 'ear_enabled'),
  obfuscationEnabled: booleanField(fields, 'obfuscation_enabled'),
  preventHttpDownload: booleanField(fields, 'prevent_http_download'),
  downloadLimit: positiveIntegerField(fields, 'download_limit'),
  notifiedOnUpload: readNotified(fields, 'upload', sender),
  notifiedOnDownload: readNotified(fields, 'download', sender),
  notifiedOnReceipt: readNotified(fields, 'receipt', sender),
});

/** What a new package starts as, apart from what the request says (state and upload status: §5.3, a guess). */
export const newPackageState = (now: number) => ({
  createdAt: now,
  modifiedAt: now,
  state: 'held' as const,
  stateSince: now,
  uploadStatus: 'submitted' as const,
  upload: { startedAt: undefined, completedAt: undefined, bytesWritten: 0, bytesTotal: 0 },
  uploadSeenAt: now,
  totalBytes: 0,
  totalFiles: 0,
  errorDescription: '',
  isArchivedBySender: false,
  downloads: [],
  events: [],
  processedFiles: [],
  processingMessage: null,
  failsProcessing: false,
  isFrozen: false,
});

/** Checks a request to create or forward a package (§5.3) and makes the package; the world does not have it yet. */
export function draftPackage(world: World, sender: User, fields: Fields): Package {
  const title = readTitle(fields);
  const deliveries = readRecipients(world, sender, fields);
  const metadata = readMetadata(fields);
  const options = readOptions(fields, sender);
  checkSender(sender, deliveries);
  checkEncryption(groupsOf(world, deliveries), options.earEnabled);
  const skipsMetadata = booleanField(fields, 'skip_metadata_validation');
  for (const profile of profilesFor(world, deliveries)) {
    checkTitle(profile, title);
    if (!skipsMetadata) checkMetadata(profile, metadata);
  }
  const now = world.clock.now();
  const uuid = randomUUID();
  return {
    id: world.nextId('package'),
    uuid,
    title,
    note: stringField(fields, 'note') ?? '',
    senderId: sender.id,
    deliveries,
    metadata,
    options,
    ...packageFolders(title, uuid),
    ...newPackageState(now),
    ...(readRelease(fields) ?? { releasePolicy: 'now', releaseDate: undefined }),
    ...(readExpiration(fields, now) ?? { expirationPolicy: 'none', expirationDate: undefined }),
  };
}

/** Takes a package into the world. */
export function addPackage(world: World, pkg: Package): void {
  world.packages.set(pkg.id, pkg);
  logEvent(world, pkg, 'package_sent', pkg.senderId);
}

async function create(
  world: World,
  storage: StorageNode,
  request: SimulatorRequest,
  user: User,
): Promise<SimulatorResponse> {
  const pkg = draftPackage(world, user, readFields(request));
  await storage.createFolders([pkg.folder, pkg.content]);
  addPackage(world, pkg);
  return { status: 201, json: packageView(sightOf(world, user), pkg) };
}

/** `POST /packages`: makes the record and reserves the folder on the storage node (aspera-apps-api.md §5.3). */
export function registerCreate(routes: Routes, world: World, storage: StorageNode): void {
  routes.user('POST', '/api/v5/packages', (request, user) => create(world, storage, request, user));
}

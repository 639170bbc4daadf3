import type { Random } from '../../kit/random.ts';
import type { Package, PackageState, UploadStatus } from '../package.ts';

/** Where in its life a seeded package stands. */
export interface Stage {
  readonly state: PackageState;
  readonly uploadStatus: UploadStatus;
  readonly releasePolicy?: 'later' | 'on_date';
  readonly hasFiles: boolean;
}

const held = (uploadStatus: UploadStatus): Stage => ({ state: 'held', uploadStatus, hasFiles: false });
const uploaded = (state: PackageState): Stage => ({ state, uploadStatus: 'completed', hasFiles: true });
const gone = (state: PackageState): Stage => ({ state, uploadStatus: 'completed', hasFiles: false });

export const released = uploaded('released');

/** How many packages of 500 stand where; all others are released. */
const shares: readonly (readonly [number, Stage])[] = [
  [14, held('transferring')],
  [8, held('submitted')],
  [6, held('queued')],
  [5, held('paused')],
  [2, held('stopped')],
  [3, held('will_retry')],
  [4, held('error')],
  [6, held('failed')],
  [4, held('timed_out')],
  [2, held('pre_initiation')],
  [4, uploaded('held')],
  [5, { ...uploaded('held'), releasePolicy: 'later' }],
  [4, { ...uploaded('held'), releasePolicy: 'on_date' }],
  [3, uploaded('transient_file_processing')],
  [4, uploaded('transient_held_to_released_start')],
  [3, uploaded('transient_held_to_released_routing_packages')],
  [2, uploaded('transient_held_to_released_finish')],
  [4, uploaded('file_processing_failed')],
  [2, uploaded('file_processing_timeout')],
  [3, uploaded('transient_released_to_expired')],
  [6, uploaded('expired')],
  [2, gone('transient_released_to_deleted')],
  [18, gone('deleted')],
];

/** A stage for each of `count` packages, mixed; with few packages most are released. */
export function planStages(random: Random, count: number): readonly Stage[] {
  const stages = shares.flatMap(([share, stage]) =>
    Array.from({ length: Math.round((share * count) / 500) }, () => stage),
  );
  while (stages.length < count) stages.push(released);
  for (let index = stages.length - 1; index > 0; index -= 1) {
    const other = random.integer(0, index);
    [stages[index], stages[other]] = [stages[other] ?? released, stages[index] ?? released];
  }
  return stages;
}

const DAY_MS = 86_400_000;

const failures: Partial<Record<UploadStatus, string>> = {
  error: 'Disk write failed on the server.',
  failed: 'The transfer failed.',
  timed_out: 'The upload timed out.',
};

function moveUpload(random: Random, pkg: Package, stage: Stage, bytes: number): void {
  const { upload } = pkg;
  const isStarted = !['submitted', 'queued', 'pre_initiation'].includes(stage.uploadStatus);
  if (!isStarted) return;
  upload.startedAt = pkg.createdAt + 20_000;
  upload.bytesTotal = bytes;
  upload.bytesWritten = bytes;
  if (stage.uploadStatus !== 'completed') {
    upload.bytesTotal = random.integer(40_000_000, 90_000_000_000);
    upload.bytesWritten = Math.floor(upload.bytesTotal * random.next());
    return;
  }
  upload.completedAt = pkg.createdAt + random.integer(30_000, 900_000);
}

function moveRelease(pkg: Package, stage: Stage, now: number): void {
  const isHeld = stage.state === 'held' || stage.state.startsWith('transient_held');
  if (stage.releasePolicy) pkg.releasePolicy = stage.releasePolicy;
  if (stage.releasePolicy === 'on_date') pkg.releaseDate = now + 7 * DAY_MS;
  else if (!isHeld) pkg.releaseDate = pkg.upload.completedAt;
  if (stage.state.includes('expired')) {
    pkg.expirationPolicy = 'delete_after_expiration_date';
    pkg.expirationDate = now;
  }
}

function moveProcessing(pkg: Package, stage: Stage, fileNames: readonly string[]): void {
  const isProcessing = stage.state.includes('file_processing');
  if (!isProcessing) return;
  const status = stage.state === 'file_processing_failed' ? 'processing_failed' : 'processing';
  pkg.processedFiles = fileNames.map((name, index) => ({ id: `${pkg.id}${index}`, name, status }));
  if (stage.state === 'file_processing_failed') pkg.processingMessage = 'A file did not pass the virus scan.';
}

/** Brings a new package to a stage, with its files already on the node. */
export function moveTo(
  random: Random,
  pkg: Package,
  stage: Stage,
  files: readonly { readonly name: string; readonly bytes: number }[],
  now: number,
): void {
  const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
  pkg.state = stage.state;
  pkg.uploadStatus = stage.uploadStatus;
  pkg.errorDescription = failures[stage.uploadStatus] ?? '';
  pkg.totalBytes = bytes;
  pkg.totalFiles = files.length;
  moveUpload(random, pkg, stage, bytes);
  moveRelease(pkg, stage, now);
  moveProcessing(
    pkg,
    stage,
    files.map(({ name }) => name),
  );
  pkg.stateSince = pkg.upload.completedAt ?? pkg.createdAt;
  pkg.modifiedAt = pkg.stateSince;
  pkg.isFrozen = stage !== released && stage.releasePolicy === undefined;
}

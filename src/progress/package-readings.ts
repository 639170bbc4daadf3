import type { FaspexPackage, FaspexUploadDetails } from '../sources/faspex/types.ts';
import { SourceError } from '../transport/source-error.ts';

/** What of a package makes it different, for somebody who watches its status: states and numbers, and nothing of its content. */
export type PackageFacts = Pick<
  FaspexPackage,
  'status' | 'vendorStatus' | 'uploadStatus' | 'sizeBytes' | 'fileCount' | 'downloadCount'
>;

/** What somebody has read of a package that is watched: its state, or that it is gone. */
export interface PackageChange {
  readonly packageId: string;
  /** undefined when the package is gone, or is no longer the reader's to see. */
  readonly pkg: FaspexPackage | undefined;
  /** What another process has told of a package that has still to be read here; `pkg` is undefined then. */
  readonly unread?: PackageFacts | undefined;
  /** How far its upload has come; undefined while it does not upload. */
  readonly upload: FaspexUploadDetails | undefined;
  /** The same for two readings between which nothing happened that a watcher is told of. */
  readonly state: string;
  /** Readings with a higher number are newer. */
  readonly order: number;
}

export type ReadPackage = () => Promise<FaspexPackage>;

/** What is known of the packages that one identity watches, whoever has read it: the poll or a subscriber who came. */
export interface PackageReadings {
  /** What is known of the package once `read` has answered: the newest that anybody has read. */
  look(packageId: string, read: ReadPackage): Promise<PackageChange>;
  /** The same for a subscriber, who is told what was found (`isTold`), or has been told something before. */
  lookFor(packageId: string, read: ReadPackage, isTold: boolean): Promise<PackageChange>;
  /** What is known of a package that is watched: nothing before somebody has read it. */
  known(packageId: string): PackageChange | undefined;
  /** Takes note of how far the upload of a package has come whose status is known. */
  noteUpload(packageId: string, upload: FaspexUploadDetails): void;
  /** Those of these packages that are not as they were told. Others are forgotten. */
  takeChanges(packageIds: readonly string[]): PackageChange[];
  /** The number of a reading that begins now: what another process has told counts as one. */
  nextOrder(): number;
  /** Takes note of a state that another process has told. */
  noteTold(change: PackageChange): void;
  /** These changes have not been told after all. */
  takeBack(changes: readonly PackageChange[]): void;
}

/** Packages that are remembered at most; one that is forgotten is told of once more. */
const MAX_REMEMBERED = 10_000;

/** Subscribers know different states: whatever comes next is told. */
const DIFFERENT = 'different';

/** What makes a package different from what it was, for somebody who watches its status; the progress of an upload aside. */
export function packageStateOf(pkg: FaspexPackage | undefined): string {
  if (pkg === undefined) return 'gone';
  const { status, vendorStatus, uploadStatus, sizeBytes, fileCount, downloadCount } = pkg;
  return JSON.stringify([status, vendorStatus, uploadStatus, sizeBytes, fileCount, downloadCount]);
}

function changeOf(
  { packageId, order }: Pick<PackageChange, 'packageId' | 'order'>,
  pkg: FaspexPackage | undefined,
  upload?: FaspexUploadDetails,
): PackageChange {
  const done = upload === undefined ? '' : JSON.stringify([upload.writtenBytes, upload.totalBytes, upload.progress]);
  return { packageId, pkg, upload, state: packageStateOf(pkg) + done, order };
}

/** Faspex answers 403 for a package that one may not see (aspera-apps-api.md §5.4): for the watcher it is gone. */
export function goneToUndefined(error: unknown): undefined {
  const isGone = error instanceof SourceError && (error.code === 'NOT_FOUND' || error.code === 'SOURCE_FORBIDDEN');
  if (!isGone) throw error;
}

interface State {
  /** What the reading that began last has found of each watched package. */
  readonly newest: Map<string, PackageChange>;
  /** States that were told, also of packages that nobody watches now: who comes back is not told them again. */
  readonly told: Map<string, string>;
  readings: number;
}

/** Keeps the entry, and of too many those that were kept longest ago not. */
function remember<T>(memory: Map<string, T>, packageId: string, value: T): void {
  memory.delete(packageId);
  memory.set(packageId, value);
  for (const oldest of memory.keys()) {
    if (memory.size <= MAX_REMEMBERED) return;
    memory.delete(oldest);
  }
}

/** Readings may overtake each other: each is numbered when it begins, and an older one does not replace a newer. */
async function look(state: State, packageId: string, read: ReadPackage): Promise<PackageChange> {
  state.readings += 1;
  const order = state.readings;
  const pkg = await read().catch(goneToUndefined);
  const known = state.newest.get(packageId);
  // A package that still uploads has come as far as was last heard.
  const upload = pkg?.status === 'UPLOADING' ? known?.upload : undefined;
  const found = changeOf({ packageId, order }, pkg, upload);
  if (known && known.order > order) return known;
  // A package that nobody has seen cannot go: a made-up id leaves no trace.
  if (known || pkg) remember(state.newest, packageId, found);
  return found;
}

/** What one subscriber learns by themselves is not news to them when the poll finds it; to others it is. */
function noteTold({ told }: State, { packageId, pkg, state }: PackageChange, isTold: boolean): void {
  const last = told.get(packageId);
  if (pkg === undefined || last === state) return;
  remember(told, packageId, last === undefined && isTold ? state : DIFFERENT);
}

function takeChanges({ newest, told }: State, packageIds: readonly string[]): PackageChange[] {
  const watched = new Set(packageIds);
  for (const packageId of newest.keys()) if (!watched.has(packageId)) newest.delete(packageId);
  const changes = [...newest.values()].filter(({ packageId, state }) => told.get(packageId) !== state);
  for (const { packageId, state } of changes) remember(told, packageId, state);
  return changes;
}

/** The reading is a new one, so that it is told. */
function noteUpload(state: State, packageId: string, upload: FaspexUploadDetails): void {
  const known = state.newest.get(packageId);
  if (known?.pkg?.status !== 'UPLOADING') return;
  state.readings += 1;
  remember(state.newest, packageId, changeOf({ packageId, order: state.readings }, known.pkg, upload));
}

export function createPackageReadings(): PackageReadings {
  const state: State = { newest: new Map(), told: new Map(), readings: 0 };
  return {
    look: (packageId, read) => look(state, packageId, read),
    lookFor: async (packageId, read, isTold) => {
      const change = await look(state, packageId, read);
      noteTold(state, change, isTold);
      return change;
    },
    known: (packageId) => state.newest.get(packageId),
    noteUpload: (packageId, upload) => noteUpload(state, packageId, upload),
    takeChanges: (packageIds) => takeChanges(state, packageIds),
    nextOrder: () => {
      state.readings += 1;
      return state.readings;
    },
    noteTold: ({ packageId, state: told }) => remember(state.told, packageId, told),
    takeBack: (changes) => {
      for (const { packageId } of changes) state.told.delete(packageId);
    },
  };
}

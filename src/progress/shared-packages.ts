import type { FaspexPackage, FaspexUploadDetails } from '../sources/faspex/types.ts';
import {
  goneToUndefined,
  type PackageChange,
  type PackageFacts,
  type PackageReadings,
  type ReadPackage,
} from './package-readings.ts';
import type { Codec } from './redis/mirror.ts';
import type { Watch } from './types.ts';

/**
 * How changes of packages are shared between processes. The log holds a package's id, its states and its numbers, and
 * nothing of what is in it: titles, notes, recipients and metadata are for those who may read the package. So each
 * process reads the rest with its own credential of the same identity, when a subscriber is about to be told, and once
 * for all of them. What was logged is shown as it was; the rest is as it is now.
 */
export interface SharedPackages {
  readonly codec: Codec<PackageChange>;
  /** The same events, of which each has its package. */
  complete(watch: Watch<PackageChange>): Watch<PackageChange>;
}

/** A change as it is logged; a package that is gone has no facts. */
interface Logged {
  readonly packageId: string;
  readonly state: string;
  readonly facts?: PackageFacts;
  readonly upload?: FaspexUploadDetails;
}

const factsOf = ({ status, ...pkg }: PackageFacts): PackageFacts => {
  const { vendorStatus, uploadStatus, sizeBytes, fileCount, downloadCount } = pkg;
  return { status, vendorStatus, uploadStatus, sizeBytes, fileCount, downloadCount };
};

function encode({ packageId, state, pkg, unread, upload }: PackageChange): string {
  const known = pkg ?? unread;
  return JSON.stringify({ packageId, state, facts: known && factsOf(known), upload });
}

/** JSON leaves out what is undefined, and that counts as well. */
function readUpload(upload: FaspexUploadDetails): FaspexUploadDetails {
  const { uploadStatus, progress, startedAt, completedAt, ...numbers } = upload;
  const { writtenBytes, totalBytes, elapsedMs, remainingMs } = numbers;
  return { uploadStatus, progress, startedAt, completedAt, writtenBytes, totalBytes, elapsedMs, remainingMs };
}

function decode(text: string, order: number): PackageChange {
  const { packageId, state, facts, upload }: Logged = JSON.parse(text);
  return {
    ...{ packageId, state, order, pkg: undefined },
    unread: facts && factsOf(facts),
    upload: upload && readUpload(upload),
  };
}

interface State {
  readonly readings: PackageReadings;
  readonly read: (packageId: string) => ReturnType<ReadPackage>;
  /** Readings under way. */
  readonly flights: Map<string, Promise<FaspexPackage | undefined>>;
}

function readShared({ read, flights }: State, packageId: string): Promise<FaspexPackage | undefined> {
  const known = flights.get(packageId);
  if (known !== undefined) return known;
  const flight = read(packageId).catch(goneToUndefined);
  const forget = () => void flights.delete(packageId);
  flights.set(packageId, flight);
  flight.then(forget, forget);
  return flight;
}

async function completeOne(state: State, change: PackageChange): Promise<PackageChange> {
  const { packageId, unread } = change;
  if (!unread) return change;
  const known = state.readings.known(packageId);
  const isKnown = known?.pkg !== undefined && known.state === change.state;
  const pkg = isKnown ? known.pkg : await readShared(state, packageId);
  return { ...change, pkg: pkg && { ...pkg, ...unread }, unread: undefined };
}

export function createSharedPackages(readings: PackageReadings, read: State['read']): SharedPackages {
  const state: State = { readings, read, flights: new Map() };
  const complete = (watch: Watch<PackageChange>): Watch<PackageChange> => {
    const values: Watch<PackageChange> = {
      next: async () => {
        const next = await watch.next();
        if (next.done || next.value.kind === 'gap') return next;
        return { done: false, value: { ...next.value, value: await completeOne(state, next.value.value) } };
      },
      return: () => watch.return(),
      ready: watch.ready,
      get waiting() {
        return watch.waiting;
      },
      [Symbol.asyncIterator]: () => values,
    };
    return values;
  };
  return { codec: { encode, decode: (text) => decode(text, readings.nextOrder()) }, complete };
}

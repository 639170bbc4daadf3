import type { FaspexClient } from '../sources/faspex/source.ts';
import type { FaspexPackage, Page } from '../sources/faspex/types.ts';
import { SourceError } from '../transport/source-error.ts';
import { packageStateOf } from './package-readings.ts';

/** Finds out, for one upstream identity, which of the watched packages may have changed, without reading each of them. */
export interface ChangedPackages {
  /** Those of these packages that have to be read; `known` gives the state in which one was read last. */
  among(
    client: FaspexClient,
    packageIds: readonly string[],
    known: (packageId: string) => string | undefined,
  ): Promise<readonly string[]>;
  /** One of them has been read: only what the list shows differently from now on is a change. */
  noteRead(packageId: string): void;
}

/** So few are simply read: the list would cost as much. */
const FEW = 3;

const PAGE = 100;

/** A list that would cost more than the packages themselves, or that is refused, is tried again after this time. */
const DEAR_MS = 60_000;
const REFUSED_MS = 60 * 60_000;

/** A package that the list does not show is read after this time, to find out whether it is gone. */
const UNLISTED_MS = 60_000;
const UNLISTED_AT_ONCE = 5;

/** The server's day may have begun half a day before or after ours. */
const HALF_DAY_MS = 12 * 60 * 60_000;

interface State {
  readonly now: () => number;
  /** How the list showed each package when it was read last, and how it shows it now. */
  readonly listed: Map<string, string>;
  shown: ReadonlyMap<string, string>;
  /** When a package that the list does not show was read last, or first missed there. */
  readonly unlisted: Map<string, number>;
  tryAgainMs: number;
}

/** Where to read on when this page has been read; nothing at the end, `dear` when it would cost more than it saves. */
function placeAfter({ next, total }: Page<unknown>, wanted: number): number | 'dear' | undefined {
  if (next === undefined) return undefined;
  return Math.ceil((total ?? next + 1) / PAGE) > wanted ? 'dear' : next;
}

/** The states of the watched packages that the list shows; undefined when reading on would be dearer than reading them. */
async function readList({ now }: State, client: FaspexClient, wanted: ReadonlySet<string>) {
  const filter = { changedSince: new Date(now() - HALF_DAY_MS) };
  const states = new Map<string, string>();
  let offset: number | 'dear' | undefined = 0;
  while (typeof offset === 'number' && states.size < wanted.size) {
    const page: Page<FaspexPackage> = await client.listPackages({ mailbox: 'ALL', filter, offset, limit: PAGE });
    for (const item of page.items) {
      if (item instanceof SourceError || !wanted.has(item.packageId)) continue;
      states.set(item.packageId, packageStateOf(item));
    }
    offset = placeAfter(page, wanted.size);
  }
  return offset === 'dear' ? undefined : states;
}

/** Some users may not read this list, and nothing is lost without it. */
const isRefused = (error: unknown) =>
  error instanceof SourceError && /^(BAD_INPUT|NOT_FOUND|SOURCE_FORBIDDEN)$/.test(error.code);

async function tryList(state: State, client: FaspexClient, packageIds: readonly string[]) {
  if (packageIds.length <= FEW || state.now() < state.tryAgainMs) return undefined;
  try {
    const states = await readList(state, client, new Set(packageIds));
    if (!states) state.tryAgainMs = state.now() + DEAR_MS;
    return states;
  } catch (error) {
    if (!isRefused(error)) throw error;
    state.tryAgainMs = state.now() + REFUSED_MS;
    return undefined;
  }
}

/** Packages that are not listed have not changed, or are gone: a few of them have their turn. */
function takeUnlisted({ unlisted, now }: State, packageIds: readonly string[]): readonly string[] {
  const nowMs = now();
  const due: string[] = [];
  for (const packageId of packageIds) {
    const sinceMs = unlisted.get(packageId);
    if (sinceMs === undefined) unlisted.set(packageId, nowMs);
    else if (sinceMs <= nowMs - UNLISTED_MS && due.length < UNLISTED_AT_ONCE) due.push(packageId);
  }
  for (const packageId of due) unlisted.set(packageId, nowMs);
  return due;
}

function forgetOthers(map: Map<string, unknown>, packageIds: ReadonlySet<string>): void {
  for (const packageId of map.keys()) if (!packageIds.has(packageId)) map.delete(packageId);
}

/**
 * Faspex can be asked for what has changed since a day (`changed_since_date`, aspera-apps-api.md §5.1): one list of all
 * mailboxes, however many packages are watched. Where it is short, a poll costs its pages and one call for each package
 * that has changed; where it is long, or few are watched, each of them is read.
 */
export function createChangedPackages(now: () => number = Date.now): ChangedPackages {
  const state: State = { now, listed: new Map(), shown: new Map(), unlisted: new Map(), tryAgainMs: 0 };
  return {
    among: async (client, packageIds, known) => {
      const states = await tryList(state, client, packageIds);
      const watched = new Set(packageIds);
      forgetOthers(state.listed, watched);
      forgetOthers(state.unlisted, watched);
      state.shown = states ?? new Map();
      if (!states) return packageIds;
      // A list may show less of a package than the package itself: what it showed before counts as well.
      const isSame = (packageId: string) =>
        states.get(packageId) === known(packageId) || states.get(packageId) === state.listed.get(packageId);
      const changed = [...states.keys()].filter((packageId) => !isSame(packageId));
      for (const packageId of states.keys()) state.unlisted.delete(packageId);
      const missing = packageIds.filter((packageId) => !states.has(packageId));
      const unread = missing.filter((packageId) => known(packageId) === undefined);
      const others = missing.filter((packageId) => known(packageId) !== undefined);
      return [...changed, ...unread, ...takeUnlisted(state, others)];
    },
    noteRead: (packageId) => {
      const shown = state.shown.get(packageId);
      if (shown !== undefined) state.listed.set(packageId, shown);
    },
  };
}

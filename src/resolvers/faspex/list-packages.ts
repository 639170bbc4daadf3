import type { BoundFaspex } from '../../context/context.ts';
import type {
  FaspexMailbox,
  FaspexPackage,
  FaspexPackageFilter,
  FaspexReleasePolicy,
} from '../../sources/faspex/types.ts';
import { SourceError } from '../../transport/source-error.ts';
import { type Connection, type Edge, type PageArguments, pageSize, toConnection } from '../connection.ts';
import { createPageCursors } from '../page-cursor.ts';
import { type FaspexPackageNode, toPackageNode } from './package.ts';

type Optional<T> = T | null | undefined;

export interface PackageFilterInput {
  readonly search?: Optional<string>;
  readonly vendorStatus?: Optional<string>;
  readonly createdAfter?: Optional<Date>;
  readonly createdBefore?: Optional<Date>;
  readonly changedSince?: Optional<Date>;
  readonly workgroupIds?: Optional<readonly string[]>;
  readonly sharedInboxIds?: Optional<readonly string[]>;
  readonly releasePolicy?: Optional<FaspexReleasePolicy>;
}

export interface ListPackagesArguments extends PageArguments {
  readonly mailbox?: Optional<FaspexMailbox>;
  readonly filter?: Optional<PackageFilterInput>;
}

/**
 * Where a page ended. Faspex pages by offset and sorts newest first, so rows slide while one reads. The anchor (its own
 * clock at the first page) keeps new packages out; the last ids find the place again when earlier rows have gone.
 */
interface Position {
  readonly anchor: string;
  /** Offset of the last row that was given. */
  readonly offset: number;
  /** The last rows that were given, newest last. */
  readonly lastIds: readonly string[];
}

/** How many of the last rows a cursor remembers: any of them is enough to find the place again. */
const REMEMBERED = 5;

/** Pages that are read backwards at most to find the place again. */
const MAX_PAGES_BACK = 2;

const isPosition = (value: unknown): value is Position => {
  const { anchor, offset, lastIds } = (value ?? {}) as Partial<Position>;
  return (
    typeof anchor === 'string' &&
    !Number.isNaN(Date.parse(anchor)) &&
    Number.isSafeInteger(offset) &&
    Array.isArray(lastIds) &&
    lastIds.every((id) => typeof id === 'string')
  );
};

type Row = FaspexPackage | SourceError;

interface Slice {
  readonly rows: readonly Row[];
  /** Offset of the first of the rows. */
  readonly offset: number;
  readonly hasMore: boolean;
  readonly total: number | undefined;
  readonly shifted: boolean;
}

const idOf = (row: Row | undefined) => (row === undefined || row instanceof SourceError ? undefined : row.packageId);

type ReadRows = (offset: number, limit: number) => Promise<Omit<Slice, 'offset' | 'shifted'>>;

/** Index behind the last row that the reader had already; undefined when none of those is in sight. */
function indexBehindKnown(rows: readonly Row[], lastIds: readonly string[]): number | undefined {
  const known = new Set(lastIds);
  const last = rows.findLastIndex((row) => known.has(idOf(row) ?? ''));
  return last < 0 ? undefined : last + 1;
}

/** Reads on from where a page ended: overlapping by one row, and further back when that row is not where it was. */
async function readOn(read: ReadRows, position: Position, size: number): Promise<Slice> {
  const { offset, lastIds } = position;
  const ahead = await read(offset, size + 1);
  if (idOf(ahead.rows[0]) === lastIds.at(-1)) return cut(ahead, offset, 1, size, false);
  let rows = ahead.rows;
  let start = offset;
  for (let pages = 0; pages < MAX_PAGES_BACK && start > 0; pages += 1) {
    const from = Math.max(0, start - size);
    const back = await read(from, start - from);
    rows = [...back.rows, ...rows];
    start = from;
    const behind = indexBehindKnown(rows, lastIds);
    if (behind !== undefined) return cut({ ...ahead, rows }, start, behind, size, false);
  }
  // Whether anything was missed cannot be told any more: go on at the same offset, and say so.
  return cut(ahead, offset, 1, size, true);
}

function cut(
  found: Omit<Slice, 'offset' | 'shifted'>,
  start: number,
  skip: number,
  size: number,
  shifted: boolean,
): Slice {
  const rows = found.rows.slice(skip, skip + size);
  const hasMore = found.hasMore || found.rows.length > skip + size;
  return { rows, offset: start + skip, hasMore, total: found.total, shifted };
}

const readFilter = (filter: Optional<PackageFilterInput>, anchor: Date): FaspexPackageFilter => {
  const given = Object.fromEntries(
    Object.entries(filter ?? {}).filter(([, value]) => value != null),
  ) as FaspexPackageFilter;
  const { createdBefore } = given;
  return { ...given, createdBefore: createdBefore && createdBefore < anchor ? createdBefore : anchor };
};

/** A page of a mailbox, newest first. One upstream call a page, and up to two more when earlier rows have gone. */
export async function listPackages(
  faspex: BoundFaspex,
  args: ListPackagesArguments,
): Promise<Connection<FaspexPackageNode>> {
  const { client, source, identity } = faspex;
  const mailbox = args.mailbox ?? 'INBOX_ALL';
  const cursors = createPageCursors(
    ['faspex.packages', source.name, identity.key, mailbox, args.filter ?? null],
    isPosition,
  );
  const after = args.after == null ? undefined : cursors.decode(args.after);
  const anchor = after ? new Date(after.anchor) : await client.serverNow();
  const filter = readFilter(args.filter, anchor);
  const size = pageSize(args);
  const read: ReadRows = async (offset, limit) => {
    const page = await client.listPackages({ mailbox, filter, offset, limit });
    return { rows: page.items, hasMore: page.next !== undefined, total: page.total };
  };
  const slice = after ? await readOn(read, after, size) : { ...(await read(0, size)), offset: 0, shifted: false };
  const lastIdsUpTo = (index: number) =>
    [...(after?.lastIds ?? []), ...slice.rows.slice(0, index + 1).flatMap((row) => idOf(row) ?? [])].slice(-REMEMBERED);
  const edges = slice.rows.map(
    (row, index): Edge<FaspexPackageNode> => ({
      node: row instanceof SourceError ? row : toPackageNode(source.name, row),
      cursor: cursors.encode({
        anchor: anchor.toISOString(),
        offset: slice.offset + index,
        lastIds: lastIdsUpTo(index),
      }),
    }),
  );
  return toConnection(edges, { hasNextPage: slice.hasMore, totalCount: slice.total, shifted: slice.shifted });
}

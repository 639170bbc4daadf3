import type { BoundFaspex } from '../../context/context.ts';
import type {
  FaspexMailbox,
  FaspexPackage,
  FaspexPackageFilter,
  FaspexReleasePolicy,
} from '../../sources/faspex/types.ts';
import { SourceError } from '../../transport/source-error.ts';
import { type Connection, type Edge, type PageArguments, pageSize, toConnection } from '../connection.ts';
import { isOffsetPosition, type OffsetPosition, readOffsetPage } from '../offset-pages.ts';
import { createPageCursors } from '../page-cursor.ts';
import { offsetList } from './list-by-offset.ts';
import { type FaspexPackageNode, toPackageNode } from './package.ts';

type Optional<T> = T | null | undefined;

export interface PackageFilterInput {
  readonly search?: Optional<string>;
  readonly vendorStatus?: Optional<string>;
  readonly vendorUploadStatus?: Optional<string>;
  readonly createdAfter?: Optional<Date>;
  readonly createdBefore?: Optional<Date>;
  readonly uploadedAfter?: Optional<Date>;
  readonly uploadedBefore?: Optional<Date>;
  readonly changedSince?: Optional<Date>;
  readonly workgroupIds?: Optional<readonly string[]>;
  readonly sharedInboxIds?: Optional<readonly string[]>;
  readonly releasePolicy?: Optional<FaspexReleasePolicy>;
  readonly ignoreDeleted?: Optional<boolean>;
}

export interface ListPackagesArguments extends PageArguments {
  readonly mailbox?: Optional<FaspexMailbox>;
  readonly filter?: Optional<PackageFilterInput>;
}

/**
 * Where a page ended. Faspex pages by offset and sorts newest first, so rows slide while one reads. The anchor (its own
 * clock at the first page) keeps new packages out; the last ids find the place again when earlier rows have gone. The
 * clock is up to two seconds fast: a package of that time may come in before the place, and moves it like any other.
 */
interface Position extends OffsetPosition {
  readonly anchor: string;
}

const isPosition = (value: unknown): value is Position => {
  const { anchor } = (value ?? {}) as Partial<Position>;
  return typeof anchor === 'string' && !Number.isNaN(Date.parse(anchor)) && isOffsetPosition(value);
};

const readFilter = (filter: Optional<PackageFilterInput>, anchor: Date): FaspexPackageFilter => {
  const { vendorUploadStatus, ...rest } = filter ?? {};
  const given = { ...rest, uploadStatus: vendorUploadStatus };
  const set = Object.fromEntries(Object.entries(given).filter(([, value]) => value != null)) as FaspexPackageFilter;
  const { createdBefore } = set;
  return { ...set, createdBefore: createdBefore && createdBefore < anchor ? createdBefore : anchor };
};

/** A page of a mailbox, newest first. One upstream call a page, and up to five more when rows have come or gone. */
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
  const list = offsetList<FaspexPackage>(
    (part) => client.listPackages({ mailbox, filter, ...part }),
    ({ packageId }) => packageId,
  );
  const page = await readOffsetPage(list, after, pageSize(args));
  const edges = page.rows.map(
    ({ row, position }): Edge<FaspexPackageNode> => ({
      node: row instanceof SourceError ? row : toPackageNode(source.name, row),
      cursor: () => cursors.encode({ ...position(), anchor: anchor.toISOString() }),
    }),
  );
  return toConnection(edges, { hasNextPage: page.hasMore, totalCount: page.total, shifted: page.shifted });
}

import type { OperationContext } from '../context/context.ts';
import { isTerminal } from '../progress/transfer-state.ts';
import { isJsonObject } from '../transfer-spec/transfer-spec.ts';
import { SourceError } from '../transport/source-error.ts';
import { type FaspexPackageNode, packageByNodeId, toPackageNode } from './faspex/package.ts';
import { newestTransfers } from './node/newest-transfers.ts';
import { withoutServerSides } from './node/one-record.ts';
import { type NodeTransferNode, transferByNodeId } from './node/transfer.ts';
import { comparePlaces, type TransferPlace } from './node/transfer-order.ts';
import type { TransferNode } from './transfer.ts';
import { listLocalTransfers } from './transferd/list-transfers.ts';
import { localTransferByNodeId, type TransferdTransferNode } from './transferd/transfer.ts';

interface GlobalId {
  readonly typename: string;
  readonly id: string;
}

/** The most that "the latest of all sources" may be: it has no cursor. */
const MOST = 50;

const badInput = (message: string) => new SourceError('BAD_INPUT', message, { source: 'gateway' });

function readCount(first: number): number {
  if (first <= MOST) return first;
  throw badInput(`\`first\` must be at most ${MOST}: for more, page through the sources one by one.`);
}

/** The transfer with this global id, whichever product runs it; null when it is not there or not the viewer's to see. */
export function transferById({ typename, id }: GlobalId, context: OperationContext): Promise<TransferNode | null> {
  if (typename === 'NodeTransfer') return transferByNodeId(id, context);
  if (typename === 'TransferdTransfer') return localTransferByNodeId(id, context);
  throw badInput('This id is not of a transfer. Take `id` from a Transfer.');
}

/** The package with this global id; null when it is not there or not the viewer's to see. */
export function anyPackageById(
  { typename, id }: GlobalId,
  context: OperationContext,
): Promise<FaspexPackageNode | null> {
  if (typename !== 'FaspexPackage') throw badInput('This id is not of a package. Take `id` from a Package.');
  return packageByNodeId(id, context);
}

/** What each source gives, and an error for each source that fails: it is no end of what the others know. */
async function fromEach<T>(
  sources: readonly { readonly name: string }[],
  read: (name: string) => Promise<readonly T[]>,
): Promise<{ readonly found: readonly T[]; readonly errors: readonly Error[] }> {
  const results = await Promise.allSettled(sources.map(({ name }) => read(name)));
  const found: T[] = [];
  const errors: Error[] = [];
  for (const result of results) {
    if (result.status === 'fulfilled') found.push(...result.value);
    else if (result.reason instanceof Error) errors.push(result.reason);
    else throw result.reason;
  }
  return { found, errors };
}

/** A transfer of any product in its place; one that cannot be read is an error there. */
interface AnyRow {
  readonly place: TransferPlace;
  readonly item: TransferNode | SourceError;
}

const isOfDaemon = (item: AnyRow['item']): item is TransferdTransferNode =>
  !(item instanceof SourceError) && item.__typename === 'TransferdTransfer';

const isOfNode = (item: AnyRow['item']): item is NodeTransferNode =>
  !(item instanceof SourceError) && item.__typename === 'NodeTransfer';

/** The id that both ends of a transfer record. */
function transferKeyOf({ tags: { aspera } }: TransferdTransferNode): string | undefined {
  return isJsonObject(aspera) && typeof aspera.xfer_id === 'string' ? aspera.xfer_id : undefined;
}

/** One record of each transfer: that of the node or daemon that started it, because there it can be controlled. */
function onceEach(rows: readonly AnyRow[]): readonly AnyRow[] {
  const local = new Set(rows.flatMap(({ item }) => (isOfDaemon(item) ? (transferKeyOf(item) ?? []) : [])));
  const isServedFor = ({ item }: AnyRow) =>
    isOfNode(item) && item.side === 'SERVER' && item.transferKey !== undefined && local.has(item.transferKey);
  const ofNode = ({ item }: AnyRow) => (isOfNode(item) ? item : undefined);
  return withoutServerSides(rows, ofNode).filter((row) => !isServedFor(row));
}

/** The latest of a daemon, as far as this gateway has seen them. */
async function latestOfDaemon(name: string, count: number, context: OperationContext): Promise<AnyRow[]> {
  const { edges } = await listLocalTransfers(context.transferd(name), { first: count }, context);
  return edges.map(({ node: item }) => ({ item, place: placeOfLocal(item) }));
}

function placeOfLocal(item: TransferdTransferNode | SourceError): TransferPlace {
  if (item instanceof SourceError) return { isGoing: true, atMs: null, transferId: '' };
  const { transferId, startedAt, endedAt } = item;
  const isGoing = !isTerminal(item);
  return { isGoing, atMs: (isGoing ? startedAt : endedAt)?.getTime() ?? (isGoing ? null : 0), transferId };
}

/**
 * The latest transfers of all nodes and daemons that the viewer may see, newest first; a source that fails is an error
 * at the end. At most six upstream calls for each node, and one for each transfer of a daemon that goes on.
 */
export async function recentTransfers(
  first: number,
  context: OperationContext,
): Promise<readonly (TransferNode | Error)[]> {
  const count = readCount(first);
  const query = { count, activeOnly: false, direction: undefined, after: undefined };
  const [nodes, daemons] = await Promise.all([
    fromEach(context.sources.node.all, async (name): Promise<readonly AnyRow[]> => {
      return (await newestTransfers(context.node(name), query, context)).rows;
    }),
    fromEach(context.sources.transferd.all, (name) => latestOfDaemon(name, count, context)),
  ]);
  const found = onceEach([...nodes.found, ...daemons.found]);
  const rows = found.toSorted((left, right) => comparePlaces(left.place, right.place));
  return [...rows.slice(0, count).map(({ item }) => item), ...nodes.errors, ...daemons.errors];
}

const madeAtMs = (pkg: FaspexPackageNode | SourceError) =>
  pkg instanceof SourceError ? 0 : new Date(pkg.createdAt ?? 0).getTime();

/** The latest packages for the viewer on all Faspex servers; a server that fails is an error at the end. */
export async function recentPackages(
  first: number,
  context: OperationContext,
): Promise<readonly (FaspexPackageNode | Error)[]> {
  const limit = readCount(first);
  const { found, errors } = await fromEach(context.sources.faspex.all, async (name) => {
    const page = await context.faspex(name).client.listPackages({ mailbox: 'INBOX_ALL', limit: Math.max(1, limit) });
    return page.items.map((item) => (item instanceof SourceError ? item : toPackageNode(name, item)));
  });
  const packages = [...found].sort((left, right) => madeAtMs(right) - madeAtMs(left));
  return [...packages.slice(0, limit), ...errors];
}

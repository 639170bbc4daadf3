import type { BoundTransferd, OperationContext } from '../../context/context.ts';
import { isTerminal } from '../../progress/transfer-state.ts';
import type { SeenTransfer } from '../../sources/transferd/types.ts';
import { SourceError } from '../../transport/source-error.ts';
import { type Connection, type Edge, type PageArguments, pageSize, toConnection } from '../connection.ts';
import { createPageCursors } from '../page-cursor.ts';
import { type TransferdTransferNode, toTransferdNode } from './transfer.ts';
import { canSeeLocalTransfer } from './visibility.ts';

export interface ListLocalTransfersArguments extends PageArguments {
  readonly activeOnly?: boolean | null | undefined;
}

const isNumber = (value: unknown): value is number => typeof value === 'number';

/** As it is now: one that goes on is asked for. undefined for one that the daemon no longer has. */
async function present(
  daemon: BoundTransferd,
  { transfer }: SeenTransfer,
): Promise<TransferdTransferNode | SourceError | undefined> {
  const { name, seen } = daemon.source;
  if (isTerminal(transfer)) return toTransferdNode(name, transfer);
  try {
    return toTransferdNode(name, (await daemon.loaders.transfer.load(transfer.transferId)).transfer);
  } catch (error) {
    if (!(error instanceof SourceError)) throw error;
    if (error.code !== 'NOT_FOUND') return error;
    seen.lose(transfer.transferId);
    return undefined;
  }
}

/** Transfers of a daemon that this gateway has seen and the viewer may see, latest first. */
export async function listLocalTransfers(
  daemon: BoundTransferd,
  args: ListLocalTransfersArguments,
  context: OperationContext,
): Promise<Connection<TransferdTransferNode>> {
  const { source, identity } = daemon;
  const activeOnly = args.activeOnly ?? false;
  const since = source.seen.since.getTime();
  const binding = ['transferd.transfers', source.name, identity.key, context.viewer.id, activeOnly, since];
  const cursors = createPageCursors(binding, isNumber);
  const after = args.after == null ? Number.POSITIVE_INFINITY : cursors.decode(args.after);
  const visible = source.seen
    .all()
    .filter(({ transfer }) => !activeOnly || !isTerminal(transfer))
    .filter(({ transfer }) => canSeeLocalTransfer(context, daemon, transfer));
  const rest = visible.filter(({ number }) => number < after);
  const page = rest.slice(0, pageSize(args));
  const items = await Promise.all(page.map((seen) => present(daemon, seen)));
  const edges = page.flatMap(({ number }, index): Edge<TransferdTransferNode>[] => {
    const node = items[index];
    if (!node || (activeOnly && !(node instanceof SourceError) && isTerminal(node))) return [];
    return [{ node, cursor: () => cursors.encode(number) }];
  });
  const last = page.at(-1);
  return toConnection(edges, {
    hasNextPage: rest.length > page.length,
    totalCount: visible.length,
    endCursor: last && (() => cursors.encode(last.number)),
  });
}

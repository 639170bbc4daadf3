import type { BoundNode, OperationContext } from '../../context/context.ts';
import type { NodeBandwidth, TransferBandwidth } from '../../sources/node/types.ts';
import { SourceError } from '../../transport/source-error.ts';
import { newestTransfers } from './newest-transfers.ts';
import type { NodeTransferNode } from './transfer.ts';
import { seesEverything } from './visibility.ts';

export interface BandwidthArguments {
  readonly seconds?: number | null | undefined;
  readonly startedAfter?: Date | null | undefined;
}

/** What a node tells of a transfer at most, and when it is not asked for less (aspera-node-api.md §5.6). */
const MOST_SECONDS = 3_600;
const DEFAULT_SECONDS = 600;
const HOUR_MS = 3_600_000;

/** Transfers of a viewer among which rates are looked for, where they do not see those of everybody. */
const OWN_TRANSFERS = 100;

function readSeconds(node: BoundNode, seconds: number): number {
  if (seconds >= 1 && seconds <= MOST_SECONDS) return seconds;
  const message = `\`seconds\` must be between 1 and ${MOST_SECONDS}.`;
  throw new SourceError('BAD_INPUT', message, { source: node.source.name });
}

/** Ids of the transfers that the viewer may see; undefined where that is all of them. */
async function visibleIds(node: BoundNode, context: OperationContext): Promise<ReadonlySet<string> | undefined> {
  if (seesEverything(context, node)) return undefined;
  const query = { count: OWN_TRANSFERS, activeOnly: false, direction: undefined, after: undefined };
  const { rows } = await newestTransfers(node, query, context);
  return new Set(rows.map(({ place }) => place.transferId));
}

/**
 * The rates of the transfers of a node that the viewer may see. One upstream call; at most six more where they see only
 * their own, of which the latest hundred are looked at.
 */
export async function bandwidthOf(
  node: BoundNode,
  args: BandwidthArguments,
  context: OperationContext,
): Promise<NodeBandwidth> {
  const query = {
    seconds: readSeconds(node, args.seconds ?? DEFAULT_SECONDS),
    startedAfter: args.startedAfter ?? new Date(Date.now() - HOUR_MS),
  };
  const [rates, ids] = await Promise.all([node.client.bandwidth(query), visibleIds(node, context)]);
  const only = (series: readonly TransferBandwidth[]) =>
    ids ? series.filter(({ transferId }) => ids.has(transferId)) : series;
  return { ...rates, send: only(rates.send), receive: only(rates.receive) };
}

/** The rates that a transfer had; null when the node has none. One upstream call for all transfers of a list. */
export async function bandwidthOfTransfer(
  { sourceName, transferId, startedAt }: NodeTransferNode,
  context: OperationContext,
): Promise<TransferBandwidth | null> {
  return (await context.node(sourceName).loaders.bandwidth.load({ transferId, startedAt })) ?? null;
}

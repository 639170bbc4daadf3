import type { OperationContext } from '../../context/context.ts';
import { SubjectRefused } from '../../identity/subject.ts';
import { isJsonObject } from '../../transfer-spec/transfer-spec.ts';
import { SourceError } from '../../transport/source-error.ts';
import type { FaspexPackageNode } from '../faspex/package.ts';
import { type NodeTransferNode, toTransferNode } from './transfer.ts';
import { canSeeTransfer, findPackage, PACKAGE_TAG, packageTagOf } from './visibility.ts';

/** Clocks of two nodes may differ by this much. */
const SKEW_MS = 5 * 60_000;

const transferIdTag = ({ tags }: NodeTransferNode): string | undefined => {
  const id = isJsonObject(tags.aspera) ? tags.aspera.xfer_id : undefined;
  return typeof id === 'string' && id !== '' ? id : undefined;
};

/**
 * The tag by which the other node finds the same transfer: both sides record the id of the transfer, and the package
 * where Faspex made the spec (aspera-node-api.md §5.1, aspera-apps-api.md §5.5).
 */
function sharedTag(transfer: NodeTransferNode): string | undefined {
  const id = transferIdTag(transfer);
  if (id !== undefined) return `aspera.xfer_id=${id}`;
  const pkg = packageTagOf(transfer.tags);
  return pkg && `${PACKAGE_TAG}=${pkg.uuid}`;
}

/** Whether two records are the two sides of one transfer. A cookie may come again; then the time has to fit, too. */
export function isSameTransfer(left: NodeTransferNode, right: NodeTransferNode): boolean {
  if (left.transferKey === undefined || left.transferKey !== right.transferKey) return false;
  if (left.side !== undefined && left.side === right.side) return false;
  if (transferIdTag(left) !== undefined || !left.startedAt || !right.startedAt) return true;
  return Math.abs(left.startedAt.getTime() - right.startedAt.getTime()) <= SKEW_MS;
}

async function findOn(
  sourceName: string,
  transfer: NodeTransferNode,
  tag: string,
  context: OperationContext,
): Promise<NodeTransferNode | null> {
  const node = context.node(sourceName);
  const { transfers } = await node.client.transferFeed({ tag, view: 'summary' });
  for (const other of transfers) {
    if (other instanceof SourceError) continue;
    const record = toTransferNode(sourceName, other);
    if (isSameTransfer(transfer, record) && (await canSeeTransfer(context, node, other))) return record;
  }
  return null;
}

/**
 * The other record of the same transfer, on another configured node; null when none has it, or not for the viewer.
 * One upstream call for each other node.
 */
export async function counterpartOf(
  transfer: NodeTransferNode,
  context: OperationContext,
): Promise<NodeTransferNode | null> {
  const tag = sharedTag(transfer);
  if (tag === undefined) return null;
  const others = context.sources.node.all.filter(({ name }) => name !== transfer.sourceName);
  const found = await Promise.allSettled(others.map(({ name }) => findOn(name, transfer, tag, context)));
  for (const result of found) if (result.status === 'fulfilled' && result.value) return result.value;
  // A node that could not be asked may be the one that has it: that is an error, not an absence.
  for (const result of found) {
    if (result.status === 'rejected' && !(result.reason instanceof SubjectRefused)) throw result.reason;
  }
  return null;
}

/** The package that a transfer belongs to; null when it is of none, or of one that the viewer cannot read. */
export async function packageOfTransfer(
  { tags }: NodeTransferNode,
  context: OperationContext,
): Promise<FaspexPackageNode | null> {
  const tag = packageTagOf(tags);
  return tag ? findPackage(context, tag) : null;
}

import type { OperationContext } from '../../context/context.ts';
import { SubjectRefused } from '../../identity/subject.ts';
import { marksOf, tagAt } from '../../progress/transfer-marks.ts';
import { SourceError } from '../../transport/source-error.ts';
import type { FaspexPackageNode } from '../faspex/package.ts';
import { type NodeTransferNode, toTransferNode } from './transfer.ts';
import { canSeeTransfer, findPackage, packageTagOf } from './visibility.ts';

/** Clocks of two nodes may differ by this much. */
const SKEW_MS = 5 * 60_000;

/** The tags that name one transfer: that of the transfer program, and that of Faspex, which is also in its cookie. */
const idTags = [
  ['aspera', 'xfer_id'],
  ['aspera', 'faspex', 'f5_xfer_id'],
] as const;

/**
 * The tag by which the other node finds the same transfer, as its filter spells it: both sides record the tags
 * (aspera-node-api.md §5.1, §5.2; aspera-apps-api.md §5.5).
 */
function sharedTag(transfer: NodeTransferNode): string | undefined {
  const marks = marksOf(transfer);
  for (const path of idTags) {
    const value = tagAt(marks, path);
    if (typeof value === 'string' && value !== '') return `${path.join('.')}=${value}`;
  }
  return undefined;
}

/** Whether two records are the two sides of one transfer. A cookie may come again; then the time has to fit, too. */
export function isSameTransfer(left: NodeTransferNode, right: NodeTransferNode): boolean {
  if (left.side !== undefined && left.side === right.side) return false;
  const tag = sharedTag(left);
  if (tag !== undefined) return tag === sharedTag(right);
  if (left.transferKey === undefined || left.transferKey !== right.transferKey) return false;
  const [first, second] = [left.startedAt, right.startedAt];
  return !first || !second || Math.abs(first.getTime() - second.getTime()) <= SKEW_MS;
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
  transfer: NodeTransferNode,
  context: OperationContext,
): Promise<FaspexPackageNode | null> {
  const tag = packageTagOf(marksOf(transfer));
  return tag ? findPackage(context, tag) : null;
}

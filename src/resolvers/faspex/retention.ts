import type { OperationContext } from '../../context/context.ts';
import { SourceError } from '../../transport/source-error.ts';
import type { FaspexPackageNode } from './package.ts';

const HOUR_MS = 3_600_000;

/** The node that forgets first; undefined where none is configured. */
const mostForgetful = (context: OperationContext) =>
  context.sources.node.all
    .map(({ name, config }) => ({ name, hours: config.retentionHours }))
    .sort((left, right) => left.hours - right.hours)[0];

const momentBefore = (hours: number) => new Date(Date.now() - hours * HOUR_MS);

/** Since when every configured node still knows its transfers; undefined where no node is configured. */
export function transfersKnownSince(context: OperationContext): Date | undefined {
  const node = mostForgetful(context);
  return node && momentBefore(node.hours);
}

/**
 * That there are no transfers of a package means something only while all nodes still keep those of its time.
 * @throws SourceError RETENTION_PASSED for an older package
 */
export function demandKept({ createdAt }: FaspexPackageNode, context: OperationContext): void {
  const node = mostForgetful(context);
  if (!node || createdAt === undefined) return;
  const since = momentBefore(node.hours);
  if (new Date(createdAt) >= since) return;
  const message =
    `${node.name} keeps transfers for ${node.hours} hours, and this package is older than that: ` +
    `whether it had any before ${since.toISOString()} is no longer known.`;
  throw new SourceError('RETENTION_PASSED', message, { source: node.name });
}

import type { OperationContext } from '../../context/context.ts';
import { SourceError } from '../../transport/source-error.ts';
import { withoutServerSides } from '../node/one-record.ts';
import { type NodeTransferNode, toTransferNode } from '../node/transfer.ts';
import { PACKAGE_TAG, packageTagOf } from '../node/visibility.ts';
import type { FaspexPackageNode } from './package.ts';
import { demandKept } from './retention.ts';

async function transfersOn(
  name: string,
  uuid: string,
  context: OperationContext,
): Promise<(NodeTransferNode | Error)[]> {
  try {
    const node = context.node(name);
    const { transfers } = await node.client.transferFeed({ tag: `${PACKAGE_TAG}=${uuid}`, view: 'summary' });
    // A node that does not know the filter gives everything: what is not of this package is nobody's business here.
    return transfers
      .filter((item) => item instanceof SourceError || packageTagOf(item.tags)?.uuid === uuid)
      .map((item) => (item instanceof SourceError ? item : toTransferNode(node.source.name, item)));
  } catch (error) {
    // A node that fails, or does not know the viewer, is an error in its place; what the others know stays.
    if (error instanceof Error) return [error];
    throw error;
  }
}

/**
 * Transfers of a package on every configured node, each once. Whoever may read the package may see them.
 * @throws SourceError RETENTION_PASSED when there are none and the nodes may have forgotten them
 */
export async function packageTransfers(
  pkg: FaspexPackageNode,
  context: OperationContext,
): Promise<readonly (NodeTransferNode | Error)[]> {
  const { uuid } = pkg;
  if (uuid === undefined) return [];
  const { all } = context.sources.node;
  const found = (await Promise.all(all.map(({ name }) => transfersOn(name, uuid, context)))).flat();
  if (found.length === 0) demandKept(pkg, context);
  return withoutServerSides(found, (item) => (item instanceof Error ? undefined : item));
}

import type { BoundNode, OperationContext } from '../../context/context.ts';
import { SourceError } from '../../transport/source-error.ts';
import { type NodeTransferNode, toTransferNode } from '../node/transfer.ts';
import type { FaspexPackageNode } from './package.ts';

/** The tag of a transfer that names its package (aspera-apps-api.md §5.5). */
const packageTag = (uuid: string) => `aspera.faspex.metadata._pkg_uuid=${uuid}`;

async function transfersOn(node: BoundNode, uuid: string): Promise<(NodeTransferNode | SourceError)[]> {
  try {
    const { transfers } = await node.client.transferFeed({ tag: packageTag(uuid), view: 'summary' });
    return transfers.map((item) => (item instanceof SourceError ? item : toTransferNode(node.source.name, item)));
  } catch (error) {
    // A node that fails is an error in its place; what the others know stays.
    if (error instanceof SourceError) return [error];
    throw error;
  }
}

/** Transfers of a package on every configured node. Whoever may read the package may see them. */
export async function packageTransfers(
  { uuid }: FaspexPackageNode,
  context: OperationContext,
): Promise<(NodeTransferNode | SourceError)[]> {
  if (uuid === undefined) return [];
  const nodes = context.sources.node.all.map(({ name }) => context.node(name));
  return (await Promise.all(nodes.map((node) => transfersOn(node, uuid)))).flat();
}

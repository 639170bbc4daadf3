import type { OperationContext } from '../../context/context.ts';
import { type AsperaFileNode, fileOfNode } from '../node/file.ts';
import type { FaspexPackageNode } from './package.ts';

/**
 * Where Faspex has the files of a package put: a folder named after title and UUID, with `_` for a colon
 * (`destination_root`, aspera-apps-api.md §5.5). What it makes of a slash was never seen.
 */
function folderNameOf({ title, uuid }: Pick<FaspexPackageNode, 'title' | 'uuid'>): string | undefined {
  if (uuid === undefined || title.includes('/')) return undefined;
  return `/${title.replaceAll(':', '_')} - ${uuid}.aspera-package`;
}

/**
 * The folder of a package on a node, by the name of the node's source; null when it is not there. The folders of one
 * operation are one call.
 */
export async function packageFolder(
  pkg: FaspexPackageNode,
  node: string | null | undefined,
  context: OperationContext,
): Promise<AsperaFileNode | null> {
  const bound = context.node(node);
  const name = folderNameOf(pkg);
  return name === undefined ? null : fileOfNode(bound, name);
}

import type { BoundNode, OperationContext } from '../../context/context.ts';
import type { DiskUsage, NodeFile, StorageSpace } from '../../sources/node/types.ts';
import { SourceError } from '../../transport/source-error.ts';
import { splitId } from '../global-id.ts';

/** A file, folder or link together with the node that it is on. */
export interface AsperaFileNode extends NodeFile {
  readonly __typename: 'AsperaFile';
  readonly sourceName: string;
}

export const toFileNode = (sourceName: string, file: NodeFile): AsperaFileNode => ({
  ...file,
  __typename: 'AsperaFile',
  sourceName,
});

const isMissing = (error: unknown) => error instanceof SourceError && error.code === 'NOT_FOUND';

/** What a path names; null when nothing is there. The paths of one operation are one call. */
export async function fileOfNode({ source, loaders }: BoundNode, path: string): Promise<AsperaFileNode | null> {
  try {
    return toFileNode(source.name, await loaders.file.load(path));
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
}

/** The file behind a global id's local part, or null. */
export async function fileByNodeId(id: string, context: OperationContext): Promise<AsperaFileNode | null> {
  const [sourceName, path] = splitId(id, 2) ?? [];
  if (sourceName === undefined || path === undefined) return null;
  if (!context.sources.node.find(sourceName)) return null;
  return fileOfNode(context.node(sourceName), path);
}

/** What a folder holds in depth; null when it is not there. */
export async function diskUsageOf({ client }: BoundNode, path: string): Promise<DiskUsage | null> {
  try {
    return await client.diskUsage(path);
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
}

/** Room on the storage that a path is on; null when nothing is there. */
export async function spaceOf({ client }: BoundNode, path: string): Promise<StorageSpace | null> {
  const [space] = await client.space([path]);
  if (!(space instanceof SourceError)) return space ?? null;
  if (isMissing(space)) return null;
  throw space;
}

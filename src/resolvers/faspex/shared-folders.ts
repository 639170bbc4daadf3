import type { BoundFaspex, OperationContext } from '../../context/context.ts';
import type { FaspexFile, FaspexSharedFolder } from '../../sources/faspex/types.ts';
import { SourceError } from '../../transport/source-error.ts';
import type { Connection } from '../connection.ts';
import { browseFolder, type FolderArguments, folderPath } from './browse-folder.ts';
import type { SearchArguments } from './groups.ts';
import { listByOffset } from './list-by-offset.ts';

/** A folder that packages can be sent from, together with the Faspex server that it is on. */
export interface FaspexSharedFolderNode extends FaspexSharedFolder {
  readonly sourceName: string;
}

/** A page of the folders that the viewer may send from. One upstream call. */
export function listSharedFolders(
  { client, source, identity }: BoundFaspex,
  args: SearchArguments,
): Promise<Connection<FaspexSharedFolderNode>> {
  const search = args.search ?? undefined;
  return listByOffset({
    binding: ['faspex.sharedFolders', source.name, identity.key, search ?? null],
    args,
    read: (part) => client.sharedFolders({ search, ...part }),
    idOf: ({ sharedFolderId }) => sharedFolderId,
    toNode: (folder) => ({ ...folder, sourceName: source.name }),
  });
}

/** A page of what is in a shared folder. One upstream call for each folder. */
export async function sharedFolderFiles(
  { nodeId, sharedFolderId, name, sourceName }: FaspexSharedFolderNode,
  args: FolderArguments,
  context: OperationContext,
): Promise<Connection<FaspexFile>> {
  const { client, identity } = context.faspex(sourceName);
  if (nodeId === undefined) {
    throw new SourceError('SOURCE_BAD_ANSWER', `${sourceName} does not tell on which node the folder ${name} is.`, {
      source: sourceName,
    });
  }
  return browseFolder(['faspex.sharedFolderFiles', sourceName, identity.key, nodeId, sharedFolderId], args, (part) =>
    client.sharedFolderFiles(nodeId, sharedFolderId, { path: folderPath(args), ...part }),
  );
}

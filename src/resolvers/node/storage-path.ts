import type { BoundNode } from '../../context/context.ts';
import type { StorageFile } from '../../sources/node/types.ts';
import { SourceError } from '../../transport/source-error.ts';
import { InvalidInputError, NotAllowedError, NotFoundError } from '../errors.ts';

/** Where a path of the storage leads: a folder, or a file in one. */
export interface StoragePlace {
  readonly folderId: string;
  /** Undefined where the path is that of a folder. */
  readonly fileName: string | undefined;
}

const invalid = (message: string) => new InvalidInputError(message, { code: 'BAD_INPUT' });

function namesOf(path: string): readonly string[] {
  const names = path.split('/').filter((name) => name !== '' && name !== '.');
  if (names.includes('..')) throw invalid('`path` must not contain "..".');
  return names;
}

/** The entry of a folder with this name. Nodes that do not filter by name give pages, which are looked through. */
async function findEntry({ client }: BoundNode, folderId: string, name: string): Promise<StorageFile | undefined> {
  let iterationToken: string | undefined;
  do {
    const page = await client.listFolder(folderId, { name, iterationToken });
    for (const item of page.items) {
      if (!(item instanceof SourceError) && item.name === name) return item;
    }
    iterationToken = page.next;
  } while (iterationToken !== undefined);
  return undefined;
}

/** The same, and what to do where the caller may not look into a folder on the way. */
async function stepInto(node: BoundNode, folderId: string, step: { name: string; parent: string }) {
  try {
    return await findEntry(node, folderId, step.name);
  } catch (error) {
    if (!(error instanceof SourceError) || error.code !== 'SOURCE_FORBIDDEN') throw error;
    const message = `You may not look into ${step.parent} of ${node.source.name}, so that no path can be walked through it: give \`fileId\`.`;
    throw new NotAllowedError(message, { code: error.code, source: error.source, cause: error });
  }
}

/** The folder where the storage of the access key begins. */
async function rootOf({ client, source }: BoundNode): Promise<string> {
  const { rootFileId } = await client.accessKeySelf();
  if (rootFileId !== undefined) return rootFileId;
  const message = `${source.name} does not say where the storage of its access key begins: give \`fileId\`.`;
  throw new SourceError('SOURCE_BAD_ANSWER', message, { source: source.name });
}

/**
 * Walks a path from the root of the access key: nodes have no call that takes a path and gives an id
 * (aspera-node-api.md §4). One upstream call, and one for each name of the path.
 * @throws NotFoundError where there is nothing, or nothing that the caller may see
 */
export async function findPlace(node: BoundNode, path: string): Promise<StoragePlace> {
  let folderId = await rootOf(node);
  const names = namesOf(path);
  for (const [index, name] of names.entries()) {
    const parent = `/${names.slice(0, index).join('/')}`;
    const here = `/${names.slice(0, index + 1).join('/')}`;
    const entry = await stepInto(node, folderId, { name, parent });
    const { name: source } = node.source;
    if (!entry) throw new NotFoundError(`There is no ${here} on ${source}.`, { code: 'NOT_FOUND', source });
    if (entry.type === 'FILE' && index === names.length - 1) return { folderId, fileName: name };
    if (entry.type !== 'FOLDER') throw invalid(`${here} is not a folder of ${source}.`);
    folderId = entry.fileId;
  }
  return { folderId, fileName: undefined };
}

/** The folder with this id. One upstream call. */
export async function folderWithId(node: BoundNode, fileId: string): Promise<StoragePlace> {
  const { type, name } = await node.client.file(fileId);
  if (type === 'FOLDER') return { folderId: fileId, fileName: undefined };
  throw invalid(`\`fileId\` names ${name}, which is not a folder: name its folder, and the file in \`paths\`.`);
}

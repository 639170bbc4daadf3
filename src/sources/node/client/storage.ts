import { itemsIn } from '../../../reading/members.ts';
import type { NodeConnection } from '../connection.ts';
import { parseAnswer, parseItems } from '../parse.ts';
import { segment } from '../segment.ts';
import type { FilePermission, ListFolderOptions, Page, PermissionQuery, StorageFile } from '../types.ts';
import { permission } from '../wire/storage.ts';
import { storageFile } from '../wire/storage-file.ts';

/** Reading by file id (gen4): access keys and bearer tokens (aspera-node-api.md §4). */

const filePath = ({ source }: NodeConnection, fileId: string) => `/files/${segment(source, fileId)}`;

/** That several are joined by commas is the reading of a parameter that the document types as one string. */
const details = 'access_levels,permission_count,recursive_counts';

/** `GET /files/{id}`. */
export async function readFile(connection: NodeConnection, fileId: string): Promise<StorageFile> {
  const { body } = await connection.send({
    operation: 'node.file',
    method: 'GET',
    path: filePath(connection, fileId),
    query: { include: details },
    repeat: 'safe',
  });
  return parseAnswer(connection.source, 'a file', storageFile, body);
}

const headerText = (value: string | string[] | undefined) =>
  typeof value === 'string' && value !== '' ? value : undefined;

function headerCount(value: string | string[] | undefined): number | undefined {
  const number = Number(headerText(value));
  return Number.isSafeInteger(number) && number >= 0 ? number : undefined;
}

/** What IBM's own client asks for at a time. */
const FOLDER_PAGE = 1000;

/**
 * `GET /files/{id}/files` with `Accept-Version: 4.0`: pages behind an iteration token, which goes into the query as
 * IBM's client does it, though the document calls it a header (aspera-node-api.md §4). A token that repeats is the end.
 */
export async function listFolder(
  connection: NodeConnection,
  fileId: string,
  options: ListFolderOptions,
): Promise<Page<StorageFile>> {
  const { body, headers } = await connection.send({
    operation: 'node.listFolder',
    method: 'GET',
    path: `${filePath(connection, fileId)}/files`,
    headers: { 'accept-version': '4.0' },
    query: {
      per_page: options.count ?? FOLDER_PAGE,
      iteration_token: options.iterationToken,
      include: 'access_levels',
      name: options.name,
      name_glob: options.namePattern,
      type: options.type?.toLowerCase(),
    },
    repeat: 'safe',
  });
  const items = parseAnswer(connection.source, 'a list of files', itemsIn, body);
  const next = headerText(headers['x-aspera-next-iteration-token']);
  return {
    items: parseItems(connection.source, 'a file', storageFile, items),
    next: next === options.iterationToken ? undefined : next,
    // X-Total-Count counts this page only where the document is followed, so it is no total of the folder.
    total: headerCount(headers['x-aspera-total-count']),
  };
}

const PERMISSION_PAGE = 500;

/** `GET /permissions`: a page with fewer rows than asked for is the last one (aspera-node-api.md §2). */
export async function listPermissions(
  connection: NodeConnection,
  fileId: string,
  query: PermissionQuery,
): Promise<Page<FilePermission, number>> {
  const { page = 1, perPage = PERMISSION_PAGE, inherited = false } = query;
  const { body, headers } = await connection.send({
    operation: 'node.permissions',
    method: 'GET',
    path: '/permissions',
    query: { file_id: fileId, inherited, page, per_page: perPage },
    repeat: 'safe',
  });
  const items = parseAnswer(connection.source, 'a list of permissions', itemsIn, body);
  return {
    items: parseItems(connection.source, 'a permission', permission, items),
    next: items.length < perPage ? undefined : page + 1,
    total: headerCount(headers['x-total-count']),
  };
}

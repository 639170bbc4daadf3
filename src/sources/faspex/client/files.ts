import { SourceError } from '../../../transport/source-error.ts';
import type { UpstreamRequest, UpstreamResponse } from '../../../transport/upstream.ts';
import { faspexError } from '../errors.ts';
import { readFile } from '../read-file.ts';
import type { FaspexDirection, FaspexFile, FaspexFileType, FaspexRecipientChoice, Page } from '../types.ts';
import { API, ask, type Exchange, isSuccess, parse, readItems, readTotal, segment } from './exchange.ts';
import { recipientQuery } from './transfer-specs.ts';

/** Which files of a folder to read. */
export interface BrowseQuery {
  /** Folder inside the package; its root when left out. */
  readonly path?: string | undefined;
  /** `next` of the page before. */
  readonly after?: string | undefined;
  /** How many at most; 500 when left out, and the node behind Faspex gives no more than 1,000. */
  readonly count?: number | undefined;
  readonly basenames?: readonly string[] | undefined;
  readonly fileTypes?: readonly Exclude<FaspexFileType, 'OTHER'>[] | undefined;
}

export interface PackageFilesQuery extends BrowseQuery {
  readonly direction: FaspexDirection;
  readonly recipient?: FaspexRecipientChoice | undefined;
}

interface Folder {
  readonly path: string;
  readonly query: NonNullable<UpstreamRequest['query']>;
}

const DEFAULT_COUNT = 500;

/** In this header the server says where to go on (aspera-apps-api.md §1.2); absent or empty at the end. */
const NEXT_TOKEN = 'x-aspera-next-iteration-token';

/** A page's `next` says of which generation it is, so that a folder is read to its end in the same way. */
const BY_TOKEN = 'token:';
const BY_OFFSET = 'offset:';
const offsetPosition = /^offset:\d+$/;

const fileReader = { key: 'items', read: readFile };

const browseBody = (browse: BrowseQuery) => ({
  path: browse.path ?? '/',
  filters: {
    basenames: browse.basenames ?? [],
    ...(browse.fileTypes === undefined ? {} : { types: browse.fileTypes.map((type) => type.toLowerCase()) }),
  },
});

/** IBM's client sends the token in the query, the OpenAPI document has it in the body: both (§1.2). */
function tokenRequest(folder: Folder, browse: BrowseQuery): UpstreamRequest {
  const token = browse.after?.slice(BY_TOKEN.length);
  const more = token === undefined ? {} : { iteration_token: token };
  return {
    operation: 'faspex.browse',
    method: 'POST',
    path: `${folder.path}/page`,
    query: { ...folder.query, per_page: browse.count ?? DEFAULT_COUNT, ...more },
    json: { ...browseBody(browse), ...more },
    repeat: 'safe',
  };
}

function readTokenPage(source: string, response: UpstreamResponse): Page<FaspexFile, string> {
  const token = response.headers[NEXT_TOKEN];
  const next = typeof token === 'string' && token !== '' ? `${BY_TOKEN}${token}` : undefined;
  return { items: readItems(source, response.body, fileReader), next, total: undefined };
}

async function browseByOffset(
  exchange: Exchange,
  folder: Folder,
  browse: BrowseQuery,
): Promise<Page<FaspexFile, string>> {
  const offset = browse.after === undefined ? 0 : Number(browse.after.slice(BY_OFFSET.length));
  const { body } = await ask(exchange, {
    operation: 'faspex.browse',
    method: 'POST',
    path: folder.path,
    query: { ...folder.query, offset, limit: browse.count ?? DEFAULT_COUNT },
    json: browseBody(browse),
    repeat: 'safe',
  });
  const items = readItems(exchange.source, body, fileReader);
  const total = parse(exchange.source, readTotal, body);
  const end = offset + items.length;
  const isLast = items.length === 0 || (total !== undefined && end >= total);
  return { items, next: isLast ? undefined : `${BY_OFFSET}${end}`, total };
}

/**
 * Reads a page of a folder. Servers before 5.0.8 do not know the paged call and answer 404 to it (§1.2): the call of
 * old is tried then, which also says it when the package itself is what is missing.
 */
async function browseFolder(
  exchange: Exchange,
  folder: Folder,
  browse: BrowseQuery,
): Promise<Page<FaspexFile, string>> {
  const { after } = browse;
  if (after !== undefined && offsetPosition.test(after)) return browseByOffset(exchange, folder, browse);
  if (after !== undefined && !after.startsWith(BY_TOKEN)) {
    throw new SourceError('BAD_INPUT', 'This is not a position in a list of files.', { source: exchange.source });
  }
  const response = await exchange.send(tokenRequest(folder, browse));
  if (isSuccess(response)) return readTokenPage(exchange.source, response);
  if (response.status === 404 && after === undefined) return browseByOffset(exchange, folder, browse);
  throw faspexError(exchange.source, response);
}

/** Reads the files of packages and shared folders (aspera-apps-api.md §5.6, §5.7). */
export const createFileReads = (exchange: Exchange) => ({
  /** A page of a folder of a package; recent servers want to know in whose name. */
  packageFiles: async (
    packageId: string,
    { direction, recipient, ...browse }: PackageFilesQuery,
  ): Promise<Page<FaspexFile, string>> => {
    const path = `${API}/packages/${segment(exchange, packageId)}/files/${direction.toLowerCase()}`;
    return browseFolder(exchange, { path, query: recipientQuery(recipient) }, browse);
  },
  /** A page of a folder that packages can be sent from without an upload. */
  sharedFolderFiles: async (
    nodeId: string,
    sharedFolderId: string,
    browse: BrowseQuery = {},
  ): Promise<Page<FaspexFile, string>> => {
    const path = `${API}/nodes/${segment(exchange, nodeId)}/shared_folders/${segment(exchange, sharedFolderId)}/browse`;
    return browseFolder(exchange, { path, query: {} }, browse);
  },
});

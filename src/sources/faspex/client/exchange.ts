import { membersOf } from '../../../reading/members.ts';
import { type Reader, Unreadable } from '../../../reading/reader.ts';
import { SourceError } from '../../../transport/source-error.ts';
import type { UpstreamRequest, UpstreamResponse } from '../../../transport/upstream.ts';
import { badAnswer, faspexError } from '../errors.ts';
import { looseCount } from '../members.ts';
import type { ServerClock } from '../server-time.ts';
import type { Page } from '../types.ts';

/** Path of the resource API below the root (aspera-apps-api.md §1). */
export const API = '/api/v5';

/** The server's default page is 20, which hides most of a long list (aspera-apps-api.md §E.4): a limit is always sent. */
export const DEFAULT_LIMIT = 100;

/** Which part of a list to read. */
export interface PageRequest {
  readonly offset?: number | undefined;
  /** 100 when left out. */
  readonly limit?: number | undefined;
}

/** What the client functions of one call stand on. */
export interface Exchange {
  /** Name of the source, for errors. */
  readonly source: string;
  /** Sends with the credential of the call's identity, within its budget. */
  send(request: UpstreamRequest): Promise<UpstreamResponse>;
  /** Sends without a credential, for the few calls that need none. */
  sendPlain(request: UpstreamRequest): Promise<UpstreamResponse>;
  readonly clock: ServerClock;
}

/** How the items of a list are found and read. */
export interface ItemReader<T> {
  /** Key of the array in the envelope (aspera-apps-api.md §1.1). */
  readonly key: string;
  readonly read: Reader<T>;
}

export const isSuccess = ({ status }: UpstreamResponse) => status >= 200 && status < 300;

/** Any 2xx is a success: the documents and the servers disagree about 200 and 201 (aspera-apps-api.md part F). */
export async function ask(exchange: Exchange, request: UpstreamRequest): Promise<UpstreamResponse> {
  const response = await exchange.send(request);
  if (!isSuccess(response)) throw faspexError(exchange.source, response);
  return response;
}

const placeOf = ({ path }: Unreadable) =>
  path.length === 0 ? 'is not what its contract says' : `does not have a usable ${path.join('.')}`;

/** @param where of several things which one was read, for the sentence */
function unreadable(source: string, error: unknown, where = ''): unknown {
  return error instanceof Unreadable ? badAnswer(source, `${placeOf(error)}${where}`, error) : error;
}

/** Reads an answer. @throws SourceError SOURCE_BAD_ANSWER that names the member that is wrong */
export function parse<T>(source: string, read: Reader<T>, body: unknown): T {
  try {
    return read(body);
  } catch (error) {
    throw unreadable(source, error);
  }
}

/** Reads one thing. */
export async function askFor<T>(exchange: Exchange, request: UpstreamRequest, read: Reader<T>): Promise<T> {
  const { body } = await ask(exchange, request);
  return parse(exchange.source, read, body);
}

const memberOf = (body: unknown, key: string): unknown =>
  typeof body === 'object' && body !== null ? Reflect.get(body, key) : undefined;

/** The items of a list, each read by itself: a bad one is an error in its place. */
export function readItems<T>(
  source: string,
  body: unknown,
  { key, read }: ItemReader<T>,
): readonly (T | SourceError)[] {
  // Lists whose envelope the contract leaves open are also read without one (aspera-apps-api.md §1.1).
  const items: unknown = Array.isArray(body) ? body : memberOf(body, key);
  if (!Array.isArray(items)) throw badAnswer(source, `holds no list of ${key.replaceAll('_', ' ')}`);
  return items.map((item: unknown, index) => {
    try {
      return read(item);
    } catch (error) {
      const bad = unreadable(source, error, ` in item ${index} of ${key}`);
      if (bad instanceof SourceError) return bad;
      throw bad;
    }
  });
}

/** How many there are in all. Every list has this in its envelope (§1.1), and not every server a number in it. */
export const readTotal: Reader<number | undefined> = (body) => looseCount(membersOf(body).total_count);

/** An empty page ends the list whatever the total says, else a server that miscounts is asked for ever. */
function nextOffset(offset: number, limit: number, found: number, total: number | undefined): number | undefined {
  if (found === 0) return undefined;
  const end = offset + found;
  const more = total === undefined ? found >= limit : end < total;
  return more ? end : undefined;
}

/** Reads one page of a collection: `{total_count, offset, limit, <key>: [...]}` (aspera-apps-api.md §1.1). */
export async function askForPage<T>(
  exchange: Exchange,
  request: Pick<UpstreamRequest, 'operation' | 'path' | 'query'>,
  part: PageRequest,
  reader: ItemReader<T>,
): Promise<Page<T>> {
  const { offset = 0, limit = DEFAULT_LIMIT } = part;
  const query = { ...request.query, limit, offset };
  const { body } = await ask(exchange, { ...request, query, method: 'GET', repeat: 'safe' });
  const items = readItems(exchange.source, body, reader);
  const total = Array.isArray(body) ? undefined : parse(exchange.source, readTotal, body);
  return { items, next: nextOffset(offset, limit, items.length, total), total };
}

/**
 * A vendor id as one segment of a path. Ids are digits (aspera-apps-api.md §1); anything that could lead to another
 * path is refused, an empty one too: without an id, deleting a package would be the call that deletes many.
 */
export function segment(exchange: Exchange, id: string): string {
  if (/^[\w-]+$/.test(id)) return id;
  throw new SourceError('BAD_INPUT', `This is not an id of ${exchange.source}.`, { source: exchange.source });
}

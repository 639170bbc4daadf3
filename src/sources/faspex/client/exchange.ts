import type { z } from 'zod';
import { SourceError } from '../../../transport/source-error.ts';
import type { UpstreamRequest, UpstreamResponse } from '../../../transport/upstream.ts';
import { badAnswer, faspexError } from '../errors.ts';
import type { ServerClock } from '../server-time.ts';
import type { Page } from '../types.ts';
import { wireEnvelope } from '../wire.ts';

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
export interface ItemReader<W extends z.ZodType, T> {
  /** Key of the array in the envelope (aspera-apps-api.md §1.1). */
  readonly key: string;
  readonly schema: W;
  readonly read: (item: z.output<W>) => T;
}

export const isSuccess = ({ status }: UpstreamResponse) => status >= 200 && status < 300;

/** Any 2xx is a success: the documents and the servers disagree about 200 and 201 (aspera-apps-api.md part F). */
export async function ask(exchange: Exchange, request: UpstreamRequest): Promise<UpstreamResponse> {
  const response = await exchange.send(request);
  if (!isSuccess(response)) throw faspexError(exchange.source, response);
  return response;
}

const placeOf = ({ issues }: z.ZodError) => {
  const path = issues[0]?.path ?? [];
  return path.length === 0 ? 'is not what its contract says' : `does not have a usable ${path.join('.')}`;
};

export function parse<W extends z.ZodType>(source: string, schema: W, body: unknown): z.output<W> {
  const parsed = schema.safeParse(body);
  if (!parsed.success) throw badAnswer(source, placeOf(parsed.error), parsed.error);
  return parsed.data;
}

/** Reads one thing. */
export async function askFor<W extends z.ZodType>(
  exchange: Exchange,
  request: UpstreamRequest,
  schema: W,
): Promise<z.output<W>> {
  const { body } = await ask(exchange, request);
  return parse(exchange.source, schema, body);
}

const memberOf = (body: unknown, key: string): unknown =>
  typeof body === 'object' && body !== null ? Reflect.get(body, key) : undefined;

/** The items of a list, each read by itself: a bad one is an error in its place. */
export function readItems<W extends z.ZodType, T>(
  source: string,
  body: unknown,
  reader: ItemReader<W, T>,
): readonly (T | SourceError)[] {
  // Lists whose envelope the contract leaves open are also read without one (aspera-apps-api.md §1.1).
  const items: unknown = Array.isArray(body) ? body : memberOf(body, reader.key);
  if (!Array.isArray(items)) throw badAnswer(source, `holds no list of ${reader.key.replaceAll('_', ' ')}`);
  return items.map((item: unknown, index) => {
    const parsed = reader.schema.safeParse(item);
    if (parsed.success) return reader.read(parsed.data);
    return badAnswer(source, `${placeOf(parsed.error)} in item ${index} of ${reader.key}`, parsed.error);
  });
}

/** An empty page ends the list whatever the total says, else a server that miscounts is asked for ever. */
function nextOffset(offset: number, limit: number, found: number, total: number | undefined): number | undefined {
  if (found === 0) return undefined;
  const end = offset + found;
  const more = total === undefined ? found >= limit : end < total;
  return more ? end : undefined;
}

/** Reads one page of a collection: `{total_count, offset, limit, <key>: [...]}` (aspera-apps-api.md §1.1). */
export async function askForPage<W extends z.ZodType, T>(
  exchange: Exchange,
  request: Pick<UpstreamRequest, 'operation' | 'path' | 'query'>,
  part: PageRequest,
  reader: ItemReader<W, T>,
): Promise<Page<T>> {
  const { offset = 0, limit = DEFAULT_LIMIT } = part;
  const query = { ...request.query, limit, offset };
  const { body } = await ask(exchange, { ...request, query, method: 'GET', repeat: 'safe' });
  const items = readItems(exchange.source, body, reader);
  const total = Array.isArray(body) ? undefined : parse(exchange.source, wireEnvelope, body).total_count;
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

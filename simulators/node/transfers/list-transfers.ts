import type { SimulatorRequest, SimulatorResponse } from '../../kit/message.ts';
import type { Caller } from '../caller.ts';
import { refusal } from '../errors.ts';
import { queryInteger } from '../files/request-fields.ts';
import type { NodeContext } from '../node-context.ts';
import { nextLink, queryBoolean, queryChoice, queryTime } from '../query-fields.ts';
import type { FeedQuery } from './feed-query.ts';
import type { Journal } from './journal.ts';
import { renderTransfer } from './render-transfer.ts';
import type { TransferRecord } from './transfer-record.ts';
import { visibleTo } from './visibility.ts';

/** Transfers on one page when `count` is not given. */
const PAGE_SIZE = 1_000;
/** aspera.conf `max_response_entries`, which `max_items` overrides: files listed of a transfer. */
export const FILES_LISTED = 1_000;

const views = ['id', 'short_summary', 'summary'];

/** `a.b=c` or `a.b`: keys are joined by dots, or by commas as OpenAPI's text has it (aspera-node-api.md §5.2). */
function queryTag(query: URLSearchParams): NonNullable<FeedQuery['tag']> | undefined {
  const text = query.get('tag');
  if (text === null) return undefined;
  const equals = text.indexOf('=');
  const path = (equals < 0 ? text : text.slice(0, equals)).split(/[.,]/);
  if (path.some((member) => member === '' || member.includes('"'))) throw refusal(400, 'Invalid parameter tag');
  return equals < 0 ? { path } : { path, value: text.slice(equals + 1) };
}

function accessKeyFilter(caller: Caller, query: URLSearchParams): { accessKeyId?: string } {
  const accessKeyId = query.get('access_key');
  if (accessKeyId === null) return {};
  if (caller.kind !== 'nodeUser') throw refusal(400, 'access_key is only allowed with node user authentication');
  return { accessKeyId };
}

function readQuery(caller: Caller, query: URLSearchParams): FeedQuery {
  const after = queryInteger(query, 'iteration_token', 0);
  const afterMs = queryTime(query, 'after_time');
  const isActive = queryBoolean(query, 'active_only');
  const direction = queryChoice(query, 'direction', ['send', 'receive']);
  const tag = queryTag(query);
  return {
    count: queryInteger(query, 'count', 1) ?? PAGE_SIZE,
    ...(after === undefined ? {} : { after }),
    ...(afterMs === undefined ? {} : { afterMs }),
    ...(isActive === undefined ? {} : { isActive }),
    ...(direction === undefined ? {} : { direction }),
    ...(tag === undefined ? {} : { tag }),
    ...accessKeyFilter(caller, query),
    ...visibleTo(caller),
  };
}

function renderer(journal: Journal, query: URLSearchParams): (record: TransferRecord) => unknown {
  const view = queryChoice(query, 'view', views);
  if (view === 'id') return ({ id }) => ({ id });
  const nowUsec = journal.nowUsec();
  if (view !== undefined) return (record) => renderTransfer(record, { nowUsec });
  const listed = queryInteger(query, 'max_items', 0) ?? FILES_LISTED;
  return (record) => renderTransfer(record, { nowUsec, files: journal.store.files(record.id, listed) });
}

function headersOf(node: NodeContext, request: SimulatorRequest, next: number): Record<string, string> {
  const { origin } = request.headers;
  return {
    link: nextLink(node.origin(), '/ops/transfers', request.query, next),
    ...(origin === undefined ? {} : { 'access-control-allow-origin': origin, 'access-control-expose-headers': 'Link' }),
  };
}

/** The token for the next page; a node told to repeat itself links to the page that it just gave. */
function nextToken(node: NodeContext, query: FeedQuery, next: number): number {
  if (node.settings.duplicatePages === 0) return next;
  node.settings.duplicatePages -= 1;
  return query.after ?? 0;
}

/** `GET /ops/transfers`: a page of the change feed (aspera-node-api.md §5.2). The Link is on every page. */
export function listTransfers(
  node: NodeContext,
  journal: Journal,
  caller: Caller,
  request: SimulatorRequest,
): SimulatorResponse {
  const query = readQuery(caller, request.query);
  const render = renderer(journal, request.query);
  journal.store.forgetBefore(node.clock.now() - node.settings.retentionHours * 3_600_000);
  const page = node.settings.isActivityLogged ? journal.store.page(query) : { transfers: [], next: query.after ?? 0 };
  const headers = headersOf(node, request, nextToken(node, query, page.next));
  return { status: 200, json: page.transfers.map(render), headers };
}

import type { SimulatorRequest, SimulatorResponse } from '../../kit/message.ts';
import type { Router } from '../../kit/router.ts';
import type { Authenticate, Caller } from '../caller.ts';
import { refusal } from '../errors.ts';
import { queryInteger } from '../files/request-fields.ts';
import { isoSeconds } from '../info.ts';
import type { NodeContext } from '../node-context.ts';
import { nextLink, queryTime } from '../query-fields.ts';
import type { EventLog, NodeEvent } from './event-log.ts';

/** Events on one page when `count` is not given. */
const PAGE_SIZE = 1_000;

const render = (event: NodeEvent) => ({
  id: event.id,
  time: isoSeconds(event.timeMs),
  user_id: event.userId,
  types: event.types,
  data: event.data,
});

function isVisible(caller: Caller, event: NodeEvent): boolean {
  if (caller.accessKeyId === undefined) return true;
  if (event.accessKeyId !== caller.accessKeyId) return false;
  return caller.isAdmin || caller.userId === event.userId;
}

/** `type`, or one `type_glob[]` such as `file.*`. */
function typeFilter(query: URLSearchParams): (type: string) => boolean {
  const type = query.get('type');
  const glob = query.get('type_glob[]') ?? query.get('type_glob');
  if (type !== null) return (candidate) => candidate === type;
  if (glob === null) return () => true;
  const pattern = glob
    .split('*')
    .map((part) => part.replaceAll(/[.+?^${}()|[\]\\]/g, '\\$&'))
    .join('.*');
  const matcher = new RegExp(`^${pattern}$`);
  return (candidate) => matcher.test(candidate);
}

function listEvents(node: NodeContext, log: EventLog, caller: Caller, request: SimulatorRequest): SimulatorResponse {
  const { query } = request;
  const ofType = typeFilter(query);
  const page = log.page({
    after: queryInteger(query, 'iteration_token', 0) ?? 0,
    afterMs: queryTime(query, 'after_time') ?? 0,
    count: queryInteger(query, 'count', 1) ?? PAGE_SIZE,
    accepts: (event) => isVisible(caller, event) && event.types.some(ofType),
  });
  const headers = { link: nextLink(node.origin(), '/events', query, page.next) };
  return { status: 200, json: page.events.map(render), headers };
}

/** `GET /events` and `GET /events/{id}` (aspera-node-api.md §2): the same kind of feed as transfers. */
export function registerEventRoutes(
  router: Router,
  deps: { readonly node: NodeContext; readonly log: EventLog; readonly authenticate: Authenticate },
): void {
  const { node, log, authenticate } = deps;
  router.on('GET', '/events', (request) => listEvents(node, log, authenticate(request), request));
  router.on('GET', '/events/:id', (request) => {
    const caller = authenticate(request);
    const event = log.find(request.params.id ?? '');
    if (!event || !isVisible(caller, event)) throw refusal(404, 'Event not found');
    return { status: 200, json: render(event) };
  });
}

import { itemsIn } from '../../../reading/members.ts';
import type { NodeConnection } from '../connection.ts';
import { iterationTokenOf } from '../link-header.ts';
import { parseAnswer, parseItems } from '../parse.ts';
import { toSeconds } from '../request-shape.ts';
import type { EventFeed, EventQuery } from '../types.ts';
import { event } from '../wire/storage.ts';

/** `GET /events`: empty for ever unless the node logs events (`activity_event_logging`, aspera-node-api.md §2). */
export async function readEvents(connection: NodeConnection, query: EventQuery): Promise<EventFeed> {
  const { body, headers } = await connection.send({
    operation: 'node.events',
    method: 'GET',
    path: '/events',
    query: {
      iteration_token: query.iterationToken,
      after_time: query.afterTime && toSeconds(query.afterTime.getTime()),
      count: query.count,
      'type_glob[]': query.typePattern,
    },
    repeat: 'safe',
  });
  const items = parseAnswer(connection.source, 'a list of events', itemsIn, body);
  return {
    events: parseItems(connection.source, 'an event', event, items),
    nextToken: iterationTokenOf(headers.link),
  };
}

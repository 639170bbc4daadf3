import type { RouteHandler, SimulatorRequest, SimulatorResponse } from '../../kit/message.ts';
import type { Router } from '../../kit/router.ts';
import type { Authenticate } from '../caller.ts';
import { type Fields, fieldsOf, listOf, valueAt } from '../fields.ts';
import type { EventLog } from './event-log.ts';

/** What a call did, told by its answer. */
type Happenings = (request: SimulatorRequest, response: SimulatorResponse) => readonly unknown[];

const eachPath: Happenings = (_, response) =>
  listOf(valueAt(response.json, 'paths')).filter((path) => fieldsOf(path).error === undefined);
const answer: Happenings = (_, response) => [response.json];
const byId: Happenings = (request) => [{ id: request.params.id }];

const watched: Readonly<Record<string, readonly [type: string, happenings: Happenings]>> = {
  'POST /files/create': ['file.created', eachPath],
  'POST /files/delete': ['file.deleted', eachPath],
  'POST /files/rename': ['file.moved', eachPath],
  'POST /files/:id/files': ['file.created', answer],
  'PUT /files/:id': ['file.moved', byId],
  'DELETE /files/:id': ['file.deleted', byId],
  'POST /permissions': ['permission.created', answer],
  'PUT /permissions/:id': ['permission.modified', answer],
  'DELETE /permissions/:id': ['permission.deleted', byId],
};

/** A router that notes in the log what the file and permission routes registered on it change (`GET /events`). */
export function watchFileRoutes(router: Router, log: EventLog, authenticate: Authenticate): Router {
  const watch = (method: string, pattern: string, handler: RouteHandler): RouteHandler => {
    const [type, happenings] = watched[`${method} ${pattern}`] ?? [];
    if (type === undefined || happenings === undefined) return handler;
    return async (request) => {
      const response = await handler(request);
      const { userId, accessKeyId } = authenticate(request);
      for (const data of response.status < 300 ? happenings(request, response) : []) {
        log.add({ types: [type], userId: userId ?? accessKeyId ?? '', accessKeyId, data: data as Fields });
      }
      return response;
    };
  };
  return { ...router, on: (method, pattern, handler) => router.on(method, pattern, watch(method, pattern, handler)) };
}

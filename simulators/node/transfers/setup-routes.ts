import { Refusal, readJson } from '../../kit/message.ts';
import type { Router } from '../../kit/router.ts';
import type { Authenticate, Caller } from '../caller.ts';
import { basicOnly } from '../credentials.ts';
import { nodeError, refusal } from '../errors.ts';
import { type Fields, fieldsOf, isFields, listOf } from '../fields.ts';
import type { NodeContext } from '../node-context.ts';
import { authorizeRequest, type SetupKind } from './authorize-request.ts';

function readRequests(body: unknown): readonly Fields[] {
  const requests = isFields(body) ? body.transfer_requests : undefined;
  if (!Array.isArray(requests) || requests.length === 0) throw refusal(400, 'transfer_requests is required');
  return requests.map((entry) => {
    const request = fieldsOf(entry).transfer_request;
    if (!isFields(request)) throw refusal(400, 'transfer_request is required');
    return request;
  });
}

/** One request's spec, or its error: a setup answers 200 even when an item fails (aspera-node-api.md §1.5). */
function answerOne(node: NodeContext, caller: Caller, kind: SetupKind, request: Fields): Fields {
  try {
    return { transfer_spec: authorizeRequest(node, caller, kind, request) };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const { error: reason } = fieldsOf(error.response.json);
    return { transfer_spec: { error: reason ?? nodeError(error.response.status, 'The request failed') } };
  }
}

/** `upload_setup`, `download_setup` and `sync_setup`, of which `async_setup` is another name (aspera-node-api.md §3). */
export function registerSetupRoutes(router: Router, node: NodeContext, authenticate: Authenticate): void {
  const caller = basicOnly(authenticate);
  const register = (path: string, kind: SetupKind) =>
    router.on('POST', path, (request) => {
      const by = caller(request);
      const requests = readRequests(readJson(request, () => refusal(400, 'The body is not valid JSON')));
      return {
        status: 200,
        json: { transfer_specs: listOf(requests).map((one) => answerOne(node, by, kind, fieldsOf(one))) },
      };
    });
  register('/files/upload_setup', 'upload');
  register('/files/download_setup', 'download');
  register('/files/sync_setup', 'sync');
  register('/files/async_setup', 'sync');
}

import { readJson, type SimulatorRequest, type SimulatorResponse } from '../../kit/message.ts';
import type { Router } from '../../kit/router.ts';
import type { Authenticate, Caller } from '../caller.ts';
import { refusal } from '../errors.ts';
import { textOf } from '../fields.ts';
import { queryInteger } from '../files/request-fields.ts';
import type { NodeContext } from '../node-context.ts';
import { locate } from '../virtual-path.ts';
import { changeTransfer } from './change-transfer.ts';
import type { Journal } from './journal.ts';
import { FILES_LISTED, listTransfers } from './list-transfers.ts';
import { startOwnTransfer } from './own-transfer.ts';
import { renderTransfer } from './render-transfer.ts';
import type { TransferRecord } from './transfer-record.ts';
import type { Job, TransferRunner } from './transfer-runner.ts';
import { readTransferSpec, type TransferSpec, withoutSecrets } from './transfer-spec.ts';
import { isVisible } from './visibility.ts';

export interface TransferRouteDeps {
  readonly node: NodeContext;
  readonly journal: Journal;
  readonly runner: TransferRunner;
  readonly authenticate: Authenticate;
}

/**
 * The folder that the local paths of a spec are relative to. A user with a bearer token names it by file id, or means
 * the root of the access key, and needs a permission there (`source_root_id`, `destination_root_id`: §5.1).
 */
async function localRoot(deps: TransferRouteDeps, caller: Caller, spec: TransferSpec, request: SimulatorRequest) {
  const { node } = deps;
  const key = caller.accessKeyId === undefined ? undefined : node.accessKeys.find(caller.accessKeyId);
  const isSending = spec.direction === 'send';
  const fileId = textOf(isSending ? spec.source_root_id : spec.destination_root_id) ?? key?.rootFileId;
  if (!key || fileId === undefined) return caller.root;
  const path = node.fileIds.pathOfFileId(key, fileId);
  if (path === undefined) throw refusal(404, 'File id of the local root is not known');
  if (caller.kind === 'bearer' && !(await node.fileLevels(request.headers, fileId)).has(isSending ? 'read' : 'write')) {
    throw refusal(403, 'Permission denied');
  }
  return locate(key.root, path);
}

/** The whole transfer with the members of the spec it was started from, as POST and PUT answer (§11). */
const renderAccepted = (deps: TransferRouteDeps, job: Job) => ({
  ...withoutSecrets(job.spec),
  ...renderTransfer(job.open.record, { nowUsec: deps.journal.nowUsec(), files: job.open.files }),
});

async function startTransfer(
  deps: TransferRouteDeps,
  caller: Caller,
  request: SimulatorRequest,
): Promise<SimulatorResponse> {
  const spec = readTransferSpec(readJson(request, () => refusal(400, 'The body is not valid JSON')));
  const root = await localRoot(deps, caller, spec, request);
  const { accessKeyId, userId } = caller;
  const job = startOwnTransfer(deps, { accessKeyId, userId, root }, spec);
  return { status: 200, json: renderAccepted(deps, job) };
}

function findTransfer(deps: TransferRouteDeps, caller: Caller, id: string): TransferRecord {
  const { journal } = deps;
  const record = journal.openOf(id)?.record ?? journal.store.find(id);
  if (!record || !isVisible(caller, record)) throw refusal(404, 'Transfer not found');
  return record;
}

function showTransfer(deps: TransferRouteDeps, caller: Caller, request: SimulatorRequest): SimulatorResponse {
  const { journal } = deps;
  const record = findTransfer(deps, caller, request.params.id ?? '');
  const limit = queryInteger(request.query, 'max_items', 0) ?? FILES_LISTED;
  const files = journal.openOf(record.id)?.files.slice(0, limit) ?? journal.store.files(record.id, limit);
  return { status: 200, json: renderTransfer(record, { nowUsec: journal.nowUsec(), files }) };
}

function jobFor(deps: TransferRouteDeps, caller: Caller, id: string): Job {
  const record = findTransfer(deps, caller, id);
  const job = deps.runner.jobOf(record.id);
  // Only active transfers that the Node API of this node started can be changed (aspera-node-api.md §5.4).
  if (!job) throw refusal(400, 'The transfer is not active or was not started by this node');
  return job;
}

async function change(deps: TransferRouteDeps, caller: Caller, request: SimulatorRequest): Promise<SimulatorResponse> {
  const job = jobFor(deps, caller, request.params.id ?? '');
  await changeTransfer(
    deps.runner,
    job,
    readJson(request, () => refusal(400, 'The body is not valid JSON')),
  );
  return { status: 200, json: renderAccepted(deps, job) };
}

async function cancel(deps: TransferRouteDeps, caller: Caller, request: SimulatorRequest): Promise<SimulatorResponse> {
  await changeTransfer(deps.runner, jobFor(deps, caller, request.params.id ?? ''), { status: 'canceled' });
  return { status: 204 };
}

type Act = (
  deps: TransferRouteDeps,
  caller: Caller,
  request: SimulatorRequest,
) => SimulatorResponse | Promise<SimulatorResponse>;

/** Real nodes sometimes answer these with 200 and nothing (aspera-node-api.md §1.1). */
const mayBeEmpty =
  (act: Act): Act =>
  (deps, caller, request) => {
    const { settings } = deps.node;
    if (settings.emptyAnswers === 0) return act(deps, caller, request);
    settings.emptyAnswers -= 1;
    return { status: 200 };
  };

/** `/ops/transfers` (aspera-node-api.md §5). Cancelling has a verb of its own, which OpenAPI can only write as DELETE. */
export function registerTransferRoutes(router: Router, deps: TransferRouteDeps): void {
  const on = (method: string, path: string, act: Act) =>
    router.on(method, path, (request) => act(deps, deps.authenticate(request), request));
  const list: Act = ({ node, journal }, caller, request) => listTransfers(node, journal, caller, request);
  on('GET', '/ops/transfers', mayBeEmpty(list));
  on('POST', '/ops/transfers', startTransfer);
  on('GET', '/ops/transfers/:id', mayBeEmpty(showTransfer));
  on('PUT', '/ops/transfers/:id', change);
  on('CANCEL', '/ops/transfers/:id', cancel);
  on('DELETE', '/ops/transfers/:id', cancel);
}

import type { JsonObject } from '../../../transfer-spec/transfer-spec.ts';
import type { SourceError } from '../../../transport/source-error.ts';
import type { UpstreamRequest, UpstreamResponse } from '../../../transport/upstream.ts';
import type { NodeConnection } from '../connection.ts';
import { jobsForbidden } from '../errors.ts';
import { parseAnswer, parseItems } from '../parse.ts';
import { compact } from '../request-shape.ts';
import { segment } from '../segment.ts';
import type {
  NewSyncJob,
  SyncDirection,
  SyncJob,
  SyncJobCounters,
  SyncJobFile,
  SyncJobFileQuery,
  SyncJobState,
  SyncSummary,
} from '../types.ts';
import {
  statisticsIds,
  syncConfiguration,
  syncIds,
  syncJob,
  syncJobCounters,
  syncJobFile,
  syncJobFiles,
  syncJobState,
  syncSummaries,
  syncSummary,
} from '../wire/sync-job.ts';
import { createdId } from '../wire/watch-folder.ts';

const pathOf = ({ source }: NodeConnection, id: string, what = '') => `/asyncs/${segment(source, id)}${what}`;

/** [GUESS] That no bearer token is taken: these calls are not in the vendor's document (aspera-node-api.md §6). */
async function send(connection: NodeConnection, request: UpstreamRequest): Promise<UpstreamResponse> {
  if (connection.isBearer) throw jobsForbidden(connection.source, 'syncs');
  return connection.send(request);
}

const get = (connection: NodeConnection, operation: string, path: string, query = {}) =>
  send(connection, { operation, method: 'GET', path, query, repeat: 'safe' });

/** `GET /asyncs`: ids alone. */
export async function listSyncJobs(connection: NodeConnection): Promise<readonly string[]> {
  const { body } = await get(connection, 'node.syncJobs', '/asyncs');
  return parseAnswer(connection.source, 'a list of syncs', syncIds, body);
}

/** `GET /asyncs/{id}`. */
export async function readSyncJob(connection: NodeConnection, id: string): Promise<SyncJob> {
  const { body } = await get(connection, 'node.syncJob', pathOf(connection, id));
  return { syncJobId: id, ...parseAnswer(connection.source, 'a sync', syncJob, body) };
}

/** `GET /asyncs/{id}/state`. */
export async function readSyncJobState(connection: NodeConnection, id: string): Promise<SyncJobState> {
  const { body } = await get(connection, 'node.syncJobState', pathOf(connection, id, '/state'));
  return parseAnswer(connection.source, 'the state of a sync', syncJobState, body);
}

/** `GET /asyncs/{id}/counters`. */
export async function readSyncJobCounters(connection: NodeConnection, id: string): Promise<SyncJobCounters> {
  const { body } = await get(connection, 'node.syncJobCounters', pathOf(connection, id, '/counters'));
  return parseAnswer(connection.source, 'the counters of a sync', syncJobCounters, body);
}

/** `GET /asyncs/{id}/files`; `skip` and `count` as in `/async/files`. */
export async function listSyncJobFiles(
  connection: NodeConnection,
  id: string,
  query: SyncJobFileQuery,
): Promise<readonly (SyncJobFile | SourceError)[]> {
  const { skip, count } = query;
  const { body } = await get(connection, 'node.syncJobFiles', pathOf(connection, id, '/files'), { skip, count });
  const files = parseAnswer(connection.source, 'the files of a sync', syncJobFiles, body);
  return parseItems(connection.source, 'a file of a sync', syncJobFile, files);
}

const directionWords: Readonly<Record<SyncDirection, string>> = { PUSH: 'push', PULL: 'pull', BOTH: 'bidi' };

function configurationOf(job: NewSyncJob): JsonObject {
  const { host, port, user, path, password, token } = job.remote;
  const interval = job.scanIntervalSeconds === undefined ? undefined : Math.round(job.scanIntervalSeconds * 1000);
  return compact<JsonObject[string]>({
    name: job.name,
    direction: directionWords[job.direction],
    mode: job.mode.toLowerCase(),
    local: { path: job.localPath },
    remote: compact({ host, port, user, path, pass: password, token }),
    create_dir: job.createFolders,
    local_scan_interval_milliseconds: interval,
    remote_scan_interval_milliseconds: interval,
  });
}

/** `POST /asyncs`: the sync waits to be started. Its answer is not read again: that could fail where this has not. */
export async function createSyncJob(connection: NodeConnection, job: NewSyncJob): Promise<SyncJob> {
  const configuration = configurationOf(job);
  const { body } = await send(connection, {
    operation: 'node.createSyncJob',
    method: 'POST',
    path: '/asyncs',
    json: { configuration },
    repeat: 'never',
  });
  const syncJobId = parseAnswer(connection.source, 'the id of a sync', createdId, body);
  return { syncJobId, ...parseAnswer(connection.source, 'a sync', syncConfiguration, configuration) };
}

/** `POST /asyncs/{id}/start` and `/stop`: with an empty body of text, as IBM's client sends them (§6). */
export async function controlSyncJob(connection: NodeConnection, id: string, verb: 'start' | 'stop'): Promise<void> {
  await send(connection, {
    operation: `node.${verb}SyncJob`,
    method: 'POST',
    path: pathOf(connection, id, `/${verb}`),
    headers: { 'content-type': 'text/plain' },
    repeat: 'never',
  });
}

/** `DELETE /asyncs/{id}`. */
export async function deleteSyncJob(connection: NodeConnection, id: string): Promise<void> {
  const path = pathOf(connection, id);
  await send(connection, { operation: 'node.deleteSyncJob', method: 'DELETE', path, repeat: 'never' });
}

/** `GET /async/list`, `POST /async/summary`: every sync of the server, also those that nobody asked this node for. */
export async function readSyncSummaries(
  connection: NodeConnection,
  first: number,
): Promise<readonly (SyncSummary | SourceError)[]> {
  const { source } = connection;
  const list = await get(connection, 'node.syncStatistics', '/async/list');
  const syncs = parseAnswer(source, 'a list of syncs', statisticsIds, list.body).slice(0, first);
  if (syncs.length === 0) return [];
  const { body } = await send(connection, {
    operation: 'node.syncSummaries',
    method: 'POST',
    path: '/async/summary',
    json: { syncs },
    repeat: 'safe',
  });
  const summaries = parseAnswer(source, 'summaries of syncs', syncSummaries, body);
  return parseItems(source, 'the summary of a sync', syncSummary, summaries);
}

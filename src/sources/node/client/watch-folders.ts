import { isJsonObject, type JsonObject } from '../../../transfer-spec/transfer-spec.ts';
import type { UpstreamRequest, UpstreamResponse } from '../../../transport/upstream.ts';
import type { NodeConnection } from '../connection.ts';
import { jobsForbidden } from '../errors.ts';
import { parseAnswer } from '../parse.ts';
import { segment } from '../segment.ts';
import type { NewWatchFolder, WatchFolder, WatchFolderChange, WatchFolderState } from '../types.ts';
import { changedConfig, newConfig, readWatchFolder } from '../watch-folder-config.ts';
import { createdId, watchFolderConfig, watchFolderIds, watchFolderState } from '../wire/watch-folder.ts';

const ROOT = '/v3/watchfolders';

const pathOf = ({ source }: NodeConnection, id: string) => `${ROOT}/${segment(source, id)}`;

/** Every call names the version of the configuration that it speaks (aspera-node-api.md §6). */
async function send(connection: NodeConnection, request: UpstreamRequest): Promise<UpstreamResponse> {
  if (connection.isBearer) throw jobsForbidden(connection.source, 'watch folders');
  return connection.send({ ...request, headers: { 'x-aspera-wf-version': '2017_10_23' } });
}

/** `GET /v3/watchfolders`: ids alone. */
export async function listWatchFolders(connection: NodeConnection): Promise<readonly string[]> {
  const { body } = await send(connection, {
    operation: 'node.watchFolders',
    method: 'GET',
    path: ROOT,
    repeat: 'safe',
  });
  return parseAnswer(connection.source, 'a list of watch folders', watchFolderIds, body);
}

function parseConfig({ source }: NodeConnection, body: unknown) {
  const wire = parseAnswer(source, 'a watch folder', watchFolderConfig, body);
  return { wire, json: isJsonObject(body) ? body : {} };
}

async function readConfig(connection: NodeConnection, id: string) {
  const path = pathOf(connection, id);
  const { body } = await send(connection, { operation: 'node.watchFolder', method: 'GET', path, repeat: 'safe' });
  return parseConfig(connection, body);
}

/** `GET /v3/watchfolders/{id}`. */
export async function readWatchFolderById(connection: NodeConnection, id: string): Promise<WatchFolder> {
  const { wire, json } = await readConfig(connection, id);
  return readWatchFolder(id, wire, json);
}

/** `GET /v3/watchfolders/{id}/state`. */
export async function readWatchFolderState(connection: NodeConnection, id: string): Promise<WatchFolderState> {
  const path = `${pathOf(connection, id)}/state`;
  const { body } = await send(connection, { operation: 'node.watchFolderState', method: 'GET', path, repeat: 'safe' });
  return parseAnswer(connection.source, 'the state of a watch folder', watchFolderState, body);
}

/** A watch folder as it was just written, without reading it again: a failure to read is no failure to write. */
function written(connection: NodeConnection, id: string, config: JsonObject): WatchFolder {
  return readWatchFolder(id, parseConfig(connection, config).wire, config);
}

/** `POST /v3/watchfolders`. */
export async function createWatchFolder(connection: NodeConnection, folder: NewWatchFolder): Promise<WatchFolder> {
  const config = newConfig(folder);
  const { body } = await send(connection, {
    operation: 'node.createWatchFolder',
    method: 'POST',
    path: ROOT,
    json: config,
    repeat: 'never',
  });
  const id = parseAnswer(connection.source, 'the id of a watch folder', createdId, body);
  return written(connection, id, config);
}

/** `PUT /v3/watchfolders/{id}` takes the whole configuration, so it is read first. */
export async function changeWatchFolder(
  connection: NodeConnection,
  id: string,
  change: WatchFolderChange,
): Promise<WatchFolder> {
  const config = changedConfig(connection.source, await readConfig(connection, id), change);
  await send(connection, {
    operation: 'node.changeWatchFolder',
    method: 'PUT',
    path: pathOf(connection, id),
    json: config,
    repeat: 'never',
  });
  return written(connection, id, config);
}

/** `DELETE /v3/watchfolders/{id}`. */
export async function deleteWatchFolder(connection: NodeConnection, id: string): Promise<void> {
  const path = pathOf(connection, id);
  await send(connection, { operation: 'node.deleteWatchFolder', method: 'DELETE', path, repeat: 'never' });
}

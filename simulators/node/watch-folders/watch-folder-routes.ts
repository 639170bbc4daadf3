import { randomUUID } from 'node:crypto';
import { readJson, type SimulatorRequest, type SimulatorResponse } from '../../kit/message.ts';
import type { Router } from '../../kit/router.ts';
import type { Authenticate, Caller } from '../caller.ts';
import { basicOnly } from '../credentials.ts';
import { refusal } from '../errors.ts';
import type { OwnTransferDeps } from '../transfers/own-transfer.ts';
import { readWatchConfig } from './watch-config.ts';
import { createWatchFolder, type WatchFolder } from './watch-folder.ts';

/** The watch folders of one node. */
export interface WatchFolders {
  /** Lets each of them look when its time has come. */
  tick(): void;
  stop(): Promise<void>;
}

type Act = (caller: Caller, request: SimulatorRequest) => SimulatorResponse | Promise<SimulatorResponse>;

/** The version of the configuration that every call has to name (aspera-node-api.md §6). */
const WF_VERSION = '2017_10_23';

function demandVersion(request: SimulatorRequest): void {
  if (request.headers['x-aspera-wf-version'] === WF_VERSION) return;
  throw refusal(400, `The header X-aspera-WF-version: ${WF_VERSION} is required`);
}

const bodyOf = (request: SimulatorRequest) => readJson(request, () => refusal(400, 'The body is not valid JSON'));

/** The node user sees all, an access key its own. */
const isVisible = (caller: Caller, { owner }: WatchFolder) =>
  caller.accessKeyId === undefined || owner.accessKeyId === caller.accessKeyId;

function createRoutes(deps: OwnTransferDeps, folders: Map<string, WatchFolder>) {
  const find = (caller: Caller, request: SimulatorRequest): WatchFolder => {
    const folder = folders.get(request.params.id ?? '');
    if (!folder || !isVisible(caller, folder)) throw refusal(404, 'Watch folder not found');
    return folder;
  };
  const create: Act = (caller, request) => {
    const sent = bodyOf(request);
    const config = readWatchConfig(sent);
    const id = config.id ?? randomUUID();
    if (folders.has(id)) throw refusal(409, 'A watch folder with this id exists');
    const owner = { accessKeyId: caller.accessKeyId, userId: caller.userId, root: caller.root };
    folders.set(id, createWatchFolder(deps, { id, owner, config, sent }));
    return { status: 200, json: { id } };
  };
  const list: Act = (caller) => {
    const visible = [...folders.values()].filter((folder) => isVisible(caller, folder));
    return { status: 200, json: { ids: visible.map(({ id }) => id) } };
  };
  // [GUESS] That the configuration comes back as it was sent, its password included.
  const show: Act = (caller, request) => {
    const folder = find(caller, request);
    return { status: 200, json: { ...(folder.config() as object), id: folder.id } };
  };
  // [GUESS] What a change and a deletion answer.
  const change: Act = (caller, request) => {
    const folder = find(caller, request);
    const sent = bodyOf(request);
    folder.change(readWatchConfig(sent), sent);
    return { status: 200, json: { id: folder.id } };
  };
  const remove: Act = async (caller, request) => {
    const folder = find(caller, request);
    folders.delete(folder.id);
    await folder.stop();
    return { status: 204 };
  };
  const state: Act = (caller, request) => {
    const { components, statistics } = find(caller, request);
    const word = components.isWell() ? 'HEALTHY' : 'IMPAIRED';
    return { status: 200, json: { state: word, statistics, components: components.render() } };
  };
  return { create, list, show, change, remove, state };
}

/** `/v3/watchfolders` (aspera-node-api.md §6). That no bearer token is taken here is a guess. */
export function registerWatchFolderRoutes(
  router: Router,
  deps: OwnTransferDeps & { readonly authenticate: Authenticate },
): WatchFolders {
  const folders = new Map<string, WatchFolder>();
  const authenticate = basicOnly(deps.authenticate);
  const routes = createRoutes(deps, folders);
  const on = (method: string, path: string, act: Act) =>
    router.on(method, path, (request) => {
      const caller = authenticate(request);
      demandVersion(request);
      return act(caller, request);
    });
  on('GET', '/v3/watchfolders', routes.list);
  on('POST', '/v3/watchfolders', routes.create);
  on('GET', '/v3/watchfolders/:id', routes.show);
  on('PUT', '/v3/watchfolders/:id', routes.change);
  on('DELETE', '/v3/watchfolders/:id', routes.remove);
  on('GET', '/v3/watchfolders/:id/state', routes.state);
  return {
    tick: () => {
      for (const folder of folders.values()) folder.tick();
    },
    stop: async () => {
      await Promise.all([...folders.values()].map((folder) => folder.stop()));
    },
  };
}

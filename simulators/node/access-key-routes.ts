import { mkdirSync } from 'node:fs';
import * as z from 'zod';
import type { SimulatorRequest, SimulatorResponse } from '../kit/message.ts';
import type { Router } from '../kit/router.ts';
import { type AccessKey, accessKeyOf, randomText } from './access-keys.ts';
import type { Authenticate, Caller } from './caller.ts';
import { basicOnly } from './credentials.ts';
import { refusal } from './errors.ts';
import { type Fields, fieldsOf, isFields, present } from './fields.ts';
import { readBody } from './files/request-fields.ts';
import { resolveInRoot } from './files/resolve-in-root.ts';
import type { NodeContext } from './node-context.ts';

export interface AccessKeyRouteDeps {
  readonly node: NodeContext;
  readonly authenticate: Authenticate;
  /** Drops the events and the transfer history of a key that is deleted (aspera-node-api.md §2). */
  readonly forget: (accessKeyId: string) => void;
}

const fields = z.record(z.string(), z.unknown());
const changes = {
  secret: z.string().min(1).optional(),
  token_verification_key: z.string().optional(),
  license: fields.optional(),
  configuration: fields.optional(),
};
const storage = z.looseObject({ type: z.literal('local'), path: z.string().optional() });
const creation = z.object({ ...changes, id: z.string().min(1).optional(), storage });
const change = z.object({
  ...changes,
  id: z.never('an access key keeps its id').optional(),
  storage: storage.optional(),
});

/** An access key without what only its owner may know: secret and storage credentials. */
const render = (key: AccessKey): Fields =>
  present({
    id: key.id,
    root_file_id: key.rootFileId,
    token_verification_key: key.tokenVerificationKey,
    license: key.license,
    storage: present({ ...key.storage, credentials: undefined }),
    configuration: key.configuration,
  });

const isReachable = (caller: Caller, key: AccessKey) =>
  caller.accessKeyId === undefined || caller.accessKeyId === key.id || caller.accessKeyId === key.parentId;

function findKey({ node }: AccessKeyRouteDeps, caller: Caller, id: string): AccessKey {
  if (id === 'self') return accessKeyOf(node.accessKeys, caller);
  const key = node.accessKeys.find(id);
  if (!key || !isReachable(caller, key)) throw refusal(404, 'Access key not found');
  return key;
}

function rootFileIdOf(node: NodeContext, caller: Caller, root: string, path: string): string {
  if (caller.accessKeyId !== undefined) return node.fileIds.fileIdOf(accessKeyOf(node.accessKeys, caller), path);
  const first = node.accessKeys.all().find((key) => key.root === node.docroot);
  return first && root !== node.docroot ? node.fileIds.fileIdOf(first, path) : '1';
}

function openStorage(root: string, path: string): string {
  const folder = resolveInRoot(root, path);
  mkdirSync(folder, { recursive: true });
  return folder;
}

/** A key's `storage.path` is relative to the storage of whoever makes it: a master key, or the node user's docroot. */
function createKey(deps: AccessKeyRouteDeps, caller: Caller, request: SimulatorRequest): SimulatorResponse {
  const { node } = deps;
  const body = readBody(request, creation);
  if (body.id !== undefined && node.accessKeys.find(body.id)) throw refusal(409, 'The access key id already exists');
  const path = body.storage.path ?? '/';
  const root = openStorage(caller.root, path);
  const key: AccessKey = {
    id: body.id ?? randomText(15),
    secret: body.secret ?? randomText(24),
    rootFileId: rootFileIdOf(node, caller, root, path),
    root,
    parentId: caller.accessKeyId,
    tokenVerificationKey: body.token_verification_key,
    storage: body.storage,
    license: body.license,
    configuration: body.configuration ?? { transfer: {}, server: {} },
  };
  node.accessKeys.put(key);
  return { status: 200, json: { ...render(key), ...(body.secret === undefined ? { secret: key.secret } : {}) } };
}

function mergeConfiguration(old: Fields, added: Fields | undefined): Fields {
  const merged = Object.entries(added ?? {}).map(([name, value]) => {
    return [name, isFields(value) ? { ...fieldsOf(old[name]), ...value } : value];
  });
  return { ...old, ...Object.fromEntries(merged) };
}

function changeKey(deps: AccessKeyRouteDeps, caller: Caller, request: SimulatorRequest): SimulatorResponse {
  const key = findKey(deps, caller, request.params.id ?? '');
  const body = readBody(request, change);
  const { accessKeys, docroot } = deps.node;
  const within = key.parentId === undefined ? docroot : (accessKeys.find(key.parentId)?.root ?? docroot);
  accessKeys.put({
    ...key,
    storage: body.storage ?? key.storage,
    root: body.storage ? openStorage(within, body.storage.path ?? '/') : key.root,
    secret: body.secret ?? key.secret,
    tokenVerificationKey: body.token_verification_key ?? key.tokenVerificationKey,
    license: body.license ?? key.license,
    configuration: mergeConfiguration(key.configuration, body.configuration),
  });
  return { status: 204 };
}

function deleteKey(deps: AccessKeyRouteDeps, caller: Caller, request: SimulatorRequest): SimulatorResponse {
  const { id } = findKey(deps, caller, request.params.id ?? '');
  deps.node.accessKeys.remove(id);
  deps.forget(id);
  return { status: 204 };
}

function listKeys({ node }: AccessKeyRouteDeps, caller: Caller): SimulatorResponse {
  const reachable = node.accessKeys.all().filter((key) => isReachable(caller, key));
  return { status: 200, json: reachable.map(render) };
}

/** `/access_keys` (Basic authorization only) and `/self` (aspera-node-api.md §2). */
export function registerAccessKeyRoutes(router: Router, deps: AccessKeyRouteDeps): void {
  type Act = (deps: AccessKeyRouteDeps, caller: Caller, request: SimulatorRequest) => SimulatorResponse;
  const basic = basicOnly(deps.authenticate);
  const on = (method: string, path: string, act: Act, authenticate = basic) =>
    router.on(method, path, (request) => act(deps, authenticate(request), request));
  const show: Act = (_, caller, request) => ({
    status: 200,
    json: render(findKey(deps, caller, request.params.id ?? 'self')),
  });
  on('GET', '/access_keys', listKeys);
  on('POST', '/access_keys', createKey);
  on('GET', '/access_keys/:id', show);
  on('PUT', '/access_keys/:id', changeKey);
  on('DELETE', '/access_keys/:id', deleteKey);
  on('GET', '/self', show, deps.authenticate);
}

import * as z from 'zod';
import type { SimulatorResponse } from '../../kit/message.ts';
import { refusal } from '../errors.ts';
import { type Access, demandLevel, type FileHandler, type FileState, isWithin, levelsAt, pathOfId } from './access.ts';
import { fileInfo } from './file-info.ts';
import { fileNodeAt } from './file-node.ts';
import { type AccessLevel, accessLevels, isGrantedTo, oldAccessLevel, type Permission } from './permission-store.ts';
import { queryList, queryPage, readBody } from './request-fields.ts';
import { isoSeconds } from './seconds.ts';

/** Who a permission is noted to come from when the access key itself makes it (openapi 4.4.6, permissions-post-200). */
const ACCESS_KEY_ADMIN = 'ASPERA_ACCESS_KEY_ADMIN';

const authorOf = ({ caller }: Access): string => caller.userId ?? ACCESS_KEY_ADMIN;

/** Permissions whose file is still known; those of a deleted file are gone with it. */
const livingPermissions = ({ permissions, ids }: FileState, { accessKeyId, storage }: Access): Permission[] =>
  permissions.all(accessKeyId).filter(({ file_id }) => ids.pathOfFileId(storage, file_id) !== undefined);

/** A caller with any permission on the root sees all permissions, others those that are given to or made by them. */
function canSee(state: FileState, access: Access, permission: Permission): boolean {
  const { caller } = access;
  if (levelsAt(state, access, '/').size > 0) return true;
  return isGrantedTo(caller, permission) || permission.created_by_id === caller.userId;
}

/** May show or change a permission: its author, and whoever has any permission on its file. */
function holdsFile(state: FileState, access: Access, permission: Permission): boolean {
  const path = state.ids.pathOfFileId(access.storage, permission.file_id);
  const isAuthor = permission.created_by_id === access.caller.userId;
  return isAuthor || (path !== undefined && levelsAt(state, access, path).size > 0);
}

type Test = (permission: Permission) => boolean;

/** `tag_id(tag_value)`; dots in the id go into nested tags. */
function tagTest(text: string): Test {
  const [, id, value] = /^([^(]+)\((.*)\)$/s.exec(text) ?? [];
  if (id === undefined) throw refusal(400, 'Invalid parameter tags');
  return ({ tags }) => {
    const found = id.split('.').reduce<unknown>((held, name) => {
      const isObject = typeof held === 'object' && held !== null;
      return isObject ? new Map(Object.entries(held)).get(name) : undefined;
    }, tags);
    return String(found) === value;
  };
}

const plainFilters = [
  'access_type',
  'access_id',
  'created_by_id',
  'last_updated_by_id',
  'access_level',
] as const satisfies readonly (keyof Permission)[];

function memberTests(query: URLSearchParams): Test[] {
  const tests: Test[] = [];
  for (const name of plainFilters) {
    const value = query.get(name);
    if (value !== null) tests.push((permission) => permission[name] === value);
  }
  const levels = queryList(query, 'access_levels');
  tests.push(({ access_levels }) => levels.every((level) => access_levels.some((held) => held === level)));
  const tags = query.get('tags');
  if (tags !== null) tests.push(tagTest(tags));
  return tests;
}

/** These filters leave inherited permissions out (openapi 4.4.6, GET /permissions). */
const ownOnly = ['created_by_id', 'last_updated_by_id', 'tags'];

function isInherited(query: URLSearchParams): boolean {
  const value = query.get('inherited') ?? 'true';
  if (value !== 'true' && value !== 'false') throw refusal(400, 'Invalid parameter inherited');
  return value === 'true' && !ownOnly.some((name) => query.has(name));
}

/** Permissions on one file and, unless they are left out, on the folders above it. */
function fileTest(state: FileState, access: Access, query: URLSearchParams): Test {
  const withInherited = isInherited(query);
  const fileId = query.get('file_id');
  if (fileId === null) return () => true;
  const path = pathOfId(state, access, fileId);
  demandLevel(state, access, path);
  return ({ file_id }) => {
    const folder = state.ids.pathOfFileId(access.storage, file_id);
    return file_id === fileId || (withInherited && folder !== undefined && isWithin(folder, path));
  };
}

async function embedFile(state: FileState, access: Access, permission: Permission): Promise<object> {
  const path = state.ids.pathOfFileId(access.storage, permission.file_id);
  const node = path === undefined ? undefined : await fileNodeAt(access.storage.root, path).catch(() => undefined);
  return node ? { ...permission, file: await fileInfo({ state, access, include: new Set() }, node) } : permission;
}

async function shown(state: FileState, access: Access, query: URLSearchParams, permission: Permission) {
  return queryList(query, 'embed').includes('file') ? embedFile(state, access, permission) : permission;
}

/** GET /permissions (aspera-node-api.md §2). */
export const listPermissions: FileHandler = async (state, access, { query }) => {
  const tests = [
    fileTest(state, access, query),
    ...memberTests(query),
    (permission: Permission) => canSee(state, access, permission),
  ];
  const page = queryPage(query);
  const all = livingPermissions(state, access).filter((permission) => tests.every((test) => test(permission)));
  const listed = page ? all.slice(page.start, page.end) : all;
  return {
    status: 200,
    json: await Promise.all(listed.map((permission) => shown(state, access, query, permission))),
    headers: { 'X-Total-Count': String(all.length) },
  };
};

const levelMembers = {
  access_levels: z.array(z.enum(accessLevels)).min(1).optional(),
  access_level: z.enum(['edit', 'view']).optional(),
};
const tagsMember = z.record(z.string(), z.unknown());

const createRequest = z.object({
  file_id: z.string(),
  access_type: z.enum(['user', 'group']),
  access_id: z.string().min(1),
  ...levelMembers,
  tags: tagsMember.default({}),
});

/** What the two levels of old servers stand for. */
const oldLevels: Readonly<Record<'edit' | 'view', readonly AccessLevel[]>> = {
  edit: accessLevels,
  view: ['list', 'read', 'preview'],
};

interface LevelRequest {
  readonly access_levels?: readonly AccessLevel[] | undefined;
  readonly access_level?: 'edit' | 'view' | undefined;
}

function levelsIn({ access_levels, access_level }: LevelRequest): readonly AccessLevel[] | undefined {
  if (access_levels) return access_levels;
  return access_level && oldLevels[access_level];
}

/** POST /permissions: for whoever has any permission on the file; one permission per file and user or group. */
export const createPermission: FileHandler = (state, access, request) => {
  const { file_id, access_type, access_id, tags, ...level } = readBody(request, createRequest);
  const levels = levelsIn(level);
  if (!levels) throw refusal(400, 'Missing parameter access_levels');
  demandLevel(state, access, pathOfId(state, access, file_id));
  const isKnown = state.permissions
    .all(access.accessKeyId)
    .some((other) => other.file_id === file_id && other.access_type === access_type && other.access_id === access_id);
  if (isKnown) throw refusal(409, 'The permission already exists');
  const author = authorOf(access);
  const time = isoSeconds(state.clock.now());
  const permission = state.permissions.add(access.accessKeyId, {
    file_id,
    access_type,
    access_id,
    access_levels: levels,
    access_level: oldAccessLevel(levels),
    tags,
    created_by_id: author,
    created_at: time,
    last_updated_by_id: author,
    last_updated_at: time,
  });
  return { status: 200, json: permission };
};

function permissionOf(state: FileState, access: Access, id: string | undefined): Permission {
  const permission = livingPermissions(state, access).find((known) => known.id === id);
  if (!permission) throw refusal(404, 'Invalid permission ID');
  return permission;
}

function changeablePermission(state: FileState, access: Access, id: string | undefined): Permission {
  const permission = permissionOf(state, access, id);
  if (!holdsFile(state, access, permission)) throw refusal(403, 'Permission denied');
  return permission;
}

/** GET /permissions/{id}: a permission that the caller has nothing to do with is not told to exist. */
export const showPermission: FileHandler = async (state, access, { params, query }) => {
  const permission = permissionOf(state, access, params.id);
  const isAllowed = isGrantedTo(access.caller, permission) || holdsFile(state, access, permission);
  if (!isAllowed) throw refusal(404, 'Invalid permission ID');
  return { status: 200, json: await shown(state, access, query, permission) };
};

const changeRequest = z.object({ ...levelMembers, tags: tagsMember.optional() });

/** PUT /permissions/{id}: replaces the levels or the tags; nothing else can be changed. */
export const changePermission: FileHandler = (state, access, request): SimulatorResponse => {
  const permission = changeablePermission(state, access, request.params.id);
  const { tags = permission.tags, ...level } = readBody(request, changeRequest);
  const levels = levelsIn(level) ?? permission.access_levels;
  const changed: Permission = {
    ...permission,
    access_levels: levels,
    access_level: oldAccessLevel(levels),
    tags,
    last_updated_by_id: authorOf(access),
    last_updated_at: isoSeconds(state.clock.now()),
  };
  state.permissions.replace(access.accessKeyId, changed);
  return { status: 200, json: changed };
};

/** DELETE /permissions/{id}: 200 without a body (aspera-node-api.md §2). */
export const deletePermission: FileHandler = (state, access, { params }) => {
  const { id } = changeablePermission(state, access, params.id);
  state.permissions.remove(access.accessKeyId, id);
  return { status: 200 };
};

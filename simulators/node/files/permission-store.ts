import type { Caller } from '../caller.ts';

/** Every access level there is (aspera-node-api.md §2, /permissions). */
export const accessLevels = ['list', 'read', 'write', 'delete', 'mkdir', 'rename', 'preview'] as const;
export type AccessLevel = (typeof accessLevels)[number];

/** A permission as the Node API shows it. */
export interface Permission {
  readonly id: string;
  readonly file_id: string;
  readonly access_type: 'user' | 'group';
  readonly access_id: string;
  readonly access_levels: readonly AccessLevel[];
  readonly access_level: 'edit' | 'view';
  readonly tags: Readonly<Record<string, unknown>>;
  readonly created_by_id: string;
  readonly created_at: string;
  readonly last_updated_by_id: string;
  readonly last_updated_at: string;
}

/** The permissions of every access key, in memory. An access key never sees another's. */
export interface PermissionStore {
  add(accessKeyId: string, permission: Omit<Permission, 'id'>): Permission;
  all(accessKeyId: string): readonly Permission[];
  find(accessKeyId: string, id: string): Permission | undefined;
  replace(accessKeyId: string, permission: Permission): void;
  remove(accessKeyId: string, id: string): void;
}

export function createPermissionStore(): PermissionStore {
  const byKey = new Map<string, Map<string, Permission>>();
  let last = 0;
  const of = (accessKeyId: string) => {
    const known = byKey.get(accessKeyId) ?? new Map<string, Permission>();
    byKey.set(accessKeyId, known);
    return known;
  };
  return {
    add: (accessKeyId, permission) => {
      last += 1;
      const added = { id: String(last), ...permission };
      of(accessKeyId).set(added.id, added);
      return added;
    },
    all: (accessKeyId) => [...of(accessKeyId).values()],
    find: (accessKeyId, id) => of(accessKeyId).get(id),
    replace: (accessKeyId, permission) => {
      of(accessKeyId).set(permission.id, permission);
    },
    remove: (accessKeyId, id) => {
      of(accessKeyId).delete(id);
    },
  };
}

/** Whether a permission is given to this caller or to a group of theirs. */
export function isGrantedTo(caller: Caller, { access_type, access_id }: Permission): boolean {
  return access_type === 'user' ? access_id === caller.userId : caller.groupIds.includes(access_id);
}

const editing: ReadonlySet<AccessLevel> = new Set(['write', 'delete', 'mkdir', 'rename']);

/** The two levels that servers before 4.0.1 knew: `edit` when something can be changed, else `view`. */
export const oldAccessLevel = (levels: readonly AccessLevel[]): 'edit' | 'view' =>
  levels.some((level) => editing.has(level)) ? 'edit' : 'view';

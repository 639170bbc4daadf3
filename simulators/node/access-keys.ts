import { randomBytes, timingSafeEqual } from 'node:crypto';
import type { Caller } from './caller.ts';
import { refusal } from './errors.ts';
import type { Fields } from './fields.ts';

/** An access key with what only the node knows of it (aspera-node-api.md §2 /access_keys). */
export interface AccessKey {
  readonly id: string;
  readonly secret: string;
  readonly rootFileId: string;
  /** Absolute folder on disk that `storage.path` stands for. */
  readonly root: string;
  /** The key whose credentials made this one; undefined for a key of the node user. */
  readonly parentId: string | undefined;
  readonly tokenVerificationKey: string | undefined;
  readonly storage: Fields;
  readonly license: Fields | undefined;
  readonly configuration: Fields;
}

/** The access keys of one node. */
export interface AccessKeys {
  find(id: string): AccessKey | undefined;
  all(): readonly AccessKey[];
  put(key: AccessKey): void;
  remove(id: string): void;
}

export function createAccessKeys(): AccessKeys {
  const keys = new Map<string, AccessKey>();
  return {
    find: (id) => keys.get(id),
    all: () => [...keys.values()],
    put: (key) => {
      keys.set(key.id, key);
    },
    remove: (id) => {
      keys.delete(id);
    },
  };
}

/** Random text for ids and secrets that nobody chose. */
export const randomText = (bytes: number): string => randomBytes(bytes).toString('base64url');

/** Compares secrets without telling by the time it takes where they differ. */
export function isSameSecret(left: string, right: string): boolean {
  const [a, b] = [Buffer.from(left), Buffer.from(right)];
  return a.length === b.length && timingSafeEqual(a, b);
}

/** The access key in force for a caller; refuses a node user, who has none. */
export function accessKeyOf(keys: AccessKeys, caller: Caller): AccessKey {
  const key = caller.accessKeyId === undefined ? undefined : keys.find(caller.accessKeyId);
  if (!key) throw refusal(403, 'An access key is required');
  return key;
}

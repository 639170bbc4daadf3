import { isJsonObject, type JsonObject, type JsonValue } from './transfer-spec.ts';

/**
 * `token` and `credentials`, every name that ends in a kind of secret (`remote_password`, `ssh_private_key`…), and
 * where a key lies.
 */
const secretNames =
  /(^|_)(token|credentials|pass|password|passphrase|filepass|secret|private_key|api_key|encryption_key|authorization|keypath|private_key_paths?)$/i;

/** The user part of `dnat://user:password@host` (aspera-node-api.md §7, `proxy`). */
const userInfo = /(\b[a-z][a-z0-9+.-]*:\/\/)[^/@\s]+@/gi;

function publicValue(value: JsonValue): JsonValue {
  if (typeof value === 'string') return value.includes('://') ? value.replace(userInfo, '$1') : value;
  if (Array.isArray(value)) return value.map(publicValue);
  return isJsonObject(value) ? publicJson(value) : value;
}

/**
 * Free-form JSON of a node (what a transfer was started with, tags, settings) as anybody may see it who may see the
 * thing itself: members that hold secrets are left out, and so is null.
 */
export function publicJson(json: JsonObject): JsonObject {
  const kept = Object.entries(json).filter(([name, value]) => value !== null && !secretNames.test(name));
  return Object.fromEntries(kept.map(([name, value]) => [name, publicValue(value)]));
}

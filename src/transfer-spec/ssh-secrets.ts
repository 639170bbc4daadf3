import type { JsonObject } from './transfer-spec.ts';

/**
 * Members of a transfer spec that log in to a system: passwords and keys of the remote user, the password of the local
 * one, and what makes the node use a key or a program of its own disk (aspera-node-api.md §5.1, §7).
 */
const sshMembers: ReadonlySet<string> = new Set([
  'remote_password',
  'ssh_private_key',
  'ssh_private_key_passphrase',
  'ssh_private_key_path',
  'password',
  'use_system_ssh',
  'ssh_args',
  // Where the second version of the spec has all of these.
  'session_initiation',
]);

/** The names of the members of a spec that are a system user's secrets, or stand for them. */
export const sshSecretsIn = (json: JsonObject): readonly string[] =>
  Object.entries(json).flatMap(([name, value]) => (sshMembers.has(name) && value !== null ? [name] : []));

/** Members that hold secrets wherever they turn up in a logged object. */
const secretNames: ReadonlySet<string> = new Set([
  'authorization',
  'token',
  'access_token',
  'accessToken',
  'authToken',
  'assertion',
  'password',
  'remote_password',
  'secret',
  'clientSecret',
  'privateKey',
  'cookie',
  'ssh_private_key',
  'content_protection_password',
  'key',
]);

const CENSORED = '[secret]';

/** What lies deeper is not looked at, and not shown either. */
const MAX_DEPTH = 8;

const isList = (value: object): value is readonly unknown[] => Array.isArray(value);

/** Instances of something, such as errors, are shown by serializers of their own. */
function isPlain(value: unknown): value is Record<string, unknown> | readonly unknown[] {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null || isList(value);
}

function censorValue(name: string, value: unknown, depth: number): unknown {
  if (secretNames.has(name)) return CENSORED;
  if (!isPlain(value)) return value;
  if (depth >= MAX_DEPTH) return '[deep]';
  return isList(value) ? value.map((entry) => censorValue('', entry, depth + 1)) : censor(value, depth + 1);
}

/**
 * The same members, with a mark in place of those that hold a secret by their name. What holds none is not copied: there
 * is a line in the log for each failed call, and this is done for each of them.
 * @param depth how deep the object lies in what is logged
 */
export function censor(fields: Record<string, unknown>, depth = 0): Record<string, unknown> {
  let copy: Record<string, unknown> | undefined;
  for (const name of Object.keys(fields)) {
    const value = fields[name];
    const shown = censorValue(name, value, depth);
    if (shown === value) continue;
    copy ??= { ...fields };
    copy[name] = shown;
  }
  return copy ?? fields;
}

import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Mistake, SettingPath } from './mistakes.ts';
import { createSecret, type Secret } from './secret.ts';

export interface ValueSources {
  /** Absolute folder that relative file names start from. */
  readonly folder: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

interface Walk extends ValueSources {
  readonly mistakes: Mistake[];
}

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'does not exist',
  ENOTDIR: 'does not exist',
  EACCES: 'may not be read by this process',
  EISDIR: 'is a folder',
};

/** Reads a file, or notes why that is impossible. */
function readText(walk: Walk, path: SettingPath, file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const reason = reasons[code ?? ''] ?? `cannot be read (${code})`;
    walk.mistakes.push({ path, message: `the file ${file} ${reason}` });
    return undefined;
  }
}

/** Files and variables often end in a line feed that is no part of the secret. */
function secretOf(walk: Walk, path: SettingPath, text: string | undefined, origin: string): Secret {
  const value = (text ?? '').replace(/[\r\n]+$/, '');
  if (text !== undefined && value === '') walk.mistakes.push({ path, message: `${origin} is empty` });
  return createSecret(value);
}

function readSecret(walk: Walk, path: SettingPath, kind: 'env' | 'file', name: string): Secret {
  if (kind === 'file') {
    const file = resolve(walk.folder, name);
    return secretOf(walk, path, readText(walk, path, file), `the file ${file}`);
  }
  const value = Object.hasOwn(walk.env, name) ? walk.env[name] : undefined;
  if (value === undefined) walk.mistakes.push({ path, message: `the environment variable ${name} is not set` });
  return secretOf(walk, path, value, `the environment variable ${name}`);
}

/** `{ env: NAME }` and `{ file: path }`, with nothing beside it. */
function secretReference(value: object): { kind: 'env' | 'file'; name: string } | undefined {
  const [entry, ...others] = Object.entries(value);
  if (!entry || others.length > 0) return undefined;
  const [kind, name] = entry;
  return (kind === 'env' || kind === 'file') && typeof name === 'string' ? { kind, name } : undefined;
}

/** Names of files on other machines, which stay as they are. */
const elsewhere: ReadonlySet<string> = new Set(['bypassKeyFile']);

const isFileHere = (setting: string) => setting.endsWith('File') && !elsewhere.has(setting);

function resolveFile(walk: Walk, path: SettingPath, name: string): string {
  const file = resolve(walk.folder, name);
  readText(walk, path, file);
  return file;
}

function resolveValue(walk: Walk, path: SettingPath, value: unknown): unknown {
  if (Array.isArray(value)) return value.map((entry, index) => resolveValue(walk, [...path, index], entry));
  if (typeof value === 'string' && isFileHere(String(path.at(-1)))) return resolveFile(walk, path, value);
  if (typeof value !== 'object' || value === null) return value;
  const reference = secretReference(value);
  if (reference) return readSecret(walk, path, reference.kind, reference.name);
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [name, resolveValue(walk, [...path, name], member)]),
  );
}

/**
 * Puts a Secret where the file says `{ env: NAME }` or `{ file: path }`, and makes every setting whose name ends in
 * `File` an absolute name of a file that can be read, but for the few on other machines. What cannot be found is a
 * mistake.
 */
export function resolveValues(
  value: unknown,
  sources: ValueSources,
): { readonly value: unknown; readonly mistakes: readonly Mistake[] } {
  const walk: Walk = { ...sources, mistakes: [] };
  return { value: resolveValue(walk, [], value), mistakes: walk.mistakes };
}

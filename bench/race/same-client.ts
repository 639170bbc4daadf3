import { readFileSync } from 'node:fs';

const versionIn = (folder: string): string => {
  const file = new URL(`${folder}/node_modules/undici/package.json`, import.meta.url);
  return String(JSON.parse(readFileSync(file, 'utf8')).version);
};

/**
 * The version of the HTTP client that everybody calls the upstream with.
 * @throws Error when the gateway has another one than floor and peers: what is compared would be two clients
 */
export function sharedClientVersion(): string {
  const [gateway, others] = [versionIn('../..'), versionIn('..')];
  if (gateway === others) return others;
  throw new Error(`the gateway has undici ${gateway}, bench/package.json pins ${others}: pin the same`);
}

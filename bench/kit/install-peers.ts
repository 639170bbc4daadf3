import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const folder = fileURLToPath(new URL('..', import.meta.url));

/** Installs what the gateway is measured against, as bench/package-lock.json pins it, unless that has been done. */
export function installPeers(): void {
  if (existsSync(new URL('../node_modules', import.meta.url))) return;
  process.stderr.write('npm ci in bench/ ...\n');
  const { status } = spawnSync('npm', ['ci'], { cwd: folder, stdio: ['ignore', 'inherit', 'inherit'] });
  if (status !== 0) throw new Error('npm ci in bench/ has failed');
}

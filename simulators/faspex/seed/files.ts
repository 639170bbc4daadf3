import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Random } from '../../kit/random.ts';

/** A file that the storage node is to hold, by its path there. */
export interface SeedFile {
  readonly path: string;
  readonly content: string;
}

const names = [
  'A001_C003_0412.mov.txt',
  'call sheet.txt',
  'grade v2.cube',
  'Notizen für den Schnitt.txt',
  '字幕.srt',
  'mix-51.wav.txt',
  'EDL_reel_4.edl',
  'poster (final).svg',
  'contrat signé.txt',
  'checksums.md5',
];

const folders = ['', '', '', 'audio/', 'reels/day 2/', 'für Köln/'];

function contentOf(random: Random, name: string): string {
  const lines = random.integer(3, 40);
  return Array.from({ length: lines }, (_, line) => `${name} ${line + 1} ${random.uuid()}\n`).join('');
}

/** A few small files for a package whose content lies at `content`. */
export function planFiles(random: Random, content: string): readonly SeedFile[] {
  const first = random.integer(0, names.length - 1);
  return Array.from({ length: random.integer(1, 4) }, (_, index) => {
    const name = names[(first + index) % names.length] ?? 'readme.txt';
    return { path: `${content}/${random.pick(folders)}${name}`, content: contentOf(random, name) };
  });
}

/** Files of the shared folders. */
export function planSharedFiles(random: Random): readonly SeedFile[] {
  const paths = ['/Server Files/reel.mov.txt', '/Server Files/stills/day 1.txt', '/Archive Vault/1998/tape 12.txt'];
  return paths.map((path) => ({ path, content: contentOf(random, path) }));
}

/** Files are written so many at a time. */
const AT_ONCE = 32;

export async function writeSeedFiles(docroot: string, files: readonly SeedFile[]): Promise<void> {
  for (let start = 0; start < files.length; start += AT_ONCE) {
    const batch = files.slice(start, start + AT_ONCE).map(async ({ path, content }) => {
      const file = join(docroot, path);
      await mkdir(dirname(file), { recursive: true });
      await writeFile(file, content);
    });
    await Promise.all(batch);
  }
}

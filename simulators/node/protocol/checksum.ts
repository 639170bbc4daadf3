import { createHash } from 'node:crypto';
import { type FileHandle, open } from 'node:fs/promises';
import type { Checksum } from './message.ts';

const SAMPLE_BYTES = 64 * 1024;

async function hashRange(handle: FileHandle, hash: ReturnType<typeof createHash>, start: number, end: number) {
  const buffer = Buffer.allocUnsafe(SAMPLE_BYTES);
  for (let position = start; position < end; ) {
    const { bytesRead } = await handle.read(buffer, 0, Math.min(SAMPLE_BYTES, end - position), position);
    if (bytesRead === 0) return;
    hash.update(buffer.subarray(0, bytesRead));
    position += bytesRead;
  }
}

/** The checksum of the first `bytes` of a file; `sparse` samples its head, middle and tail (ascp's fast checksum). */
export async function checksumOf(place: string, bytes: number, kind: Checksum['kind']): Promise<Checksum> {
  if (kind === 'none') return { kind, digest: '' };
  const hash = createHash('sha1');
  const handle = await open(place, 'r');
  try {
    if (kind === 'full' || bytes <= 3 * SAMPLE_BYTES) {
      await hashRange(handle, hash, 0, bytes);
    } else {
      const middle = Math.floor(bytes / 2);
      await hashRange(handle, hash, 0, SAMPLE_BYTES);
      await hashRange(handle, hash, middle, middle + SAMPLE_BYTES);
      await hashRange(handle, hash, bytes - SAMPLE_BYTES, bytes);
    }
  } finally {
    await handle.close();
  }
  return { kind, digest: hash.digest('hex') };
}

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Where the vendors' documents lie, which is outside this repository. */
function referenceFolder(): string {
  const folder = process.env.REFERENCE_DATA;
  if (folder) return folder;
  throw new Error('REFERENCE_DATA is not set: start these tests with `npm run test:contract -- <folder>`.');
}

/** Text of one of the vendors' documents. */
export const readReference = (name: string): string => readFileSync(join(referenceFolder(), name), 'utf8');

/** Names of the documents in a folder of them. */
export const listReference = (folder: string): readonly string[] =>
  readdirSync(join(referenceFolder(), folder)).toSorted();

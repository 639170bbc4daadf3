import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Text of one of the vendors' documents, which lie outside this repository. */
export function readReference(name: string): string {
  const folder = process.env.REFERENCE_DATA;
  if (!folder) {
    throw new Error('REFERENCE_DATA is not set: start these tests with `npm run test:contract -- <folder>`.');
  }
  return readFileSync(join(folder, name), 'utf8');
}

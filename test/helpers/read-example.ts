import { readFileSync } from 'node:fs';

/** The text of an operation that users copy. */
export const readExample = (name: string): string =>
  readFileSync(new URL(`../../examples/${name}.graphql`, import.meta.url), 'utf8');

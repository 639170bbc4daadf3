import { InvalidInputError } from '../errors.ts';

/**
 * Paths as a caller names them.
 * @param advice what to do instead of naming none
 * @throws InvalidInputError for an empty list or a blank path
 */
export function readPaths(paths: readonly string[], advice: string): readonly string[] {
  if (paths.length === 0) throw new InvalidInputError(`\`paths\` is empty: ${advice}.`, { code: 'BAD_INPUT' });
  const blank = paths.findIndex((path) => path.trim() === '');
  if (blank < 0) return paths;
  throw new InvalidInputError(`\`paths\` has a blank entry, number ${blank + 1}.`, { code: 'BAD_INPUT' });
}

import type { AccessLevel } from '../types.ts';

const levels: ReadonlyMap<string, AccessLevel> = new Map([
  ['list', 'LIST'],
  ['read', 'READ'],
  ['write', 'WRITE'],
  ['delete', 'DELETE'],
  ['mkdir', 'MKDIR'],
  ['rename', 'RENAME'],
  ['preview', 'PREVIEW'],
]);

/** Undefined for a level that is not known here: what a viewer may do is never guessed. */
export const accessLevelOf = (word: string): AccessLevel | undefined => levels.get(word);

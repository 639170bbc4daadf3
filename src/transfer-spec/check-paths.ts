import type { TransferAgent } from './parameter.ts';
import { error, type SpecIssue, warning } from './spec-issue.ts';
import { isJsonObject, type JsonValue } from './transfer-spec.ts';

const isEmpty = (value: unknown) => value === undefined || value === null || value === '';

function checkEnd(entry: { readonly value: unknown; readonly path: string }, isNeeded: boolean): readonly SpecIssue[] {
  const { value, path } = entry;
  if (isEmpty(value)) {
    const message = `\`${path}\` is missing.`;
    return isNeeded ? [error('paths', { code: 'MISSING', path, message })] : [];
  }
  if (typeof value === 'string') return [];
  return [error('paths', { code: 'WRONG_TYPE', path, message: `\`${path}\` must be a text.` })];
}

/** The lists that ascp reads have one path a line. Agents that write no list can name such a file. */
function checkLine(value: unknown, path: string, agent: TransferAgent | undefined): readonly SpecIssue[] {
  if (typeof value !== 'string' || !/[\r\n]/.test(value)) return [];
  const details = {
    code: 'NOT_ALLOWED' as const,
    path,
    message: `\`${path}\` has a line break, which the list of files that ascp reads cannot hold.`,
  };
  return [agent === 'DIRECT' ? error('paths', details) : warning('paths', details)];
}

function checkPath(entry: JsonValue, index: number, agent: TransferAgent | undefined): readonly SpecIssue[] {
  const path = `paths[${index}]`;
  if (!isJsonObject(entry)) {
    const message = `\`${path}\` must be an object { source, destination }.`;
    return [error('paths', { code: 'WRONG_TYPE', path, message })];
  }
  const ends = [
    { value: entry.source, path: `${path}.source` },
    { value: entry.destination, path: `${path}.destination` },
  ];
  return ends.flatMap((end, position) => [...checkEnd(end, position === 0), ...checkLine(end.value, end.path, agent)]);
}

/** Either every path has a destination or none has (aspera-node-api.md §7.1). */
function checkMixture(paths: readonly JsonValue[]): readonly SpecIssue[] {
  const named = paths.filter((path) => isJsonObject(path) && !isEmpty(path.destination)).length;
  if (named === 0 || named === paths.length) return [];
  const message = 'Give a `destination` for all of `paths` or for none: ascp takes no mixture.';
  return [error('paths', { code: 'CONTRADICTION', message })];
}

/** Checks each of `paths`, whose type has been checked. */
export function checkPaths(value: JsonValue | undefined, agent: TransferAgent | undefined): readonly SpecIssue[] {
  if (!Array.isArray(value)) return [];
  return [...value.flatMap((entry, index) => checkPath(entry, index, agent)), ...checkMixture(value)];
}

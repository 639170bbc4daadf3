import { checkCombinations } from './check-combinations.ts';
import { checkPaths } from './check-paths.ts';
import { checkValues } from './check-values.ts';
import type { TransferAgent } from './parameter.ts';
import { error, type SpecIssue, warning } from './spec-issue.ts';
import { isJsonObject, type JsonObject } from './transfer-spec.ts';

const missing = (name: string, what: string) =>
  error(name, { code: 'MISSING', message: `\`${name}\` is missing: ${what}.` });

/**
 * The vendor's document demands five members, its servers and clients three: without the other two they take a user
 * and a folder of their own.
 */
function checkPresence(json: JsonObject): readonly SpecIssue[] {
  const { direction, remote_host, remote_user, destination_root, paths, keepalive } = json;
  const issues: SpecIssue[] = [];
  if (direction === undefined) issues.push(missing('direction', 'say "send" or "receive"'));
  if (remote_host === undefined || remote_host === '') issues.push(missing('remote_host', 'the server to talk to'));
  // Files of a persistent session are named while it runs.
  if (keepalive !== true && (paths === undefined || (Array.isArray(paths) && paths.length === 0))) {
    issues.push(missing('paths', 'say with `paths` what is transferred'));
  }
  if (remote_user === undefined) {
    const message = '`remote_user` is missing: nodes and IBM Connect take `xfer`, ascp the name of whoever runs it.';
    issues.push(warning('remote_user', { code: 'MISSING', message, suggestion: 'xfer' }));
  }
  if (destination_root === undefined) {
    const message = '`destination_root` is missing: the client decides where the files go.';
    issues.push(warning('destination_root', { code: 'MISSING', message }));
  }
  return issues;
}

/** Nobody reads more, and a spec may have a hundred thousand paths. */
const MOST_ISSUES = 100;

/**
 * Everything that is wrong with a transfer spec v1, or has no effect in it, errors first, and no more than a
 * hundred. A member that is null counts as absent, as servers send them. No message holds a value of the spec.
 * @param agent what runs the spec; without it, what depends on that is not looked at
 */
export function validateTransferSpec(raw: unknown, agent?: TransferAgent): readonly SpecIssue[] {
  if (!isJsonObject(raw)) {
    return [error(undefined, { code: 'NOT_A_SPEC', message: 'A transfer spec is a JSON object.' })];
  }
  const json = Object.fromEntries(Object.entries(raw).filter(([, value]) => value !== null));
  const issues = [
    ...checkPresence(json),
    ...checkValues(json, agent),
    ...checkPaths(json.paths, agent),
    ...checkCombinations(json),
  ];
  return issues
    .toSorted((one, two) => Number(two.severity === 'ERROR') - Number(one.severity === 'ERROR'))
    .slice(0, MOST_ISSUES);
}

/** Errors that one message lists. */
const LISTED = 10;

/** Why a spec cannot be run, in sentences after each other; undefined when it can. */
export function refusalOf(issues: readonly SpecIssue[]): string | undefined {
  const errors = issues.filter(({ severity }) => severity === 'ERROR').map(({ message }) => message);
  if (errors.length === 0) return undefined;
  const more = errors.length > LISTED ? ['There is more: validateTransferSpec lists it.'] : [];
  return [...errors.slice(0, LISTED), ...more].join(' ');
}

import { parseStamp } from '../dates.ts';
import { refusal } from '../errors.ts';
import { choiceField, type Fields, stringField } from '../fields.ts';
import type { ExpirationPolicy, ReleasePolicy } from '../package.ts';

const RELEASE_POLICIES: readonly ReleasePolicy[] = ['now', 'on_date', 'later'];
const EXPIRATION_POLICIES: readonly ExpirationPolicy[] = [
  'none',
  'delete_after_any_download',
  'delete_after_all_download',
  'delete_after_expiration_date',
];

function dateField(fields: Fields, name: string): number | undefined {
  const text = stringField(fields, name);
  if (text === undefined) return undefined;
  const ms = parseStamp(text);
  if (ms === undefined) throw refusal(400, 1017, `${name} is no valid date.`);
  return ms;
}

export interface ReleaseRule {
  readonly releasePolicy: ReleasePolicy;
  readonly releaseDate: number | undefined;
}

/** Reads when a package is to be released; undefined where the request says nothing about it. */
export function readRelease(fields: Fields): ReleaseRule | undefined {
  const releasePolicy = choiceField(fields, 'release_policy', RELEASE_POLICIES, 1011);
  if (releasePolicy === undefined) return undefined;
  const releaseDate = releasePolicy === 'on_date' ? dateField(fields, 'release_date') : undefined;
  if (releasePolicy === 'on_date' && releaseDate === undefined) {
    throw refusal(400, 1071, 'release_date is needed with the release policy on_date.');
  }
  return { releasePolicy, releaseDate };
}

export interface ExpirationRule {
  readonly expirationPolicy: ExpirationPolicy;
  readonly expirationDate: number | undefined;
}

/** Reads when a package is to be deleted; undefined where the request says nothing about it. */
export function readExpiration(fields: Fields, now: number): ExpirationRule | undefined {
  const expirationPolicy = choiceField(fields, 'expiration_policy', EXPIRATION_POLICIES, 1011);
  if (expirationPolicy === undefined) return undefined;
  const expirationDate = dateField(fields, 'expiration_date');
  if (expirationPolicy !== 'delete_after_expiration_date') return { expirationPolicy, expirationDate: undefined };
  if (expirationDate === undefined) throw refusal(400, 1109, 'expiration_date is missing.');
  if (expirationDate <= now) throw refusal(400, 1032, 'expiration_date must lie in the future.');
  return { expirationPolicy, expirationDate };
}

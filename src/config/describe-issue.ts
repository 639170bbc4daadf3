import type { z } from 'zod';
import { nearestWord } from '../words/nearest-word.ts';
import { settingsAt } from './gateway-json-schema.ts';
import type { Mistake, SettingPath } from './mistakes.ts';
import { isSecret } from './secret.ts';

type RawIssue = z.core.$ZodRawIssue;
type Issue = z.core.$ZodIssue;

const typeNames: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a map of settings',
  record: 'a map',
};

function typeSentence(issue: RawIssue & { code: 'invalid_type' }): string {
  if (issue.input === undefined) return 'is missing';
  if (issue.input === null) return 'has no value';
  if (isSecret(issue.input)) return 'is no secret: write its value here, not { env } or { file }';
  return `must be ${typeNames[issue.expected] ?? issue.expected}`;
}

function boundSentence(origin: string, bound: number | bigint, word: 'least' | 'most'): string {
  if (origin === 'string') return bound === 1 ? 'must not be empty' : `must have at ${word} ${bound} characters`;
  if (origin === 'array')
    return bound === 1 ? `must have at ${word} one entry` : `must have at ${word} ${bound} entries`;
  return `must be at ${word} ${bound}`;
}

const quoted = (values: readonly unknown[]) => values.map((value) => JSON.stringify(value)).join(', ');

/** zod's findings in the words of this configuration; undefined leaves zod's own. A message at the setting wins. */
export function issueSentence(issue: RawIssue): string | undefined {
  switch (issue.code) {
    case 'invalid_type':
      return typeSentence(issue);
    case 'invalid_value':
      if (issue.input === undefined) return 'is missing';
      return issue.values.length === 1 ? `must be ${quoted(issue.values)}` : `must be one of ${quoted(issue.values)}`;
    case 'too_small':
      return boundSentence(issue.origin, issue.minimum, 'least');
    case 'too_big':
      return boundSentence(issue.origin, issue.maximum, 'most');
    default:
      return undefined;
  }
}

function unknownSetting(path: SettingPath, name: string): Mistake {
  const meant = nearestWord(name, settingsAt(path));
  const hint = meant === undefined ? '' : `; did you mean ${meant}?`;
  return { path: [...path, name], message: `is not a setting${hint}` };
}

/** What zod found, by setting. */
export function mistakesOf(issue: Issue): readonly Mistake[] {
  const path = issue.path.map((part) => (typeof part === 'number' ? part : String(part)));
  if (issue.code === 'unrecognized_keys') return issue.keys.map((name) => unknownSetting(path, name));
  return [{ path, message: issue.message }];
}

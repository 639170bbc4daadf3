import { refusal } from '../errors.ts';
import type { Fields } from '../fields.ts';
import type { Profile, ProfileField } from '../model.ts';

/** Fields that no person fills in. */
const isAsked = ({ type }: ProfileField) => type !== 'text_block';

function checkField(field: ProfileField, value: unknown): void {
  if (value === undefined || value === null || value === '') {
    if (field.required) throw refusal(400, 1454, `The required metadata field ${field.name} is missing.`);
    return;
  }
  const isTooLong = field.maxLength !== undefined && String(value).length > field.maxLength;
  const isNoChoice = field.choices !== undefined && !field.choices.includes(String(value));
  if (isTooLong || isNoChoice) throw refusal(400, 1456, `The metadata field ${field.name} has a wrong value.`);
}

/** Checks the metadata of a new package against a profile; keys that the profile does not know are let through. */
export function checkMetadata(profile: Profile, metadata: Fields): void {
  for (const field of profile.fields) if (isAsked(field)) checkField(field, metadata[field.name]);
}

/** Checks a title against a profile's limits. */
export function checkTitle(profile: Profile, title: string): void {
  const hasIllegal = profile.titleIllegalCharacters.some((character) => title.includes(character));
  if (title.trim() === '' || title.length > profile.titleMaxLength || hasIllegal) {
    throw refusal(400, 1032, 'The title of the package is blank, too long or has characters that are not allowed.');
  }
}

import type { FaspexMetadataProfile } from '../../sources/faspex/types.ts';
import { builder } from '../builder.ts';
import { connectionOf } from '../connection.ts';
import { needs } from '../scope.ts';

const metadataField = builder.objectRef<FaspexMetadataProfile['fields'][number]>('FaspexMetadataField').implement({
  description: 'A field of a form. `metadata` of `sendPackage` has a value for each, by `name`.',
  ...needs('faspex.read'),
  fields: (t) => ({
    name: t.exposeString('name', { description: 'Name of the field, and of its value in `metadata`.' }),
    vendorType: t.exposeString('vendorType', {
      nullable: true,
      description:
        '`text_field`, `text_area`, `option_list`, `date_field` or `text_block` (a text to read, not a value to give), ' +
        'in the word of the server; null when not told.',
    }),
    required: t.exposeBoolean('required', { description: 'Whether a package without it is refused.' }),
    defaultValue: t.exposeString('defaultValue', {
      nullable: true,
      description: 'Value to start from; null when there is none.',
    }),
    choices: t.exposeStringList('choices', { description: 'Values of an `option_list`; empty for other types.' }),
    maxLength: t.exposeInt('maxLength', {
      nullable: true,
      description: 'How many characters at most; null when there is no limit.',
    }),
    dateFormat: t.exposeString('dateFormat', {
      nullable: true,
      description: 'How a date is written, e.g. `MM/DD/YY`; null for other types.',
    }),
  }),
});

/** A form that senders fill in. */
export const metadataProfile = builder.objectRef<FaspexMetadataProfile>('FaspexMetadataProfile').implement({
  description: 'A form that senders fill in.',
  ...needs('faspex.read'),
  fields: (t) => ({
    profileId: t.exposeString('profileId', { description: 'Id that the server gave to it.' }),
    name: t.exposeString('name', { description: 'Its name.' }),
    isDefault: t.exposeBoolean('isDefault', {
      description: 'Whether it holds wherever no inbox demands another one.',
    }),
    fields: t.expose('fields', { type: [metadataField], description: 'Its fields, in their order.' }),
    titleMaxLength: t.exposeInt('titleMaxLength', {
      nullable: true,
      description: 'How many characters the title of a package may have; null when not told.',
    }),
    noteMaxLength: t.exposeInt('noteMaxLength', {
      nullable: true,
      description: 'How many characters the note may have; null when not told.',
    }),
    noteEnabled: t.exposeBoolean('noteEnabled', {
      nullable: true,
      description: 'Whether there may be a note; null when not told.',
    }),
  }),
});

export const metadataProfileConnection = connectionOf<FaspexMetadataProfile>(
  'FaspexMetadataProfile',
  metadataProfile,
  'forms that senders fill in',
);

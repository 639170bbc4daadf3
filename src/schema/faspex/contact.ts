import type { FaspexContact } from '../../sources/faspex/types.ts';
import { builder } from '../builder.ts';
import { connectionOf } from '../connection.ts';
import { needs } from '../scope.ts';
import { recipientType } from './recipient.ts';

const contact = builder.objectRef<FaspexContact>('FaspexContact').implement({
  description: 'Someone, or a group, that you can send to.',
  ...needs('faspex.read'),
  fields: (t) => ({
    contactId: t.exposeString('contactId', {
      description: 'Id that the server gave to it; unique only together with `recipientType`.',
    }),
    recipientType: t.expose('contactType', { type: recipientType, description: 'Who or what it is.' }),
    name: t.exposeString('name', {
      description: 'Name to send to: `recipients { name }` of `sendPackage` takes it, best with `recipientType`.',
    }),
    firstName: t.exposeString('firstName', { nullable: true, description: 'First name; null for groups.' }),
    lastName: t.exposeString('lastName', { nullable: true, description: 'Last name; null for groups.' }),
    email: t.exposeString('email', { nullable: true, description: 'E-mail address; null for groups.' }),
    metadataProfileId: t.exposeString('metadataProfileId', {
      nullable: true,
      description:
        'Form that must be filled in to send to it: `metadataProfile` shows it. Null where the default one holds.',
    }),
    encryptionAtRest: t.exposeString('encryptionAtRest', {
      nullable: true,
      description:
        '`yes`, `optional`, `no` or `server` (as the server is set): whether packages to it must be stored encrypted. ' +
        'Null when not told.',
    }),
    instructions: t.exposeString('instructions', {
      nullable: true,
      description: 'What it tells those who send to it; null when there is nothing.',
    }),
  }),
});

export const contactConnection = connectionOf<FaspexContact>('FaspexContact', contact, 'contacts');

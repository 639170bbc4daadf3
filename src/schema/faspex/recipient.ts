import type { NewRecipientType } from '../../resolvers/faspex/recipients.ts';
import type { FaspexPerson, FaspexRecipient, FaspexRecipientType } from '../../sources/faspex/types.ts';
import { builder } from '../builder.ts';
import { describedValues } from '../describe-enum.ts';
import { needs } from '../scope.ts';

const newTypes: Readonly<Record<NewRecipientType, string>> = {
  USER: 'A person with an account.',
  EXTERNAL_USER: 'A person without an account, reached by e-mail.',
  WORKGROUP: 'A group whose members all receive it.',
  SHARED_INBOX: 'An inbox that several people share.',
  DISTRIBUTION_LIST: 'A list of recipients.',
};

export const recipientType = builder.enumType('RecipientType', {
  description: 'Who or what can be sent to.',
  values: describedValues<FaspexRecipientType>({ ...newTypes, OTHER: 'A kind that the gateway does not know.' }),
});

export const newRecipientType = builder.enumType('NewRecipientType', {
  description: 'Who or what a package is sent to.',
  values: describedValues<NewRecipientType>(newTypes),
});

/** A person beside a package, a download or an event. */
export const person = builder.objectRef<FaspexPerson>('FaspexPerson').implement({
  description: 'A person as Faspex names them.',
  ...needs('faspex.read'),
  fields: (t) => ({
    userId: t.exposeString('userId', {
      nullable: true,
      description: 'Id of the user at Faspex; null where it is left out.',
    }),
    name: t.exposeString('name', {
      nullable: true,
      description: 'Username, often the e-mail address; null where it is left out.',
    }),
    firstName: t.exposeString('firstName', { nullable: true, description: 'First name; null where it is left out.' }),
    lastName: t.exposeString('lastName', { nullable: true, description: 'Last name; null where it is left out.' }),
    email: t.exposeString('email', { nullable: true, description: 'E-mail address; null where it is left out.' }),
  }),
});

/** Someone, or a group, to whom a package was sent. */
export const recipient = builder.objectRef<FaspexRecipient>('FaspexRecipient').implement({
  description: 'Someone, or a group, to whom a package was sent.',
  ...needs('faspex.read'),
  fields: (t) => ({
    recipientId: t.exposeString('recipientId', {
      nullable: true,
      description: 'Id of the user or group; `receivePackage(as:)` takes it. Null where it is left out.',
    }),
    recipientType: t.expose('recipientType', { type: recipientType, description: 'Who or what it is.' }),
    name: t.exposeString('name', {
      nullable: true,
      description: 'Username, e-mail address or name of the group; null where it is left out.',
    }),
    email: t.exposeString('email', { nullable: true, description: 'E-mail address; null for groups.' }),
    archived: t.exposeBoolean('archived', {
      description: 'Whether this recipient has moved the package to their history.',
    }),
  }),
});

export const recipientInput = builder.inputType('RecipientInput', {
  description: 'Whom to send to.',
  fields: (t) => ({
    name: t.string({ required: true, description: 'Username, e-mail address, or name of a group.' }),
    recipientType: t.field({
      type: newRecipientType,
      description: 'Who or what it is. When left out the name is looked up, and must be that of exactly one contact.',
    }),
  }),
});

export const recipientChoice = builder.inputType('RecipientChoiceInput', {
  description: 'In whose name a package is received: exactly one of the two.',
  isOneOf: true,
  fields: (t) => ({
    userId: t.string({ description: '`recipientId` of a person.' }),
    groupId: t.string({ description: '`recipientId` of a workgroup or shared inbox.' }),
  }),
});

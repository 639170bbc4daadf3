import { AmbiguousRecipientError, type RecipientCandidate } from '../../resolvers/errors.ts';
import { builder } from '../builder.ts';
import { errorInterface } from '../errors.ts';
import { type InputFields, policyFields } from './policy.ts';
import { recipientInput } from './recipient.ts';

const candidate = builder.objectRef<RecipientCandidate>('RecipientCandidate').implement({
  description: 'Someone who may have been meant.',
  fields: (t) => ({
    name: t.exposeString('name', { description: 'Name to send to.' }),
    recipientId: t.exposeString('recipientId', {
      nullable: true,
      description: 'Id of the person or group; `receivePackage(as:)` takes it. Null where it is not told.',
    }),
    recipientType: t.exposeString('recipientType', { description: 'Who or what it is, as `RecipientType` names it.' }),
    email: t.exposeString('email', { nullable: true, description: 'E-mail address; null for groups.' }),
  }),
});

builder.objectType(AmbiguousRecipientError, {
  name: 'AmbiguousRecipientError',
  description: 'It is not clear who is meant. Nothing was made or sent.',
  interfaces: [errorInterface],
  fields: (t) => ({
    candidates: t.expose('candidates', {
      type: [candidate],
      description: 'Who may have been meant; the first 20 of them.',
    }),
  }),
});

export const faspexSource = (t: InputFields) =>
  t.string({ description: 'Name of the Faspex server; may be left out when there is one.' });

/** What a new package says of itself, apart from its title, however its files get there. */
export const packageFields = (t: InputFields) => ({
  source: faspexSource(t),
  recipients: t.field({
    type: [recipientInput],
    required: true,
    description: 'Whom to send to; at least one, here or in `privateRecipients`.',
  }),
  privateRecipients: t.field({ type: [recipientInput], description: 'Recipients that the others do not see.' }),
  note: t.string({ description: 'Message to the recipients.' }),
  metadata: t.field({
    type: 'JSON',
    description: 'Values of metadata fields by their names; needed where the server or an inbox has required ones.',
  }),
  encryptAtRest: t.boolean({
    description: 'Store the files encrypted. Needed where the server requires it (`account.encryptionAtRest`).',
  }),
  preventHttpDownload: t.boolean({ description: 'Whether browsers may not download it through the HTTP Gateway.' }),
  downloadLimit: t.int({ description: 'How often it may be downloaded, at least once; no limit when left out.' }),
  ...policyFields(t, 'as the server is configured'),
  expiresAt: t.field({
    type: 'DateTime',
    description:
      'When its files are deleted; goes with the policy DELETE_AFTER_EXPIRATION_DATE, which need not be said.',
  }),
});

export const titleField = (t: InputFields) => t.string({ required: true, description: 'Title of the package.' });

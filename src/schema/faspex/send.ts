import { AmbiguousRecipientError, DraftLeftError, type RecipientCandidate } from '../../resolvers/errors.ts';
import { receivePackage } from '../../resolvers/faspex/receive-package.ts';
import type { NewRecipientType } from '../../resolvers/faspex/recipients.ts';
import {
  authorizePackageUpload,
  type SendPackageFromNodeResult,
  type SendPackageResult,
  sendPackage,
  sendPackageFromNode,
} from '../../resolvers/faspex/send-package.ts';
import { builder } from '../builder.ts';
import { describedValues } from '../describe-enum.ts';
import { errorInterface, resultUnion } from '../errors.ts';
import { nodeTransfer } from '../node/transfer.ts';
import { needs } from '../scope.ts';
import { specSuccess, transferSpec } from '../transfer-spec.ts';
import { faspexPackage } from './package.ts';

type InputFields = Parameters<NonNullable<Parameters<typeof builder.inputType>[1]['fields']>>[0];

const newRecipientType = builder.enumType('NewRecipientType', {
  description: 'Who or what a package is sent to.',
  values: describedValues<NewRecipientType>({
    USER: 'A person with an account.',
    EXTERNAL_USER: 'A person without an account, reached by e-mail.',
    WORKGROUP: 'A group whose members all receive it.',
    SHARED_INBOX: 'An inbox that several people share.',
    DISTRIBUTION_LIST: 'A list of recipients.',
  }),
});

const candidate = builder.objectRef<RecipientCandidate>('RecipientCandidate').implement({
  description: 'Someone who may have been meant.',
  fields: (t) => ({
    name: t.exposeString('name', { description: 'Name to send to.' }),
    recipientType: t.exposeString('recipientType', { description: 'Who or what it is, as `RecipientType` names it.' }),
    email: t.exposeString('email', { nullable: true, description: 'E-mail address; null for groups.' }),
  }),
});

builder.objectType(AmbiguousRecipientError, {
  name: 'AmbiguousRecipientError',
  description: 'It is not clear who is meant. Nothing was made or sent.',
  interfaces: [errorInterface],
  fields: (t) => ({
    candidates: t.expose('candidates', { type: [candidate], description: 'Who may have been meant.' }),
  }),
});

builder.objectType(DraftLeftError, {
  name: 'DraftLeftError',
  description: 'The package was made, but what should have followed failed. Nothing is lost: go on from the draft.',
  interfaces: [errorInterface],
  fields: (t) => ({
    draft: t.expose('draft', { type: faspexPackage, description: 'The package without its files.' }),
  }),
});

const recipientInput = builder.inputType('RecipientInput', {
  description: 'Whom to send to.',
  fields: (t) => ({
    name: t.string({ required: true, description: 'Username, e-mail address, or name of a group.' }),
    recipientType: t.field({
      type: newRecipientType,
      description: 'Who or what it is. When left out the name is looked up, and must be that of exactly one contact.',
    }),
  }),
});

const recipientChoice = builder.inputType('RecipientChoiceInput', {
  description: 'In whose name a package is received: exactly one of the two.',
  isOneOf: true,
  fields: (t) => ({
    userId: t.string({ description: '`recipientId` of a person.' }),
    groupId: t.string({ description: '`recipientId` of a workgroup or shared inbox.' }),
  }),
});

/** What a new package says of itself, however its files get there. */
const packageFields = (t: InputFields) => ({
  source: t.string({ description: 'Name of the Faspex server; may be left out when there is one.' }),
  title: t.string({ required: true, description: 'Title of the package.' }),
  recipients: t.field({ type: [recipientInput], required: true, description: 'Whom to send to; at least one.' }),
  privateRecipients: t.field({ type: [recipientInput], description: 'Recipients that the others do not see.' }),
  note: t.string({ description: 'Message to the recipients.' }),
  metadata: t.field({
    type: 'JSON',
    description: 'Values of metadata fields by their names; needed where the server has required ones.',
  }),
  encryptAtRest: t.boolean({
    description: 'Store the files encrypted. Needed where the server requires it (`account.encryptionAtRest`).',
  }),
  downloadLimit: t.int({ description: 'How often it may be downloaded; without limit when left out.' }),
  expiresAt: t.field({
    type: 'DateTime',
    description: 'When its files are deleted; as the server is configured when left out.',
  }),
});

const sendInput = builder.inputType('SendPackageInput', {
  description: 'A package, and what is in it.',
  fields: (t) => ({
    ...packageFields(t),
    paths: t.stringList({
      required: true,
      description: 'Files and folders that the client will upload, as they are named where it runs.',
    }),
  }),
});

const sendFromNodeInput = builder.inputType('SendPackageFromNodeInput', {
  description: 'A package whose files are on a node.',
  fields: (t) => ({
    ...packageFields(t),
    node: t.string({
      description: 'Name of the node that has the files and uploads them; may be left out when there is one.',
    }),
    paths: t.stringList({ required: true, description: 'Files and folders on that node.' }),
  }),
});

const uploadInput = builder.inputType('AuthorizePackageUploadInput', {
  description: 'Which package is to get its files.',
  fields: (t) => ({
    source: t.string({ description: 'Name of the Faspex server; may be left out when there is one.' }),
    packageId: t.string({ required: true, description: 'Id that the server gave to the package.' }),
    paths: t.stringList({ required: true, description: 'Files and folders that the client will upload.' }),
  }),
});

const receiveInput = builder.inputType('ReceivePackageInput', {
  description: 'Which package is to be downloaded.',
  fields: (t) => ({
    source: t.string({ description: 'Name of the Faspex server; may be left out when there is one.' }),
    packageId: t.string({ required: true, description: 'Id that the server gave to the package.' }),
    paths: t.stringList({ description: 'Files and folders of the package; all of it when left out.' }),
    as: t.field({
      type: recipientChoice,
      description:
        'In whose name. When left out: in your own if you are a recipient, else in that of the one group that is.',
    }),
  }),
});

const sendSuccess = builder.objectRef<SendPackageResult>('SendPackageSuccess').implement({
  description: 'The package has been made; a client uploads its files with the spec.',
  fields: (t) => ({
    package: t.expose('package', { type: faspexPackage, description: 'The package. Watch it with `packageStatus`.' }),
    spec: t.expose('spec', { type: transferSpec, description: 'The spec to hand to a client.' }),
  }),
});

const sendFromNodeSuccess = builder.objectRef<SendPackageFromNodeResult>('SendPackageFromNodeSuccess').implement({
  description: 'The package has been made and the node uploads its files.',
  fields: (t) => ({
    package: t.expose('package', { type: faspexPackage, description: 'The package. Watch it with `packageStatus`.' }),
    transfer: t.expose('transfer', {
      type: nodeTransfer,
      description: 'The upload. Watch it with `transferProgress`.',
    }),
  }),
});

builder.mutationFields((t) => ({
  sendPackage: t.field({
    type: sendSuccess,
    nullable: true,
    description: 'Makes a package and gives the transfer spec with which a client uploads its files.',
    args: { input: t.arg({ type: sendInput, required: true, description: 'The package, and what is in it.' }) },
    errors: resultUnion('SendPackage', [AmbiguousRecipientError, DraftLeftError]),
    ...needs('faspex.send', 'transfer'),
    resolve: (_root, { input }, context) => sendPackage(input, context),
  }),
  sendPackageFromNode: t.field({
    type: sendFromNodeSuccess,
    nullable: true,
    description: 'Makes a package and has a node upload its files, in one step: the token never leaves the gateway.',
    args: {
      input: t.arg({ type: sendFromNodeInput, required: true, description: 'The package, and where its files are.' }),
    },
    errors: resultUnion('SendPackageFromNode', [AmbiguousRecipientError, DraftLeftError]),
    ...needs('faspex.send', 'transfer.start'),
    resolve: (_root, { input }, context) => sendPackageFromNode(input, context),
  }),
  authorizePackageUpload: t.field({
    type: specSuccess('AuthorizePackageUploadSuccess', 'The upload has been authorized.'),
    nullable: true,
    description: 'Gives a fresh transfer spec for a package whose files have not arrived: a draft, or a failed upload.',
    args: { input: t.arg({ type: uploadInput, required: true, description: 'Which package.' }) },
    errors: resultUnion('AuthorizePackageUpload'),
    ...needs('faspex.send', 'transfer'),
    resolve: (_root, { input }, context) => authorizePackageUpload(input, context),
  }),
  receivePackage: t.field({
    type: specSuccess('ReceivePackageSuccess', 'The download has been authorized.'),
    nullable: true,
    description: 'Gives the transfer spec with which a client downloads a package, or some of its files.',
    args: { input: t.arg({ type: receiveInput, required: true, description: 'Which package.' }) },
    errors: resultUnion('ReceivePackage', [AmbiguousRecipientError]),
    ...needs('faspex.read', 'transfer'),
    resolve: (_root, { input }, context) => receivePackage(input, context),
  }),
}));

import { type FaspexPackageNode, packageByNodeId } from '../../resolvers/faspex/package.ts';
import { packageFiles } from '../../resolvers/faspex/package-files.ts';
import { packageTransfers } from '../../resolvers/faspex/package-transfers.ts';
import type {
  FaspexDownloadDetails,
  FaspexExpirationPolicy,
  FaspexFile,
  FaspexFileType,
  FaspexPerson,
  FaspexReceipt,
  FaspexRecipient,
  FaspexRecipientType,
  FaspexReleasePolicy,
  FaspexUploadDetails,
} from '../../sources/faspex/types.ts';
import { builder } from '../builder.ts';
import { connectionOf, pageArguments, paged } from '../connection.ts';
import { describedValues } from '../describe-enum.ts';
import { nodeTransfer } from '../node/transfer.ts';
import { pkg } from '../package.ts';
import { needs } from '../scope.ts';

export const recipientType = builder.enumType('RecipientType', {
  description: 'Who or what can be sent to.',
  values: describedValues<FaspexRecipientType>({
    USER: 'A person with an account.',
    EXTERNAL_USER: 'A person without an account, reached by e-mail.',
    WORKGROUP: 'A group whose members all receive it.',
    SHARED_INBOX: 'An inbox that several people share.',
    DISTRIBUTION_LIST: 'A list of recipients.',
    OTHER: 'A kind that the gateway does not know.',
  }),
});

export const releasePolicy = builder.enumType('ReleasePolicy', {
  description: 'When a package becomes available once its files have arrived.',
  values: describedValues<FaspexReleasePolicy>({
    NOW: 'At once.',
    LATER: 'When the sender says so.',
    ON_DATE: 'At a date.',
  }),
});

const expirationPolicy = builder.enumType('ExpirationPolicy', {
  description: 'When the files of a package are deleted.',
  values: describedValues<FaspexExpirationPolicy>({
    NONE: 'Never by itself.',
    DELETE_AFTER_ANY_DOWNLOAD: 'After the first complete download.',
    DELETE_AFTER_ALL_DOWNLOAD: 'When every recipient has downloaded it.',
    DELETE_AFTER_EXPIRATION_DATE: 'At a date.',
  }),
});

const sender = builder.objectRef<FaspexPerson>('FaspexPerson').implement({
  description: 'A person as Faspex names them.',
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

const recipient = builder.objectRef<FaspexRecipient>('FaspexRecipient').implement({
  description: 'Someone, or a group, to whom a package was sent.',
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

const uploadProgress = builder.objectRef<FaspexUploadDetails>('FaspexUploadProgress').implement({
  description: 'How the upload of a package is going, as Faspex counts it.',
  fields: (t) => ({
    vendorStatus: t.exposeString('uploadStatus', {
      nullable: true,
      description: 'The word of the server; null when it does not tell.',
    }),
    progress: t.exposeFloat('progress', { nullable: true, description: 'From 0 to 1; null until the server knows.' }),
    bytesWritten: t.expose('writtenBytes', {
      type: 'SafeInt',
      nullable: true,
      description: 'Bytes that have arrived; null when not known.',
    }),
    bytesTotal: t.expose('totalBytes', {
      type: 'SafeInt',
      nullable: true,
      description: 'Size of the upload in bytes; null when not known.',
    }),
    startedAt: t.expose('startedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When it began; null before that.',
    }),
    completedAt: t.expose('completedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When it ended; null before that.',
    }),
    remainingMs: t.expose('remainingMs', {
      type: 'SafeInt',
      nullable: true,
      description: 'Milliseconds that it may still take; null when not known.',
    }),
  }),
});

const receipt = builder.objectRef<FaspexReceipt>('FaspexReceipt').implement({
  description: 'One download of a package.',
  fields: (t) => ({
    name: t.exposeString('name', {
      nullable: true,
      description: 'Who downloaded it; null when the server does not tell.',
    }),
    email: t.exposeString('email', {
      nullable: true,
      description: 'Their e-mail address; null when the server does not tell.',
    }),
    address: t.exposeString('address', {
      nullable: true,
      description: 'Network address it was downloaded to; null when not known.',
    }),
    startedAt: t.expose('startedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When it began; null when not known.',
    }),
    endedAt: t.expose('endedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When it ended; null while it runs.',
    }),
    vendorType: t.exposeString('vendorType', {
      nullable: true,
      description: 'Kind of download in the words of the server; null when not told.',
    }),
  }),
});

const fileType = builder.enumType('FaspexFileType', {
  description: 'What an entry of a folder is.',
  values: describedValues<FaspexFileType>({
    FILE: 'A file.',
    DIRECTORY: 'A folder.',
    SYMBOLIC_LINK: 'A link to another path.',
    OTHER: 'A kind that the gateway does not know.',
  }),
});

const file = builder.objectRef<FaspexFile>('FaspexFile').implement({
  description: 'A file or folder inside a package.',
  fields: (t) => ({
    path: t.exposeString('path', {
      description: 'Path from the top of the package; `receivePackage(paths:)` takes it.',
    }),
    name: t.exposeString('name', { description: 'Its name alone.' }),
    type: t.expose('fileType', { type: fileType, description: 'What it is.' }),
    sizeBytes: t.expose('sizeBytes', {
      type: 'SafeInt',
      nullable: true,
      description: 'Size in bytes; null for links.',
    }),
    modifiedAt: t.expose('modifiedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When it was last changed; null when not told.',
    }),
  }),
});

const fileConnection = connectionOf<FaspexFile>('FaspexFile', file, 'files of a package');

const ref = builder.objectRef<FaspexPackageNode>('FaspexPackage');

/** A package of a Faspex 5 server. */
export const faspexPackage = builder.node(ref, {
  name: 'FaspexPackage',
  description: 'A package of a Faspex 5 server.',
  interfaces: [pkg],
  ...needs('faspex.read'),
  id: { resolve: (value) => `${encodeURIComponent(value.sourceName)}/${encodeURIComponent(value.packageId)}` },
  isTypeOf: (value) => (value as { __typename?: unknown }).__typename === 'FaspexPackage',
  loadOne: (id, context) => packageByNodeId(id, context),
  fields: (t) => ({
    uuid: t.exposeString('uuid', {
      nullable: true,
      description: 'UUID of the package, part of the tags of its transfers; null when not told.',
    }),
    sender: t.expose('sender', {
      type: sender,
      nullable: true,
      description: 'Who sent it; null when the server does not tell.',
    }),
    recipients: t.expose('recipients', { type: [recipient], description: 'Whom it was sent to.' }),
    privateRecipients: t.expose('privateRecipients', {
      type: [recipient],
      description:
        'Recipients that the others do not see; the server shows them to the sender and administrators only.',
    }),
    uploadStatus: t.exposeString('uploadStatus', {
      nullable: true,
      description:
        'State of its upload alone in the words of the server; `completed` does not mean available. Null when not told.',
    }),
    modifiedAt: t.expose('modifiedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When it was last changed; null when not told.',
    }),
    uploadedAt: t.expose('uploadedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When its upload was complete; null before that.',
    }),
    releasePolicy: t.expose('releasePolicy', {
      type: releasePolicy,
      nullable: true,
      description: 'When it becomes available; null when not told.',
    }),
    releasedAt: t.expose('releasedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When it became, or becomes, available; null when not known.',
    }),
    expirationPolicy: t.expose('expirationPolicy', {
      type: expirationPolicy,
      nullable: true,
      description: 'When its files are deleted; null when not told.',
    }),
    expiresAt: t.expose('expiresAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When its files are deleted; null when no date is set.',
    }),
    downloadLimit: t.exposeInt('downloadLimit', {
      nullable: true,
      description: 'How often it may be downloaded; null when there is no limit.',
    }),
    downloadCount: t.exposeInt('downloadCount', {
      nullable: true,
      description: 'Complete downloads so far; null when not told.',
    }),
    metadata: t.field({
      type: 'JSON',
      description: 'Values of the fields that the sender filled in, by the names of the fields.',
      resolve: (value) => value.metadata,
    }),
    encryptedAtRest: t.exposeBoolean('encryptedAtRest', {
      nullable: true,
      description: 'Whether its files are stored encrypted; null when not told.',
    }),
    archived: t.exposeBoolean('archived', {
      nullable: true,
      description: 'Whether you have moved it to your history; null when not told.',
    }),
    errorDescription: t.exposeString('errorDescription', {
      nullable: true,
      description: 'Why it failed, in the words of the server; null when it did not.',
    }),
    uploadProgress: t.field({
      type: uploadProgress,
      nullable: true,
      description: 'How its upload is going. One upstream call for each package.',
      resolve: (value, _args, context) => context.faspex(value.sourceName).loaders.uploadDetails.load(value.packageId),
    }),
    receipts: t.field({
      type: [receipt],
      nullable: true,
      description: 'Who downloaded it, and when. One upstream call for each package.',
      resolve: async (value, _args, context) => {
        const details: FaspexDownloadDetails = await context
          .faspex(value.sourceName)
          .loaders.downloadDetails.load(value.packageId);
        return details.receipts;
      },
    }),
    files: t.field({
      type: fileConnection,
      nullable: true,
      description: 'The files of one of its folders. One upstream call a page, and one to find out in whose name.',
      args: { ...pageArguments, path: t.arg.string({ defaultValue: '/', description: 'Folder inside the package.' }) },
      ...paged,
      resolve: (value, args, context) => packageFiles(value, args, context),
    }),
    transfers: t.field({
      type: [nodeTransfer],
      nullable: { list: true, items: true },
      description:
        'Transfers of this package on the configured nodes, found by the tags that Faspex put into their specs. ' +
        'Nodes keep transfers for a day or two. One upstream call for each node.',
      ...needs('transfer.read'),
      // An error in place of a transfer becomes an error of that item alone.
      resolve: (value, _args, context) => packageTransfers(value, context) as never,
    }),
  }),
});

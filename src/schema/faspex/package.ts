import { type FaspexPackageNode, packageByNodeId } from '../../resolvers/faspex/package.ts';
import { packageEvents } from '../../resolvers/faspex/package-events.ts';
import { packageFiles } from '../../resolvers/faspex/package-files.ts';
import { packageFolder } from '../../resolvers/faspex/package-folder.ts';
import { packageTransfers } from '../../resolvers/faspex/package-transfers.ts';
import { transfersKnownSince } from '../../resolvers/faspex/retention.ts';
import { joinId } from '../../resolvers/global-id.ts';
import type { FaspexDownloadDetails } from '../../sources/faspex/types.ts';
import { builder } from '../builder.ts';
import { connectionOf, pageArguments } from '../connection.ts';
import { declares } from '../declare.ts';
import { asperaFile } from '../node/file.ts';
import { nodeTransfer } from '../node/transfer.ts';
import { pkg } from '../package.ts';
import { needs } from '../scope.ts';
import { eventConnection } from './event.ts';
import { fileConnection } from './file.ts';
import { receipt, uploadProgress } from './package-details.ts';
import { expirationPolicy, releasePolicy } from './policy.ts';
import { person, recipient, recipientChoice } from './recipient.ts';

const ref = builder.objectRef<FaspexPackageNode>('FaspexPackage');

/** A package of a Faspex 5 server. */
export const faspexPackage = builder.node(ref, {
  name: 'FaspexPackage',
  description: 'A package of a Faspex 5 server.',
  interfaces: [pkg],
  ...needs('faspex.read'),
  id: { resolve: (value) => joinId(value.sourceName, value.packageId) },
  isTypeOf: (value) => (value as { __typename?: unknown }).__typename === 'FaspexPackage',
  loadOne: (id, context) => packageByNodeId(id, context),
  fields: (t) => ({
    uuid: t.exposeString('uuid', {
      nullable: true,
      description: 'UUID of the package, part of the tags of its transfers; null when not told.',
    }),
    sender: t.expose('sender', {
      type: person,
      nullable: true,
      description: 'Who sent it; null when the server does not tell.',
    }),
    recipients: t.expose('recipients', { type: [recipient], description: 'Whom it was sent to.' }),
    privateRecipients: t.expose('privateRecipients', {
      type: [recipient],
      description:
        'Recipients that the others do not see; the server shows them to the sender and administrators only.',
    }),
    vendorState: t.exposeString('state', {
      nullable: true,
      description: 'Its state beside its status in the words of the server, e.g. `held`; null when not told.',
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
    activeDownloadCount: t.exposeInt('activeDownloadCount', {
      nullable: true,
      description: 'Downloads under way; null when not told.',
    }),
    partialDownloadCount: t.exposeInt('partialDownloadCount', {
      nullable: true,
      description: 'Complete downloads of some of its files; null when not told.',
    }),
    downloadAvailability: t.exposeString('downloadAvailability', {
      nullable: true,
      description: '`full`, `partial` or `not_available`, in the words of the server; null when not told.',
    }),
    filesOnServer: t.exposeString('filesOnServer', {
      nullable: true,
      description: '`no`, `yes`, `partial`, `deleting` or `deleted`, in the words of the server; null when not told.',
    }),
    fileProcessingStatus: t.exposeString('fileProcessingStatus', {
      nullable: true,
      description:
        'State of checks such as virus scans in the words of the server, e.g. `processing_failed`; null when not told.',
    }),
    fileProcessingMessage: t.exposeString('fileProcessingMessage', {
      nullable: true,
      description: 'What these checks have to say; null when nothing.',
    }),
    httpDownloadPrevented: t.exposeBoolean('httpDownloadPrevented', {
      nullable: true,
      description: 'Whether browsers may not download it through the HTTP Gateway; null when not told.',
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
      description:
        'What is in one of its folders. One upstream call a page, for each package, and one more to find out in whose name.',
      args: {
        ...pageArguments,
        path: t.arg.string({ defaultValue: '/', description: 'Folder inside the package.' }),
        as: t.arg({
          type: recipientChoice,
          description:
            'In whose name. When left out: in your own as a recipient or the sender, else in that of the one group that received it.',
        }),
      },
      resolve: (value, args, context) => packageFiles(value, args, context),
    }),
    folder: t.field({
      type: asperaFile,
      nullable: true,
      description:
        'The folder of the package on the storage of a node; null when it is not there. ' +
        'One upstream call for the folders of all packages of an operation.',
      args: { node: t.arg.string({ description: 'Name of the node; may be left out when there is one.' }) },
      ...declares({ scopes: ['node.read'], reaches: ['node'] }),
      resolve: (value, { node }, context) => packageFolder(value, node, context),
    }),
    events: t.field({
      type: eventConnection,
      nullable: true,
      description: 'Its audit trail: sent, changed, archived, deleted. One upstream call a page, for each package.',
      args: pageArguments,
      resolve: (value, args, context) => packageEvents(value, args, context),
    }),
    transfers: t.field({
      type: [nodeTransfer],
      nullable: { list: true, items: true },
      description:
        'Transfers of this package on the configured nodes, found by the tags that Faspex put into their specs. ' +
        'A transfer that both of its nodes know is told once, as the node knows it that started it. ' +
        'Nodes forget transfers (`transfersKnownSince`): when there are none of an older package, this is null with an error `RETENTION_PASSED`. ' +
        'One upstream call for each node.',
      ...declares({ scopes: ['transfer.read'], reaches: ['node'] }),
      // An error in place of a transfer becomes an error of that item alone.
      resolve: (value, _args, context) => packageTransfers(value, context) as never,
    }),
    transfersKnownSince: t.field({
      type: 'DateTime',
      nullable: true,
      description:
        'Since when all configured nodes still know their transfers: `transfers` of an older package may lack some. ' +
        'From `retentionHours` in the configuration; null when there is no node. No upstream call.',
      ...needs('transfer.read'),
      resolve: (_value, _args, context) => transfersKnownSince(context),
    }),
  }),
});

export const packageConnection = connectionOf<FaspexPackageNode>('FaspexPackage', faspexPackage, 'packages');

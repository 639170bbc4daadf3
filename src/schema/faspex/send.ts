import { AmbiguousRecipientError, DraftLeftError } from '../../resolvers/errors.ts';
import {
  authorizePackageUpload,
  type SendPackageFromNodeResult,
  type SendPackageFromSharedFolderResult,
  type SendPackageResult,
  sendPackage,
  sendPackageFromNode,
  sendPackageFromSharedFolder,
} from '../../resolvers/faspex/send-package.ts';
import { builder } from '../builder.ts';
import { errorInterface, resultUnion } from '../errors.ts';
import { nodeTransfer } from '../node/transfer.ts';
import { needs } from '../scope.ts';
import { specSuccess, transferSpec } from '../transfer-spec.ts';
import { faspexSource, packageFields, titleField } from './new-package.ts';
import { faspexPackage } from './package.ts';

builder.objectType(DraftLeftError, {
  name: 'DraftLeftError',
  description: 'The package was made, but what should have followed failed. Nothing is lost: go on from the draft.',
  interfaces: [errorInterface],
  fields: (t) => ({
    draft: t.expose('draft', { type: faspexPackage, description: 'The package without its files.' }),
  }),
});

const sendInput = builder.inputType('SendPackageInput', {
  description: 'A package, and what is in it.',
  fields: (t) => ({
    title: titleField(t),
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
    title: titleField(t),
    ...packageFields(t),
    node: t.string({
      description: 'Name of the node that has the files and uploads them; may be left out when there is one.',
    }),
    paths: t.stringList({ required: true, description: 'Files and folders on that node.' }),
  }),
});

const sendFromSharedFolderInput = builder.inputType('SendPackageFromSharedFolderInput', {
  description: 'A package whose files are in a shared folder of the Faspex server.',
  fields: (t) => ({
    title: titleField(t),
    ...packageFields(t),
    sharedFolderId: t.string({ required: true, description: 'Which one: `faspex { sharedFolders }` lists them.' }),
    paths: t.stringList({
      required: true,
      description: 'Files and folders in it: `path` of the `files` of the shared folder.',
    }),
  }),
});

const uploadInput = builder.inputType('AuthorizePackageUploadInput', {
  description: 'Which package is to get its files.',
  fields: (t) => ({
    source: faspexSource(t),
    packageId: t.string({ required: true, description: 'Id that the server gave to the package.' }),
    paths: t.stringList({ required: true, description: 'Files and folders that the client will upload.' }),
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

const sendFromSharedFolderSuccess = builder
  .objectRef<SendPackageFromSharedFolderResult>('SendPackageFromSharedFolderSuccess')
  .implement({
    description: 'The package has been made and Faspex itself fetches its files.',
    fields: (t) => ({
      package: t.expose('package', { type: faspexPackage, description: 'The package. Watch it with `packageStatus`.' }),
      transferId: t.exposeString('transferId', {
        nullable: true,
        description:
          'Id of the transfer on the node of the server, where `asperaNode { transfer }` finds it if that node is ' +
          'configured; null when the server does not tell.',
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
  sendPackageFromSharedFolder: t.field({
    type: sendFromSharedFolderSuccess,
    nullable: true,
    description:
      'Makes a package whose files Faspex itself takes from one of its shared folders: nothing is uploaded, and ' +
      'no client is needed.',
    args: {
      input: t.arg({
        type: sendFromSharedFolderInput,
        required: true,
        description: 'The package, and where its files are.',
      }),
    },
    errors: resultUnion('SendPackageFromSharedFolder', [AmbiguousRecipientError, DraftLeftError]),
    ...needs('faspex.send'),
    resolve: (_root, { input }, context) => sendPackageFromSharedFolder(input, context),
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
}));

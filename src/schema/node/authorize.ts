import { authorizeDownload, authorizeSync, authorizeUpload } from '../../resolvers/node/authorize.ts';
import type { RatePolicy, SyncDirection } from '../../sources/node/types.ts';
import { builder } from '../builder.ts';
import { describedValues } from '../describe-enum.ts';
import { resultUnion } from '../errors.ts';
import { needs } from '../scope.ts';
import { specSuccess } from '../transfer-spec.ts';

export const ratePolicy = builder.enumType('RatePolicy', {
  description: 'How a transfer behaves beside other traffic.',
  values: describedValues<RatePolicy>({
    FIXED: 'Takes the target rate, whatever else needs the line.',
    HIGH: 'Takes twice the share of a fair transfer.',
    FAIR: 'Shares the line with other traffic.',
    LOW: 'Takes only what nobody else needs.',
  }),
});

export const syncDirection = builder.enumType('SyncDirection', {
  description: 'Which way a synchronization goes, seen from the client.',
  values: describedValues<SyncDirection>({
    PUSH: 'The folder of the client is the model.',
    PULL: 'The folder of the server is the model.',
    BOTH: 'Changes go both ways.',
  }),
});

export const transferPathInput = builder.inputType('TransferPathInput', {
  description: 'One path to transfer.',
  fields: (t) => ({
    source: t.string({ required: true, description: 'File or folder that is sent.' }),
    destination: t.string({
      description: 'Name under which it arrives; its own name when left out. Give one for all paths or for none.',
    }),
  }),
});

export const transferOptionsInput = builder.inputType('TransferOptionsInput', {
  description: 'Wishes for a transfer spec. What the server is configured to wins.',
  fields: (t) => ({
    tokenLifeSeconds: t.int({
      description: 'Seconds for which the token is valid; what the server is configured to (a day) when left out.',
    }),
    targetRateKbps: t.int({ description: 'Wanted rate in kilobits per second.' }),
    ratePolicy: t.field({ type: ratePolicy, description: 'How the transfer behaves beside other traffic.' }),
    cipher: t.string({
      description: 'Encryption on the way: `none`, `aes-128`, `aes-192` or `aes-256`, also with `-gcm` or `-cfb`.',
    }),
    title: t.string({ description: 'Label of the transfer.' }),
  }),
});

const sourceArgument = 'Name of the node that serves the transfer; may be left out when only one node is configured.';

const uploadInput = builder.inputType('AuthorizeUploadInput', {
  description: 'What is to be uploaded where.',
  fields: (t) => ({
    source: t.string({ description: sourceArgument }),
    destination: t.string({ required: true, description: 'Folder on the node that is written to.' }),
    paths: t.field({
      type: [transferPathInput],
      description:
        'What the client will send. With a `destination` for each, the token is good for exactly these names; otherwise, and without `paths`, for everything below `destination`.',
    }),
    options: t.field({ type: transferOptionsInput, description: 'Wishes for the spec.' }),
  }),
});

const downloadInput = builder.inputType('AuthorizeDownloadInput', {
  description: 'What is to be downloaded.',
  fields: (t) => ({
    source: t.string({ description: sourceArgument }),
    paths: t.field({
      type: [transferPathInput],
      description:
        'Files and folders on the node. The token is good for exactly these, all of them. Left out: for everything below `sourceRoot`, as often as wanted.',
    }),
    sourceRoot: t.string({
      description: 'Folder that the paths are relative to; the top when left out. Required without `paths`.',
    }),
    options: t.field({ type: transferOptionsInput, description: 'Wishes for the spec.' }),
  }),
});

const syncInput = builder.inputType('AuthorizeSyncInput', {
  description: 'Which folder is to be kept in step.',
  fields: (t) => ({
    source: t.string({ description: sourceArgument }),
    direction: t.field({ type: syncDirection, required: true, description: 'Which side is the model.' }),
    folder: t.string({ required: true, description: 'Folder on the node.' }),
    options: t.field({ type: transferOptionsInput, description: 'Wishes for the spec.' }),
  }),
});

builder.mutationFields((t) => ({
  authorizeUpload: t.field({
    type: specSuccess('AuthorizeUploadSuccess', 'An upload has been authorized.'),
    nullable: true,
    description:
      'Asks a node for a transfer spec with which a client may upload into a folder. Nothing is transferred yet.',
    args: { input: t.arg({ type: uploadInput, required: true, description: 'What is to be uploaded where.' }) },
    errors: resultUnion('AuthorizeUpload'),
    ...needs('transfer'),
    resolve: (_root, { input }, context) => authorizeUpload(input, context),
  }),
  authorizeDownload: t.field({
    type: specSuccess('AuthorizeDownloadSuccess', 'A download has been authorized.'),
    nullable: true,
    description: 'Asks a node for a transfer spec with which a client may download files. Nothing is transferred yet.',
    args: { input: t.arg({ type: downloadInput, required: true, description: 'What is to be downloaded.' }) },
    errors: resultUnion('AuthorizeDownload'),
    ...needs('transfer'),
    resolve: (_root, { input }, context) => authorizeDownload(input, context),
  }),
  authorizeSync: t.field({
    type: specSuccess('AuthorizeSyncSuccess', 'A synchronization has been authorized.'),
    nullable: true,
    description: 'Asks a node for a transfer spec with which a client may keep a folder in step with one of the node.',
    args: {
      input: t.arg({ type: syncInput, required: true, description: 'Which folder, and which side is the model.' }),
    },
    errors: resultUnion('AuthorizeSync'),
    ...needs('transfer'),
    resolve: (_root, { input }, context) => authorizeSync(input, context),
  }),
}));

import {
  createWatchFolder,
  deleteWatchFolder,
  updateWatchFolder,
  type WatchFolderResult,
} from '../../resolvers/node/watch-folders.ts';
import { builder } from '../builder.ts';
import { resultUnion } from '../errors.ts';
import { needs } from '../scope.ts';
import { watchFolder, watchFolderDirection, watchFolderLogin } from './watch-folder.ts';

const sourceArgument = 'Name of the node that watches; may be left out when only one node is configured.';

const remoteInput = builder.inputType('WatchFolderRemoteInput', {
  description: 'The other end of a watch folder, and how the node logs in there.',
  fields: (t) => ({
    host: t.string({ required: true, description: 'Name or address of the server, as the node reaches it.' }),
    port: t.int({ required: true, description: 'Port of the Node API (9092), or of SSH (33001).' }),
    login: t.field({ type: watchFolderLogin, defaultValue: 'NODE_API', description: 'How the node logs in.' }),
    user: t.string({ required: true, description: 'User, or id of an access key.' }),
    password: t.string({
      required: true,
      description: 'Its password or secret. The node keeps it; nobody reads it again.',
    }),
    hostKeyFingerprint: t.string({ description: 'Fingerprint of the SSH key of the server, to be checked.' }),
  }),
});

const coolOff = 'How long a file must not change before it is sent, in seconds.';
const snapshotPeriod = 'How often new files are put together and sent, in seconds.';
const scanPeriod = 'How often the folder is read from end to end, in seconds.';

const createInput = builder.inputType('CreateWatchFolderInput', {
  description: 'A folder to watch.',
  fields: (t) => ({
    source: t.string({ description: sourceArgument }),
    watchFolderId: t.string({ description: 'Id that it is to have; the node makes one when left out.' }),
    direction: t.field({ type: watchFolderDirection, defaultValue: 'PUSH', description: 'Which way files go.' }),
    sourcePath: t.string({ required: true, description: 'The folder to watch.' }),
    targetPath: t.string({ required: true, description: 'The folder that files go to.' }),
    remote: t.field({ type: remoteInput, required: true, description: 'The other end.' }),
    coolOffSeconds: t.int({ description: `${coolOff} The default of the server (5) when left out.` }),
    snapshotPeriodSeconds: t.int({ description: `${snapshotPeriod} The default of the server (3) when left out.` }),
    scanPeriodSeconds: t.int({ description: `${scanPeriod} Half an hour when left out.` }),
  }),
});

const updateInput = builder.inputType('UpdateWatchFolderInput', {
  description: 'What is to be changed of a watch folder; what is left out stays as it is.',
  fields: (t) => ({
    source: t.string({ description: sourceArgument }),
    watchFolderId: t.string({ required: true, description: 'Id of the watch folder.' }),
    sourcePath: t.string({ description: 'The folder to watch.' }),
    targetPath: t.string({ description: 'The folder that files go to.' }),
    remote: t.field({ type: remoteInput, description: 'The other end, with its password.' }),
    coolOffSeconds: t.int({ description: coolOff }),
    snapshotPeriodSeconds: t.int({ description: snapshotPeriod }),
    scanPeriodSeconds: t.int({ description: scanPeriod }),
  }),
});

const deleteInput = builder.inputType('DeleteWatchFolderInput', {
  description: 'A watch folder to give up.',
  fields: (t) => ({
    source: t.string({ description: sourceArgument }),
    watchFolderId: t.string({ required: true, description: 'Id of the watch folder.' }),
  }),
});

const success = (name: string, description: string) =>
  builder.objectRef<WatchFolderResult>(name).implement({
    description,
    fields: (t) => ({
      watchFolder: t.expose('watchFolder', { type: watchFolder, description: 'The watch folder as it is now.' }),
    }),
  });

const deleteSuccess = builder.objectRef<{ watchFolderId: string }>('DeleteWatchFolderSuccess').implement({
  description: 'The node watches the folder no more. What has been transferred stays.',
  fields: (t) => ({
    watchFolderId: t.exposeString('watchFolderId', { description: 'Id that the watch folder had.' }),
  }),
});

builder.mutationFields((t) => ({
  createWatchFolder: t.field({
    type: success('CreateWatchFolderSuccess', 'The node watches the folder from now on.'),
    nullable: true,
    description:
      'Has a node watch a folder and transfer what comes into it. It moves files for good and for nobody in particular, so it is for administrators. One upstream call.',
    args: { input: t.arg({ type: createInput, required: true, description: 'The folder.' }) },
    errors: resultUnion('CreateWatchFolder'),
    ...needs('node.read', 'node.admin'),
    resolve: (_root, { input }, context) =>
      createWatchFolder({ ...input, direction: input.direction ?? 'PUSH' }, context),
  }),
  updateWatchFolder: t.field({
    type: success('UpdateWatchFolderSuccess', 'The node watches as it is told from now on.'),
    nullable: true,
    description: 'Changes what a node watches, or how. Two upstream calls.',
    args: { input: t.arg({ type: updateInput, required: true, description: 'What is to be changed.' }) },
    errors: resultUnion('UpdateWatchFolder'),
    ...needs('node.read', 'node.admin'),
    resolve: (_root, { input }, context) => updateWatchFolder(input, context),
  }),
  deleteWatchFolder: t.field({
    type: deleteSuccess,
    nullable: true,
    description: 'Has a node watch a folder no more. One upstream call.',
    args: { input: t.arg({ type: deleteInput, required: true, description: 'Which one.' }) },
    errors: resultUnion('DeleteWatchFolder'),
    ...needs('node.admin'),
    resolve: (_root, { input }, context) => deleteWatchFolder(input, context),
  }),
}));

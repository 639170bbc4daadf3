import {
  createSyncJob,
  deleteSyncJob,
  type SyncJobResult,
  startSyncJob,
  stopSyncJob,
} from '../../resolvers/node/sync-jobs.ts';
import { builder } from '../builder.ts';
import { resultUnion } from '../errors.ts';
import { needs } from '../scope.ts';
import { syncDirection } from './authorize.ts';
import { syncJob, syncMode } from './sync-job.ts';

const sourceArgument = 'Name of the node that runs the sync; may be left out when only one node is configured.';

const remoteNodeInput = builder.inputType('SyncRemoteNodeInput', {
  description: 'A folder on another node that the gateway knows.',
  fields: (t) => ({
    name: t.string({ required: true, description: 'Name of that node.' }),
    path: t.string({ required: true, description: 'The folder.' }),
    tokenLifeSeconds: t.int({
      description:
        'How long its token is good for, in seconds: the sync cannot begin a transfer after that. What the node is configured to (a day) when left out.',
    }),
  }),
});

const remoteServerInput = builder.inputType('SyncRemoteServerInput', {
  description: 'A folder on any server, with a login there.',
  fields: (t) => ({
    host: t.string({ required: true, description: 'Name or address of the server, as the node reaches it.' }),
    port: t.int({ description: 'Port of SSH; 22 when left out.' }),
    user: t.string({ required: true, description: 'Transfer user to log in as.' }),
    password: t.string({ required: true, description: 'Its password. The node keeps it; nobody reads it again.' }),
    path: t.string({ required: true, description: 'The folder.' }),
  }),
});

const remoteInput = builder.inputType('SyncRemoteInput', {
  description: 'The other end of a sync.',
  isOneOf: true,
  fields: (t) => ({
    node: t.field({
      type: remoteNodeInput,
      description: 'Another configured node: the gateway has it authorize the sync.',
    }),
    server: t.field({ type: remoteServerInput, description: 'Any server, with a user and a password.' }),
  }),
});

const createInput = builder.inputType('CreateSyncJobInput', {
  description: 'Two folders to keep in step.',
  fields: (t) => ({
    source: t.string({ description: sourceArgument }),
    name: t.string({ required: true, description: 'Name of the pair: letters, digits, `_` and `-`.' }),
    direction: t.field({ type: syncDirection, defaultValue: 'PUSH', description: 'Which side is the model.' }),
    mode: t.field({ type: syncMode, defaultValue: 'ONE_TIME', description: 'How long it goes on.' }),
    localPath: t.string({ required: true, description: 'Folder on the node that runs the sync.' }),
    remote: t.field({ type: remoteInput, required: true, description: 'The other end.' }),
    createFolders: t.boolean({ defaultValue: false, description: 'Whether folders that are missing are made.' }),
    scanIntervalSeconds: t.int({
      description: 'How often a continuous sync looks for changes, in seconds; left to the server when left out.',
    }),
  }),
});

const jobInput = (name: string, description: string) =>
  builder.inputType(name, {
    description,
    fields: (t) => ({
      source: t.string({ description: sourceArgument }),
      syncJobId: t.string({ required: true, description: 'Id of the sync.' }),
    }),
  });

const startInput = jobInput('StartSyncJobInput', 'A sync to start.');
const stopInput = jobInput('StopSyncJobInput', 'A sync to stop.');
const deleteInput = jobInput('DeleteSyncJobInput', 'A sync to give up.');

const success = (name: string, description: string) =>
  builder.objectRef<SyncJobResult>(name).implement({
    description,
    fields: (t) => ({
      syncJob: t.expose('syncJob', { type: syncJob, description: 'The sync.' }),
    }),
  });

const deleteSuccess = builder.objectRef<{ syncJobId: string }>('DeleteSyncJobSuccess').implement({
  description: 'The sync is gone. What has been transferred stays.',
  fields: (t) => ({
    syncJobId: t.exposeString('syncJobId', { description: 'Id that the sync had.' }),
  }),
});

builder.mutationFields((t) => ({
  createSyncJob: t.field({
    type: success('CreateSyncJobSuccess', 'The node has the sync; start it when it is to begin.'),
    nullable: true,
    description:
      'Sets up a sync that a node runs. It moves files for nobody in particular, so it is for administrators. ' +
      'One upstream call, and one to a node that authorizes it.',
    args: { input: t.arg({ type: createInput, required: true, description: 'The folders.' }) },
    errors: resultUnion('CreateSyncJob'),
    ...needs('node.read', 'node.admin'),
    resolve: (_root, { input }, context) =>
      createSyncJob({ ...input, direction: input.direction ?? 'PUSH', mode: input.mode ?? 'ONE_TIME' }, context),
  }),
  startSyncJob: t.field({
    type: success('StartSyncJobSuccess', 'The node has begun.'),
    nullable: true,
    description: 'Starts a sync. Two upstream calls.',
    args: { input: t.arg({ type: startInput, required: true, description: 'Which one.' }) },
    errors: resultUnion('StartSyncJob'),
    ...needs('node.read', 'node.admin'),
    resolve: (_root, { input }, context) => startSyncJob(input, context),
  }),
  stopSyncJob: t.field({
    type: success('StopSyncJobSuccess', 'The node has stopped; the sync can be started again.'),
    nullable: true,
    description: 'Stops a sync. Two upstream calls.',
    args: { input: t.arg({ type: stopInput, required: true, description: 'Which one.' }) },
    errors: resultUnion('StopSyncJob'),
    ...needs('node.read', 'node.admin'),
    resolve: (_root, { input }, context) => stopSyncJob(input, context),
  }),
  deleteSyncJob: t.field({
    type: deleteSuccess,
    nullable: true,
    description: 'Gives a sync up. One upstream call.',
    args: { input: t.arg({ type: deleteInput, required: true, description: 'Which one.' }) },
    errors: resultUnion('DeleteSyncJob'),
    ...needs('node.admin'),
    resolve: (_root, { input }, context) => deleteSyncJob(input, context),
  }),
}));

import { type SyncJobNode, syncJobCounters, syncJobFiles, syncJobState } from '../../resolvers/node/sync-jobs.ts';
import type {
  SyncJobCounters,
  SyncJobFile,
  SyncJobState,
  SyncJobStatus,
  SyncMode,
  SyncSummary,
} from '../../sources/node/types.ts';
import { builder } from '../builder.ts';
import { describedValues } from '../describe-enum.ts';
import { needs } from '../scope.ts';
import { syncDirection } from './authorize.ts';

export const syncMode = builder.enumType('SyncMode', {
  description: 'How long a sync goes on.',
  values: describedValues<SyncMode>({
    ONE_TIME: 'It is complete when the folders are in step.',
    CONTINUOUS: 'It keeps them in step until it is stopped.',
  }),
});

const status = builder.enumType('SyncJobStatus', {
  description: 'Where a sync stands.',
  values: describedValues<SyncJobStatus>({
    STOPPED: 'It waits to be started.',
    RUNNING: 'It brings the folders in step, or waits to do so again.',
    COMPLETED: 'The folders were in step when it ended.',
    FAILED: 'It has given up; `error` says why.',
    UNKNOWN: 'A state that the gateway has no name for; `vendorState` has the word of the server.',
  }),
});

const details = 'Everything that the server says, in its own words and without secrets.';

const state = builder.objectRef<SyncJobState>('SyncJobState').implement({
  description: 'Where a sync stands.',
  fields: (t) => ({
    status: t.expose('status', { type: status, description: 'Where it stands.' }),
    vendorState: t.exposeString('vendorState', {
      nullable: true,
      description: 'The word of the server for it; null when it has none.',
    }),
    error: t.exposeString('error', {
      nullable: true,
      description: 'The sentence of the server about what went wrong; null when nothing has.',
    }),
    details: t.expose('details', { type: 'JSON', description: details }),
  }),
});

const counters = builder.objectRef<SyncJobCounters>('SyncJobCounters').implement({
  description:
    'What a sync has done. How servers name their counters is not documented: what is null here may be in `details`.',
  fields: (t) => {
    const counted = (name: Exclude<keyof SyncJobCounters, 'details'>, description: string) =>
      t.expose(name, { type: 'SafeInt', nullable: true, description });
    return {
      filesTotal: counted('filesTotal', 'Files in the folder of the node; null when not told.'),
      filesSynchronized: counted('filesSynchronized', 'Files that are in step; null when not told.'),
      filesPending: counted('filesPending', 'Files that wait for their turn; null when not told.'),
      filesFailed: counted('filesFailed', 'Files that could not be transferred; null when not told.'),
      bytesTransferred: counted('bytesTransferred', 'Bytes that it has moved; null when not told.'),
      details: t.expose('details', { type: 'JSON', description: details }),
    };
  },
});

const file = builder.objectRef<SyncJobFile>('SyncJobFile').implement({
  description: 'A file of a sync.',
  fields: (t) => ({
    path: t.exposeString('path', { nullable: true, description: 'Path below the folder; null when not told.' }),
    sizeBytes: t.expose('sizeBytes', {
      type: 'SafeInt',
      nullable: true,
      description: 'Size in bytes; null when not told.',
    }),
    vendorStatus: t.exposeString('vendorStatus', {
      nullable: true,
      description: 'Where it stands in the word of the server; null when not told.',
    }),
    details: t.expose('details', { type: 'JSON', description: details }),
  }),
});

/** A sync of any program on the server. */
export const syncSummary = builder.objectRef<SyncSummary>('SyncSummary').implement({
  description: 'What the statistics of a server say of one of its syncs, whoever runs it.',
  ...needs('node.read'),
  fields: (t) => ({
    snid: t.exposeString('snid', { description: 'Number of the sync in the statistics.' }),
    name: t.exposeString('name', { nullable: true, description: 'Its name; null when not told.' }),
    localPath: t.exposeString('localPath', {
      nullable: true,
      description: 'Folder on the server; null when not told.',
    }),
    remotePath: t.exposeString('remotePath', { nullable: true, description: 'Folder elsewhere; null when not told.' }),
    details: t.expose('details', { type: 'JSON', description: details }),
  }),
});

/** A sync that a node runs. */
export const syncJob = builder.objectRef<SyncJobNode>('SyncJob').implement({
  description:
    'A synchronization that a node runs between a folder of its own and one elsewhere. ' +
    'Its transfers are among the transfers of the node, and belong to no viewer.',
  ...needs('node.read'),
  fields: (t) => ({
    syncJobId: t.exposeString('syncJobId', { description: 'Id of the sync.' }),
    source: t.exposeString('sourceName', { description: 'Name of the source in the configuration of the gateway.' }),
    name: t.exposeString('name', { nullable: true, description: 'Name of the pair of folders; null when not told.' }),
    direction: t.expose('direction', {
      type: syncDirection,
      nullable: true,
      description:
        'Which side is the model, seen from this node; null when it is a word that the gateway does not know.',
    }),
    mode: t.expose('mode', {
      type: syncMode,
      nullable: true,
      description: 'How long it goes on; null when it is a word that the gateway does not know.',
    }),
    localPath: t.exposeString('localPath', { nullable: true, description: 'Folder on this node; null when not told.' }),
    remotePath: t.exposeString('remotePath', { nullable: true, description: 'Folder elsewhere; null when not told.' }),
    remoteHost: t.exposeString('remoteHost', { nullable: true, description: 'The other server; null when not told.' }),
    remoteUser: t.exposeString('remoteUser', { nullable: true, description: 'Who logs in there; null when not told.' }),
    config: t.expose('config', {
      type: 'JSON',
      description: 'The whole configuration in the words of the server, without secrets.',
    }),
    state: t.field({
      type: state,
      nullable: true,
      description: 'Where it stands. One upstream call.',
      resolve: (job, _args, context) => syncJobState(job, context),
    }),
    counters: t.field({
      type: counters,
      nullable: true,
      description: 'What it has done. One upstream call.',
      resolve: (job, _args, context) => syncJobCounters(job, context),
    }),
    files: t.field({
      type: [file],
      nullable: { list: true, items: true },
      description: 'Its files. One upstream call.',
      args: {
        first: t.arg.int({ defaultValue: 20, description: 'How many at most.' }),
        skip: t.arg.int({ defaultValue: 0, description: 'How many to leave out at the beginning.' }),
      },
      // An error in place of a file becomes an error of that item alone.
      resolve: (job, args, context) => syncJobFiles(job, args, context) as never,
    }),
  }),
});

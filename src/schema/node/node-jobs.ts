import { syncJobOf, syncJobsOf } from '../../resolvers/node/sync-jobs.ts';
import { watchFolderOf, watchFoldersOf } from '../../resolvers/node/watch-folders.ts';
import { builder } from '../builder.ts';
import { needs } from '../scope.ts';
import { asperaNode } from './node.ts';
import { syncJob, syncSummary } from './sync-job.ts';
import { watchFolder } from './watch-folder.ts';

const notForViewers = 'Not in the name of single users.';

/** What a node does by itself. */
builder.objectFields(asperaNode, (t) => ({
  watchFolders: t.field({
    type: [watchFolder],
    nullable: { list: true, items: true },
    description: `Folders that the node watches. One upstream call, and one for each folder. ${notForViewers}`,
    args: { first: t.arg.int({ defaultValue: 20, description: 'How many at most.' }) },
    ...needs('node.read'),
    // An error in place of a watch folder becomes an error of that item alone.
    resolve: (node, { first }) => watchFoldersOf(node, first ?? 20) as never,
  }),
  watchFolder: t.field({
    type: watchFolder,
    nullable: true,
    description: `One folder that the node watches; null when it is not there. One upstream call. ${notForViewers}`,
    args: { watchFolderId: t.arg.string({ required: true, description: 'Id of the watch folder.' }) },
    ...needs('node.read'),
    resolve: (node, { watchFolderId }) => watchFolderOf(node, watchFolderId),
  }),
  syncJobs: t.field({
    type: [syncJob],
    nullable: { list: true, items: true },
    description: `Syncs that the node runs. One upstream call, and one for each sync. ${notForViewers}`,
    args: { first: t.arg.int({ defaultValue: 20, description: 'How many at most.' }) },
    ...needs('node.read'),
    // An error in place of a sync becomes an error of that item alone.
    resolve: (node, { first }) => syncJobsOf(node, first ?? 20) as never,
  }),
  syncJob: t.field({
    type: syncJob,
    nullable: true,
    description: `One sync that the node runs; null when it is not there. One upstream call. ${notForViewers}`,
    args: { syncJobId: t.arg.string({ required: true, description: 'Id of the sync.' }) },
    ...needs('node.read'),
    resolve: (node, { syncJobId }) => syncJobOf(node, syncJobId),
  }),
  syncSummaries: t.field({
    type: [syncSummary],
    nullable: { list: true, items: true },
    description: `All syncs that the server has statistics of, also those that other programs run. Two upstream calls. ${notForViewers}`,
    args: { first: t.arg.int({ defaultValue: 20, description: 'How many at most.' }) },
    ...needs('node.read'),
    // An error in place of a summary becomes an error of that item alone.
    resolve: ({ client }, { first }) => client.syncSummaries(first ?? 20) as never,
  }),
}));

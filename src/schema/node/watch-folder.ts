import { type WatchFolderNode, watchFolderState } from '../../resolvers/node/watch-folders.ts';
import type {
  WatchFolderComponent,
  WatchFolderDirection,
  WatchFolderHealth,
  WatchFolderLogin,
  WatchFolderRemote,
  WatchFolderState,
  WatchFolderStatistics,
} from '../../sources/node/types.ts';
import { builder } from '../builder.ts';
import { describedValues } from '../describe-enum.ts';
import { needs } from '../scope.ts';

export const watchFolderDirection = builder.enumType('WatchFolderDirection', {
  description: 'Which way files go, seen from the node that watches.',
  values: describedValues<WatchFolderDirection>({
    PUSH: 'From a folder of this node to another one.',
    PULL: 'From another one to a folder of this node.',
  }),
});

export const watchFolderLogin = builder.enumType('WatchFolderLogin', {
  description: 'How the node logs in at the other end.',
  values: describedValues<WatchFolderLogin>({
    NODE_API: 'With a user or access key of the Node API; the port is that of the Node API.',
    SSH: 'As the transfer user; the port is that of SSH. For PUSH only on some servers.',
  }),
});

const health = builder.enumType('WatchFolderHealth', {
  description: 'How a watch folder or a part of it is.',
  values: describedValues<WatchFolderHealth>({
    HEALTHY: 'It works.',
    IMPAIRED: 'Something is wrong; `lastError` of the components says what.',
    UNKNOWN: 'The node does not know yet.',
  }),
});

const remote = builder.objectRef<WatchFolderRemote>('WatchFolderRemote').implement({
  description: 'The other end of a watch folder. Its password and key stay on the node.',
  fields: (t) => ({
    host: t.exposeString('host', { description: 'Name or address of the server.' }),
    port: t.exposeInt('port', { nullable: true, description: 'Port of the login; null when not told.' }),
    user: t.exposeString('user', { nullable: true, description: 'Who logs in there; null when not told.' }),
    login: t.expose('login', {
      type: watchFolderLogin,
      nullable: true,
      description: 'How the node logs in; null when not told.',
    }),
  }),
});

const statistics = builder.objectRef<WatchFolderStatistics>('WatchFolderStatistics').implement({
  description:
    'What a watch folder has done since the node began to watch. Anything is null that the node does not count.',
  fields: (t) => {
    const counted = (name: keyof WatchFolderStatistics, description: string) =>
      t.expose(name, { type: 'SafeInt', nullable: true, description });
    return {
      filesTransferred: counted('filesTransferred', 'Files that were sent, however it ended.'),
      filesSucceeded: counted('filesSucceeded', 'Files that have arrived.'),
      filesFailed: counted('filesFailed', 'Files that were given up after several attempts.'),
      filesSkipped: counted('filesSkipped', 'Files that were there already.'),
      filesIgnored: counted('filesIgnored', 'Files that a filter keeps out.'),
      filesDisappeared: counted('filesDisappeared', 'Files that went away before they had cooled off.'),
      bytesCompleted: counted('bytesCompleted', 'Bytes of the files that have arrived.'),
      bytesWritten: counted('bytesWritten', 'Bytes written at the target.'),
    };
  },
});

const component = builder.objectRef<WatchFolderComponent>('WatchFolderComponent').implement({
  description: 'A part of the service behind a watch folder.',
  fields: (t) => ({
    name: t.exposeString('name', {
      description: '`watch` looks at the source, `transport` moves files, `watchfolderd` is the service itself.',
    }),
    health: t.expose('health', { type: health, description: 'How it is.' }),
    vendorState: t.exposeString('vendorState', {
      nullable: true,
      description: 'The word of the server for it; null when it has none.',
    }),
    changedAt: t.expose('changedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'Since when it is so; null when not told.',
    }),
    lastError: t.exposeString('lastError', {
      nullable: true,
      description: 'The sentence of the server about what went wrong last; null when nothing has.',
    }),
    lastErrorAt: t.expose('lastErrorAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When that was; null when nothing has gone wrong.',
    }),
  }),
});

const state = builder.objectRef<WatchFolderState>('WatchFolderState').implement({
  description: 'How a watch folder is, and what it has done.',
  fields: (t) => ({
    health: t.expose('health', { type: health, description: 'How it is as a whole.' }),
    vendorState: t.exposeString('vendorState', {
      nullable: true,
      description: 'The word of the server for it; null when it has none.',
    }),
    statistics: t.expose('statistics', { type: statistics, description: 'What it has done.' }),
    components: t.expose('components', { type: [component], description: 'How its parts are.' }),
  }),
});

/** A folder that a node watches. */
export const watchFolder = builder.objectRef<WatchFolderNode>('WatchFolder').implement({
  description:
    'A folder that a node watches: what is new in it and has not changed for a while is transferred to a folder elsewhere. ' +
    'Its transfers are among the transfers of the node, and belong to no viewer.',
  ...needs('node.read'),
  fields: (t) => ({
    watchFolderId: t.exposeString('watchFolderId', { description: 'Id of the watch folder.' }),
    source: t.exposeString('sourceName', { description: 'Name of the source in the configuration of the gateway.' }),
    direction: t.expose('direction', {
      type: watchFolderDirection,
      nullable: true,
      description: 'Which way files go; null when no other end is told.',
    }),
    sourcePath: t.exposeString('sourcePath', {
      nullable: true,
      description: 'The folder that is watched; null when not told.',
    }),
    targetPath: t.exposeString('targetPath', {
      nullable: true,
      description: 'The folder that files go to; null when not told.',
    }),
    remote: t.expose('remote', { type: remote, nullable: true, description: 'The other end; null when not told.' }),
    coolOffSeconds: t.exposeFloat('coolOffSeconds', {
      nullable: true,
      description: 'How long a file must not change before it is sent; null where the default of the server holds (5).',
    }),
    snapshotPeriodSeconds: t.exposeFloat('snapshotPeriodSeconds', {
      nullable: true,
      description: 'How often new files are put together and sent; null where the default of the server holds (3).',
    }),
    scanPeriodSeconds: t.exposeFloat('scanPeriodSeconds', {
      nullable: true,
      description: 'How often the folder is read from end to end; null when not told, or never.',
    }),
    config: t.expose('config', {
      type: 'JSON',
      description: 'The whole configuration in the words of the server, without secrets.',
    }),
    state: t.field({
      type: state,
      nullable: true,
      description: 'How it is, and what it has done. One upstream call.',
      resolve: (folder, _args, context) => watchFolderState(folder, context),
    }),
  }),
});

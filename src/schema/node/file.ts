import { joinId } from '../../resolvers/global-id.ts';
import { type AsperaFileNode, fileByNodeId } from '../../resolvers/node/file.ts';
import type { DiskUsage, NodeFile, NodeFileSort, StorageSpace } from '../../sources/node/types.ts';
import { builder } from '../builder.ts';
import { connectionOf } from '../connection.ts';
import { describedValues } from '../describe-enum.ts';
import { needs } from '../scope.ts';

const fileType = builder.enumType('AsperaFileType', {
  description: 'What a path names.',
  values: describedValues<NodeFile['type']>({
    FILE: 'A file.',
    DIRECTORY: 'A folder.',
    SYMBOLIC_LINK: 'A link to another path.',
    OTHER: 'A kind that the gateway has no name for; `vendorType` has the word of the server.',
  }),
});

const fileTypeFilter = builder.enumType('AsperaFileTypeFilter', {
  description: 'A kind of path that a list can be narrowed to.',
  values: describedValues<Exclude<NodeFile['type'], 'OTHER'>>({
    FILE: 'Files.',
    DIRECTORY: 'Folders.',
    SYMBOLIC_LINK: 'Links to other paths.',
  }),
});

/** Orders that a node can list files in. */
export const fileSort = builder.enumType('AsperaFileSort', {
  description: 'Order of a list of files. Where two are equal the path decides.',
  values: describedValues<NodeFileSort>({
    PATH: 'By path.',
    TYPE: 'Folders first, then files, then links.',
    SIZE_ASC: 'Smallest first.',
    SIZE_DESC: 'Largest first.',
    MODIFIED_ASC: 'Changed longest ago first.',
    MODIFIED_DESC: 'Changed last first.',
  }),
});

/** Conditions that a node can narrow a list of files by. */
export const fileFilter = builder.inputType('AsperaFileFilterInput', {
  description: 'Narrows a list of files; every condition must hold.',
  fields: (t) => ({
    types: t.field({ type: [fileTypeFilter], description: 'Of one of these kinds.' }),
    names: t.stringList({
      description: 'Patterns of which one must fit the name: `*` stands for any text, `?` for one character.',
    }),
    paths: t.stringList({ description: 'Patterns of which one must fit the whole path.' }),
    minSizeBytes: t.field({ type: 'SafeInt', description: 'At least so large, in bytes; only files then.' }),
    maxSizeBytes: t.field({ type: 'SafeInt', description: 'Smaller than so many bytes; only files then.' }),
    modifiedAfter: t.field({ type: 'DateTime', description: 'Changed after this moment, to the second.' }),
    modifiedBefore: t.field({ type: 'DateTime', description: 'Changed before this moment, to the second.' }),
  }),
});

const ref = builder.objectRef<AsperaFileNode>('AsperaFile');

/** A file, folder or link as its path names it. */
export const asperaFile = builder.node(ref, {
  name: 'AsperaFile',
  description: 'A file, folder or link of a node, as its path names it.',
  ...needs('node.read'),
  id: { resolve: (value) => joinId(value.sourceName, value.path) },
  isTypeOf: (value) => (value as { __typename?: unknown }).__typename === 'AsperaFile',
  loadOne: (id, context) => fileByNodeId(id, context),
  fields: (t) => ({
    source: t.exposeString('sourceName', { description: 'Name of the source in the configuration of the gateway.' }),
    path: t.exposeString('path', { description: 'Path from the top of the storage of the node.' }),
    name: t.exposeString('name', { description: 'Its name alone.' }),
    type: t.expose('type', { type: fileType, description: 'What it is.' }),
    vendorType: t.exposeString('vendorType', { description: 'The word of the server for what it is.' }),
    sizeBytes: t.expose('sizeBytes', {
      type: 'SafeInt',
      nullable: true,
      description: 'Size in bytes; null for folders.',
    }),
    modifiedAt: t.expose('modifiedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When it was last changed, to the second; null when the server does not tell.',
    }),
    permissions: t.stringList({
      description: 'What the credential of the gateway may do with it: `view`, `edit`, `delete`.',
      resolve: (value) => [...value.permissions],
    }),
    targetPath: t.exposeString('targetPath', { nullable: true, description: 'Where a link leads; null otherwise.' }),
  }),
});

export const fileConnection = connectionOf<AsperaFileNode>('AsperaFile', asperaFile, 'files and folders of a node');

export const diskUsage = builder.objectRef<DiskUsage>('AsperaDiskUsage').implement({
  description: 'What a folder holds, counted by the node in depth.',
  ...needs('node.read'),
  fields: (t) => ({
    path: t.exposeString('path', { description: 'The folder.' }),
    totalBytes: t.expose('totalBytes', {
      type: 'SafeInt',
      nullable: true,
      description: 'Size of everything below it in bytes; null when the node does not tell.',
    }),
    fileCount: t.expose('fileCount', {
      type: 'SafeInt',
      nullable: true,
      description: 'Files below it; null when the node does not tell.',
    }),
    folderCount: t.expose('directoryCount', {
      type: 'SafeInt',
      nullable: true,
      description: 'Folders below it; null when the node does not tell.',
    }),
    specialCount: t.expose('specialCount', {
      type: 'SafeInt',
      nullable: true,
      description: 'Devices, sockets and the like below it; null when the node does not tell.',
    }),
    failedCount: t.expose('failedCount', {
      type: 'SafeInt',
      nullable: true,
      description: 'What could not be counted; null when the node does not tell.',
    }),
  }),
});

export const storageSpace = builder.objectRef<StorageSpace>('AsperaStorageSpace').implement({
  description: 'Room on the storage that a path is on.',
  ...needs('node.read'),
  fields: (t) => ({
    path: t.exposeString('path', { description: 'The path that was asked for.' }),
    totalBytes: t.expose('totalBytes', {
      type: 'SafeInt',
      nullable: true,
      description: 'Size of the storage in bytes; null when the node does not tell.',
    }),
    freeBytes: t.expose('freeBytes', {
      type: 'SafeInt',
      nullable: true,
      description: 'Bytes that are free; null when the node does not tell.',
    }),
    percentFree: t.exposeFloat('percentFree', {
      nullable: true,
      description: 'Share that is free, 0 to 100; null when the node does not tell.',
    }),
  }),
});

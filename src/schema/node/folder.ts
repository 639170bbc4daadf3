import { listFolder, type StorageFolder } from '../../resolvers/node/folder.ts';
import type { AccessLevel, StorageFile } from '../../sources/node/types.ts';
import { builder } from '../builder.ts';
import { connectionOf, pageArguments } from '../connection.ts';
import { describedValues } from '../describe-enum.ts';
import { needs } from '../scope.ts';

const storageFileType = builder.enumType('AsperaStorageFileType', {
  description: 'What a file id names.',
  values: describedValues<StorageFile['type']>({
    FILE: 'A file.',
    FOLDER: 'A folder.',
    LINK: 'A link to a file or folder, perhaps on another node.',
    OTHER: 'A kind that the gateway has no name for; `vendorType` has the word of the server.',
  }),
});

const accessLevel = builder.enumType('AsperaAccessLevel', {
  description: 'What may be done with a file or folder.',
  values: describedValues<AccessLevel>({
    LIST: 'See what is in it.',
    READ: 'Read and download it.',
    WRITE: 'Change it and upload into it.',
    DELETE: 'Delete it.',
    MKDIR: 'Make folders in it.',
    RENAME: 'Give it another name.',
    PREVIEW: 'See a preview of it.',
  }),
});

const storageFile = builder.objectRef<StorageFile>('AsperaStorageFile').implement({
  description: 'A file, folder or link in the storage of an access key, as its id names it.',
  ...needs('node.read'),
  fields: (t) => ({
    fileId: t.exposeString('fileId', { description: 'Id that the node gave to it; `folder(fileId:)` takes it.' }),
    name: t.exposeString('name', { description: 'Its name.' }),
    path: t.exposeString('path', {
      nullable: true,
      description: 'Its path; null because nodes tell it to administrators only.',
    }),
    type: t.expose('type', { type: storageFileType, description: 'What it is.' }),
    vendorType: t.exposeString('vendorType', { description: 'The word of the server for what it is.' }),
    sizeBytes: t.expose('sizeBytes', {
      type: 'SafeInt',
      nullable: true,
      description: 'Size in bytes; null for folders and links.',
    }),
    modifiedAt: t.expose('modifiedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When it was last changed; null when the server does not tell.',
    }),
    contentType: t.exposeString('contentType', {
      nullable: true,
      description: 'Media type, e.g. `video/quicktime`; null when not known.',
    }),
    isMountPoint: t.exposeBoolean('isMountPoint', { description: 'Whether another storage begins here.' }),
    accessLevels: t.expose('accessLevels', { type: [accessLevel], description: 'What the caller may do with it.' }),
    targetFileId: t.exposeString('targetFileId', {
      nullable: true,
      description: 'Id of what a link leads to; null otherwise.',
    }),
    targetNodeId: t.exposeString('targetNodeId', {
      nullable: true,
      description: 'Id of the node on which that is; null otherwise.',
    }),
    recursiveSizeBytes: t.expose('recursiveSizeBytes', {
      type: 'SafeInt',
      nullable: true,
      description: 'Size of all below a folder in bytes; null in lists, and where the node does not count.',
    }),
    recursiveFileCount: t.expose('recursiveFileCount', {
      type: 'SafeInt',
      nullable: true,
      description: 'Files below a folder; null in lists, and where the node does not count.',
    }),
    recursiveFolderCount: t.expose('recursiveFolderCount', {
      type: 'SafeInt',
      nullable: true,
      description: 'Folders below a folder; null in lists, and where the node does not count.',
    }),
    permissionCount: t.expose('permissionCount', {
      type: 'SafeInt',
      nullable: true,
      description: 'Permissions given on it; null in lists, and where the node does not tell.',
    }),
  }),
});

const storageFileConnection = connectionOf<StorageFile>('AsperaStorageFile', storageFile, 'files of a folder');

export const folder = builder.objectRef<StorageFolder>('AsperaFolder').implement({
  description:
    'A folder in the storage of an access key, by its id. Permissions are given by id, so this is the way to files in the name of single users.',
  ...needs('node.read'),
  fields: (t) => ({
    fileId: t.exposeString('fileId', { description: 'Its id.' }),
    file: t.field({
      type: storageFile,
      nullable: true,
      description: 'The folder itself. One upstream call.',
      resolve: ({ node, fileId }) => node.client.file(fileId),
    }),
    files: t.field({
      type: storageFileConnection,
      nullable: true,
      description: 'What is in it, by name. One upstream call a page.',
      args: pageArguments,
      resolve: (value, args) => listFolder(value, args),
    }),
  }),
});

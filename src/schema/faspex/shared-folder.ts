import { type FaspexSharedFolderNode, sharedFolderFiles } from '../../resolvers/faspex/shared-folders.ts';
import { builder } from '../builder.ts';
import { connectionOf, pageArguments } from '../connection.ts';
import { needs } from '../scope.ts';
import { fileConnection } from './file.ts';

const sharedFolder = builder.objectRef<FaspexSharedFolderNode>('FaspexSharedFolder').implement({
  description: 'A folder on one of the nodes of the server, from which packages can be sent without an upload.',
  ...needs('faspex.read'),
  fields: (t) => ({
    sharedFolderId: t.exposeString('sharedFolderId', {
      description: 'Id that the server gave to it; `sendPackageFromSharedFolder` takes it.',
    }),
    name: t.exposeString('name', { description: 'Its name.' }),
    readPermission: t.exposeString('readPermission', {
      nullable: true,
      description:
        '`private`, `public` or `limited`: who may send from it, in the word of the server; null when not told.',
    }),
    files: t.field({
      type: fileConnection,
      nullable: true,
      description: 'What is in one of its folders. One upstream call a page, for each shared folder.',
      args: {
        ...pageArguments,
        path: t.arg.string({ defaultValue: '/', description: 'Folder inside the shared folder.' }),
      },
      resolve: (folder, args, context) => sharedFolderFiles(folder, args, context),
    }),
  }),
});

export const sharedFolderConnection = connectionOf<FaspexSharedFolderNode>(
  'FaspexSharedFolder',
  sharedFolder,
  'folders that you can send from',
);

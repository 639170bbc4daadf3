import type { BoundNode } from '../../context/context.ts';
import { diskUsageOf, fileOfNode, spaceOf } from '../../resolvers/node/file.ts';
import { folderById } from '../../resolvers/node/folder.ts';
import { listFiles, searchFiles } from '../../resolvers/node/list-files.ts';
import { listTransfers } from '../../resolvers/node/list-transfers.ts';
import { type NodeTransferNode, transferOfNode } from '../../resolvers/node/transfer.ts';
import { builder } from '../builder.ts';
import { connectionOf, pageArguments } from '../connection.ts';
import { needs } from '../scope.ts';
import { specDirection } from '../transfer-spec.ts';
import { accessKey } from './access-key.ts';
import { asperaFile, diskUsage, fileConnection, fileFilter, fileSort, storageSpace } from './file.ts';
import { folder } from './folder.ts';
import { nodeInfo } from './info.ts';
import { nodeTransfer } from './transfer.ts';

const transferConnection = connectionOf<NodeTransferNode>('NodeTransfer', nodeTransfer, 'transfers of a node');

export const asperaNode = builder.objectRef<BoundNode>('AsperaNode').implement({
  description: 'An Aspera node (High-Speed Transfer Server): its files and its transfers.',
  fields: (t) => ({
    source: t.string({
      description: 'Name of the source in the configuration of the gateway.',
      resolve: ({ source }) => source.name,
    }),
    info: t.field({
      type: nodeInfo,
      nullable: true,
      description: 'What the node says of itself. One upstream call.',
      ...needs('node.read'),
      resolve: ({ loaders }) => loaders.info.load('info'),
    }),
    files: t.field({
      type: fileConnection,
      nullable: true,
      description:
        'What is in a folder. A page begins behind the last path of the page before, wherever that is by now. ' +
        'One upstream call a page, and up to five more when the folder has changed meanwhile. By path, so not in the name of single users: they go by `folder`.',
      args: {
        ...pageArguments,
        path: t.arg.string({ defaultValue: '/', description: 'The folder.' }),
        filter: t.arg({ type: fileFilter, description: 'Narrows the list.' }),
        sort: t.arg({ type: fileSort, defaultValue: 'PATH', description: 'Order of the list.' }),
      },
      ...needs('node.read'),
      resolve: (node, args) => listFiles(node, args),
    }),
    file: t.field({
      type: asperaFile,
      nullable: true,
      description:
        'What a path names, links followed; null when nothing is there. One upstream call for all paths of an operation.',
      args: { path: t.arg.string({ required: true, description: 'Path from the top of the storage.' }) },
      ...needs('node.read'),
      resolve: (node, { path }) => fileOfNode(node, path),
    }),
    search: t.field({
      type: fileConnection,
      nullable: true,
      description: 'What is below a folder at any depth. Upstream calls as for `files`; the node looks at every file.',
      args: {
        ...pageArguments,
        path: t.arg.string({ defaultValue: '/', description: 'The folder to begin at.' }),
        filter: t.arg({ type: fileFilter, description: 'What is searched for.' }),
        maxDepth: t.arg.int({ description: 'How many levels down at most; all when left out.' }),
        sort: t.arg({ type: fileSort, defaultValue: 'PATH', description: 'Order of the list.' }),
      },
      ...needs('node.read'),
      resolve: (node, args) => searchFiles(node, args),
    }),
    diskUsage: t.field({
      type: diskUsage,
      nullable: true,
      description: 'What a folder holds in depth; null when it is not there. One upstream call; the node counts now.',
      args: { path: t.arg.string({ defaultValue: '/', description: 'The folder.' }) },
      ...needs('node.read'),
      resolve: (node, { path }) => diskUsageOf(node, path ?? '/'),
    }),
    space: t.field({
      type: storageSpace,
      nullable: true,
      description: 'Room on the storage that a path is on; null when nothing is there. One upstream call.',
      args: { path: t.arg.string({ defaultValue: '/', description: 'Any path on the storage.' }) },
      ...needs('node.read'),
      resolve: (node, { path }) => spaceOf(node, path ?? '/'),
    }),
    transfers: t.field({
      type: transferConnection,
      nullable: true,
      description:
        'The transfers that you may see: first what goes on, latest start first, then the others, latest end first. Nodes keep them for a day or two. ' +
        'At most six upstream calls a page, because a node tells its history only from the oldest on; and one for each package whose transfers you may see because you can read it. ' +
        'A page may hold fewer than `first` while `hasNextPage` says that there is more.',
      args: {
        ...pageArguments,
        activeOnly: t.arg.boolean({ defaultValue: false, description: 'Only what waits or runs.' }),
        direction: t.arg({ type: specDirection, description: 'Only this direction, seen from the client.' }),
      },
      ...needs('transfer.read'),
      resolve: (node, args, context) => listTransfers(node, args, context),
    }),
    transfer: t.field({
      type: nodeTransfer,
      nullable: true,
      description: 'One transfer; null when it is not there or not yours to see. One upstream call.',
      args: { transferId: t.arg.string({ required: true, description: 'Id that the node gave to it.' }) },
      ...needs('transfer.read'),
      resolve: (node, { transferId }, context) => transferOfNode(node, transferId, context),
    }),
    accessKeys: t.field({
      type: [accessKey],
      nullable: { list: true, items: true },
      description: 'The access keys that the credential of the gateway may see. One upstream call.',
      ...needs('node.admin'),
      // An error in place of a key becomes an error of that item alone.
      resolve: ({ client }) => client.accessKeys() as never,
    }),
    folder: t.field({
      type: folder,
      nullable: true,
      description:
        'A folder in the storage of an access key, by its id. No upstream call by itself, or one to find the root; the node must be configured with an access key or act as the viewer.',
      args: {
        fileId: t.arg.string({ description: 'Id of the folder; where the storage begins when left out.' }),
      },
      ...needs('node.read'),
      resolve: (node, { fileId }) => folderById(node, fileId),
    }),
  }),
});

builder.queryField('asperaNode', (t) =>
  t.field({
    type: asperaNode,
    nullable: true,
    description: 'An Aspera node: its files and its transfers.',
    args: { source: t.arg.string({ description: 'Name of the source; may be left out when there is one.' }) },
    resolve: (_root, { source }, context) => context.node(source),
  }),
);

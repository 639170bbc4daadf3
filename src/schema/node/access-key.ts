import type { AccessKey } from '../../sources/node/types.ts';
import { builder } from '../builder.ts';
import { needs } from '../scope.ts';

export const accessKey = builder.objectRef<AccessKey>('AsperaAccessKey').implement({
  description: 'An access key: a name and a secret for a storage root of a node. The secret stays on the node.',
  ...needs('node.admin'),
  fields: (t) => ({
    accessKeyId: t.exposeString('accessKeyId', { description: 'Id of the key.' }),
    rootFileId: t.exposeString('rootFileId', {
      nullable: true,
      description: 'Id of the folder where its storage begins; null when the node does not tell.',
    }),
    storageType: t.exposeString('storageType', {
      nullable: true,
      description: 'Kind of storage in the word of the server, e.g. `local`, `aws_s3`, `azure`; null when not told.',
    }),
    storagePath: t.exposeString('storagePath', {
      nullable: true,
      description: 'Path where the storage begins; null when not told.',
    }),
    storageBucket: t.exposeString('storageBucket', {
      nullable: true,
      description: 'Bucket of an object storage; null otherwise.',
    }),
    storageEndpoint: t.exposeString('storageEndpoint', {
      nullable: true,
      description: 'Address of an object storage; null otherwise.',
    }),
    configuration: t.expose('configuration', {
      type: 'JSON',
      description: 'Settings of the node for this key in its own JSON, without secrets.',
    }),
  }),
});

import type { FaspexPackageNode } from '../resolvers/faspex/package.ts';
import { joinId } from '../resolvers/global-id.ts';
import type { FaspexPackageStatus } from '../sources/faspex/types.ts';
import { builder } from './builder.ts';
import { describedValues } from './describe-enum.ts';
import { globalId } from './global-ids.ts';

export const packageStatus = builder.enumType('PackageStatus', {
  description: 'Where a package is in its life.',
  values: describedValues<FaspexPackageStatus>({
    STARTING: 'Made; nothing has been sent yet.',
    UPLOADING: 'Its files are on the way, or waiting for it.',
    PAUSED: 'The upload rests.',
    PROCESSING: 'The files have arrived and are being checked, relayed or processed. Recipients cannot receive it yet.',
    AVAILABLE: 'Recipients can receive it.',
    EXPIRED: 'Its time is over.',
    DELETING: 'Its files are being deleted.',
    DELETED: 'Its files are gone.',
    FAILED: 'It will not become available as it is; a new upload may save it.',
    UNKNOWN: 'The server does not tell; `vendorStatus` may have more.',
  }),
});

/** Fields that mean the same for a package of any product. */
export const pkg = builder.interfaceRef<FaspexPackageNode>('Package').implement({
  description:
    'Files sent by somebody to somebody, whichever product carries them. The fields here mean the same everywhere.',
  resolveType: (value) => value.__typename,
  fields: (t) => ({
    id: t.id({
      description: 'Global id: `node(id:)`, `package(id:)` and `packageStatus(id:)` take it.',
      resolve: (value) => globalId(value.__typename, joinId(value.sourceName, value.packageId)),
    }),
    packageId: t.exposeString('packageId', { description: 'Id that the server gave to the package.' }),
    source: t.exposeString('sourceName', { description: 'Name of the source in the configuration of the gateway.' }),
    title: t.exposeString('title', { description: 'Title, as its sender wrote it.' }),
    note: t.exposeString('note', {
      nullable: true,
      description: 'Message to the recipients; null when there is none.',
    }),
    status: t.expose('status', { type: packageStatus, description: 'Where it is in its life.' }),
    vendorStatus: t.exposeString('vendorStatus', {
      nullable: true,
      description: 'The word of the server for the status; null where it leaves it out.',
    }),
    createdAt: t.expose('createdAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When it was made; null when the server does not tell.',
    }),
    sizeBytes: t.expose('sizeBytes', {
      type: 'SafeInt',
      nullable: true,
      description:
        'Size of its files in bytes; 0 until the upload has been counted, null when the server does not tell.',
    }),
    fileCount: t.expose('fileCount', {
      type: 'SafeInt',
      nullable: true,
      description: 'How many files it has; null when the server does not tell.',
    }),
  }),
});

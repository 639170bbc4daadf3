import type { FaspexFile, FaspexFileType } from '../../sources/faspex/types.ts';
import { builder } from '../builder.ts';
import { connectionOf } from '../connection.ts';
import { describedValues } from '../describe-enum.ts';
import { needs } from '../scope.ts';

const fileType = builder.enumType('FaspexFileType', {
  description: 'What an entry of a folder is.',
  values: describedValues<FaspexFileType>({
    FILE: 'A file.',
    DIRECTORY: 'A folder.',
    SYMBOLIC_LINK: 'A link to another path.',
    OTHER: 'A kind that the gateway does not know.',
  }),
});

const file = builder.objectRef<FaspexFile>('FaspexFile').implement({
  description: 'A file or folder inside a package or a shared folder.',
  ...needs('faspex.read'),
  fields: (t) => ({
    path: t.exposeString('path', {
      description:
        'Path from the top of the package or shared folder. `receivePackage(paths:)` takes that of a package, ' +
        '`sendPackageFromSharedFolder(paths:)` that of a shared folder.',
    }),
    name: t.exposeString('name', { description: 'Its name alone.' }),
    type: t.expose('fileType', { type: fileType, description: 'What it is.' }),
    sizeBytes: t.expose('sizeBytes', {
      type: 'SafeInt',
      nullable: true,
      description: 'Size in bytes; null for links.',
    }),
    modifiedAt: t.expose('modifiedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When it was last changed; null when not told.',
    }),
  }),
});

export const fileConnection = connectionOf<FaspexFile>('FaspexFile', file, 'entries of a folder');

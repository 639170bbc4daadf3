import type { FaspexReceipt, FaspexUploadDetails } from '../../sources/faspex/types.ts';
import { builder } from '../builder.ts';
import { needs } from '../scope.ts';

/** How the upload of a package is going. */
export const uploadProgress = builder.objectRef<FaspexUploadDetails>('FaspexUploadProgress').implement({
  description: 'How the upload of a package is going, as Faspex counts it.',
  ...needs('faspex.read'),
  fields: (t) => ({
    vendorStatus: t.exposeString('uploadStatus', {
      nullable: true,
      description: 'The word of the server; null when it does not tell.',
    }),
    progress: t.exposeFloat('progress', { nullable: true, description: 'From 0 to 1; null until the server knows.' }),
    bytesWritten: t.expose('writtenBytes', {
      type: 'SafeInt',
      nullable: true,
      description: 'Bytes that have arrived; null when not known.',
    }),
    bytesTotal: t.expose('totalBytes', {
      type: 'SafeInt',
      nullable: true,
      description: 'Size of the upload in bytes; null when not known.',
    }),
    startedAt: t.expose('startedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When it began; null before that.',
    }),
    completedAt: t.expose('completedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When it ended; null before that.',
    }),
    remainingMs: t.expose('remainingMs', {
      type: 'SafeInt',
      nullable: true,
      description: 'Milliseconds that it may still take; null when not known.',
    }),
  }),
});

/** One download of a package. */
export const receipt = builder.objectRef<FaspexReceipt>('FaspexReceipt').implement({
  description: 'One download of a package.',
  ...needs('faspex.read'),
  fields: (t) => ({
    name: t.exposeString('name', {
      nullable: true,
      description: 'Who downloaded it; null when the server does not tell.',
    }),
    email: t.exposeString('email', {
      nullable: true,
      description: 'Their e-mail address; null when the server does not tell.',
    }),
    address: t.exposeString('address', {
      nullable: true,
      description: 'Network address it was downloaded to; null when not known.',
    }),
    startedAt: t.expose('startedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When it began; null when not known.',
    }),
    endedAt: t.expose('endedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When it ended; null while it runs.',
    }),
    vendorType: t.exposeString('vendorType', {
      nullable: true,
      description: 'Kind of download in the words of the server; null when not told.',
    }),
  }),
});

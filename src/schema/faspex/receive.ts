import { AmbiguousRecipientError } from '../../resolvers/errors.ts';
import { receivePackage } from '../../resolvers/faspex/receive-package.ts';
import { builder } from '../builder.ts';
import { resultUnion } from '../errors.ts';
import { needs } from '../scope.ts';
import { specSuccess } from '../transfer-spec.ts';
import { faspexSource } from './new-package.ts';
import { recipientChoice } from './recipient.ts';

const receiveInput = builder.inputType('ReceivePackageInput', {
  description: 'Which package is to be downloaded.',
  fields: (t) => ({
    source: faspexSource(t),
    packageId: t.string({ required: true, description: 'Id that the server gave to the package.' }),
    paths: t.stringList({ description: 'Files and folders of the package; all of it when left out.' }),
    as: t.field({
      type: recipientChoice,
      description:
        'In whose name. When left out: in your own as a recipient or the sender, else in that of the one group that received it.',
    }),
  }),
});

builder.mutationField('receivePackage', (t) =>
  t.field({
    type: specSuccess('ReceivePackageSuccess', 'The download has been authorized.'),
    nullable: true,
    description: 'Gives the transfer spec with which a client downloads a package, or some of its files.',
    args: { input: t.arg({ type: receiveInput, required: true, description: 'Which package.' }) },
    errors: resultUnion('ReceivePackage', [AmbiguousRecipientError]),
    ...needs('faspex.read', 'transfer'),
    resolve: (_root, { input }, context) => receivePackage(input, context),
  }),
);

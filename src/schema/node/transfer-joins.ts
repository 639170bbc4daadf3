import { counterpartOf, packageOfTransfer } from '../../resolvers/node/counterpart.ts';
import { builder } from '../builder.ts';
import { declares } from '../declare.ts';
import { faspexPackage } from '../faspex/package.ts';
import { nodeTransfer } from './transfer.ts';

builder.objectFields(nodeTransfer, (t) => ({
  counterpart: t.field({
    type: nodeTransfer,
    nullable: true,
    description:
      'The other record of the same transfer, on another configured node; null when none has it, or it is not yours to see. ' +
      'One upstream call for each other node.',
    ...declares({ scopes: ['transfer.read'], reaches: ['node'] }),
    resolve: (value, _args, context) => counterpartOf(value, context),
  }),
  package: t.field({
    type: faspexPackage,
    nullable: true,
    description:
      'The package that it carries, by the tags that Faspex put into its spec; null when it is of none, or of one that you cannot read. ' +
      'One upstream call for each package.',
    ...declares({ scopes: ['faspex.read'], reaches: ['faspex'] }),
    resolve: (value, _args, context) => packageOfTransfer(value, context),
  }),
}));

import { type PackageEvent, showPackageEvent, watchPackage } from '../resolvers/faspex/package-status.ts';
import { builder } from './builder.ts';
import { declares, placesOfId } from './declare.ts';
import { pkg } from './package.ts';
import { needs } from './scope.ts';
import { skipped } from './skipped.ts';

const packageEvent = builder.objectRef<PackageEvent>('PackageEvent').implement({
  description: 'A package after something about it has changed.',
  ...needs('faspex.read'),
  fields: (t) => ({
    package: t.expose('package', {
      type: pkg,
      nullable: true,
      description: 'The package as it is now; null when it is gone, or no longer yours to see.',
    }),
    cursor: t.exposeString('cursor', {
      description: 'Hand this in as `after` when you come back, and you miss nothing that the gateway still holds.',
    }),
    gap: t.exposeBoolean('gap', {
      description: 'Whether something may have happened unseen before this event; it shows the present state.',
    }),
    skipped: t.boolean(skipped),
  }),
});

builder.subscriptionField('packageStatus', (t) =>
  t.field({
    type: packageEvent,
    description:
      'The life of one package: its present state, and every change until it is available, failed, expired or deleted, ' +
      'with the progress of its upload (`uploadProgress` costs no call here). ' +
      'A completed upload is not the end: checks and relays come after it.',
    args: {
      id: t.arg.globalID({ required: true, description: 'Global id of the package.' }),
      after: t.arg.string({
        description: '`cursor` of the last event that you have seen; starts with the present state when left out.',
      }),
    },
    ...declares({
      scopes: ['faspex.read'],
      shared: {
        placesOf: ({ id }) => placesOfId(id),
        resumeArgument: 'after',
        tellsPresent: true,
        afterSkips: { skipped: true },
      },
    }),
    subscribe: (_root, { id, after }, context) => watchPackage(id, after, context),
    resolve: (event, _args, context) => showPackageEvent(event, context),
  }),
);

import { AmbiguousRecipientError } from '../../resolvers/errors.ts';
import {
  archivePackage,
  deletePackages,
  forwardPackage,
  type PackageDeletion,
  type PackageResult,
  updatePackage,
} from '../../resolvers/faspex/change-package.ts';
import type { FaspexDirection } from '../../sources/faspex/types.ts';
import { builder } from '../builder.ts';
import { describedValues } from '../describe-enum.ts';
import { errorInterface, resultUnion, shownError } from '../errors.ts';
import { needs } from '../scope.ts';
import { faspexSource, packageFields } from './new-package.ts';
import { faspexPackage } from './package.ts';
import { type InputFields, policyFields } from './policy.ts';

const direction = builder.enumType('PackageDirection', {
  description: 'On which side of a package somebody is.',
  values: describedValues<FaspexDirection>({
    RECEIVED: 'As one of its recipients.',
    SENT: 'As its sender.',
  }),
});

const packageIdField = (t: InputFields) =>
  t.string({ required: true, description: 'Id that the server gave to the package.' });

const forwardInput = builder.inputType('ForwardPackageInput', {
  description: 'Which package goes to whom.',
  fields: (t) => ({
    packageId: packageIdField(t),
    title: t.string({ description: 'Title of the new package; that of the original when left out.' }),
    ...packageFields(t),
  }),
});

const updateInput = builder.inputType('UpdatePackageInput', {
  description: 'What changes about a package; what is left out stays.',
  fields: (t) => ({
    source: faspexSource(t),
    packageId: packageIdField(t),
    ...policyFields(t, 'unchanged'),
    expiresAt: t.field({
      type: 'DateTime',
      description:
        'When its files are deleted; goes with the policy DELETE_AFTER_EXPIRATION_DATE, which need not be said. ' +
        'Null removes the date.',
    }),
  }),
});

const archiveInput = builder.inputType('ArchivePackageInput', {
  description: 'Which package you put away.',
  fields: (t) => ({
    source: faspexSource(t),
    packageId: packageIdField(t),
    direction: t.field({
      type: direction,
      required: true,
      description: 'Out of which mailbox: what you received, or what you sent.',
    }),
    fromGroups: t.boolean({
      description:
        'Whether what you received through workgroups and shared inboxes goes to your history, too; only with the ' +
        'direction `RECEIVED`. Left out: only what was sent to you in person.',
    }),
  }),
});

const deleteInput = builder.inputType('DeletePackagesInput', {
  description: 'Which packages are deleted.',
  fields: (t) => ({
    source: faspexSource(t),
    packageIds: t.stringList({
      required: true,
      description: 'Ids that the server gave to them, at most 25. An id that is given twice counts once.',
    }),
  }),
});

const changedPackage = (name: string, description: string, what: string) =>
  builder.objectRef<PackageResult>(name).implement({
    description,
    fields: (t) => ({ package: t.expose('package', { type: faspexPackage, description: what }) }),
  });

const deletion = builder.objectRef<PackageDeletion>('PackageDeletion').implement({
  description: 'How one of several packages fared.',
  fields: (t) => ({
    packageId: t.exposeString('packageId', { description: 'The package.' }),
    ok: t.boolean({
      description: 'Whether its deletion has begun: its files go, and its status becomes DELETED.',
      resolve: ({ error }) => error === undefined,
    }),
    error: t.field({
      type: errorInterface,
      nullable: true,
      description: 'Why it was not deleted; null when it was.',
      resolve: ({ error }) => shownError(error),
    }),
  }),
});

const deleteSuccess = builder
  .objectRef<{ readonly results: readonly PackageDeletion[] }>('DeletePackagesSuccess')
  .implement({
    description: 'The server has been asked to delete each of the packages; each has a result of its own.',
    fields: (t) => ({
      results: t.expose('results', { type: [deletion], description: 'One for each package, in the order of the ids.' }),
    }),
  });

builder.mutationFields((t) => ({
  forwardPackage: t.field({
    type: changedPackage('ForwardPackageSuccess', 'The files go to the new recipients.', 'The new package.'),
    nullable: true,
    description: 'Sends the files of an available package to others, as a new package and without a new upload.',
    args: { input: t.arg({ type: forwardInput, required: true, description: 'Which package, and to whom.' }) },
    errors: resultUnion('ForwardPackage', [AmbiguousRecipientError]),
    ...needs('faspex.send'),
    resolve: (_root, { input }, context) => forwardPackage(input, context),
  }),
  updatePackage: t.field({
    type: changedPackage('UpdatePackageSuccess', 'The package has been changed.', 'The package as it is now.'),
    nullable: true,
    description:
      'Changes when a package is released and when its files are deleted. Only its sender may, and there is no other ' +
      'way to call a package back than this and `deletePackages`.',
    args: { input: t.arg({ type: updateInput, required: true, description: 'Which package, and what changes.' }) },
    errors: resultUnion('UpdatePackage'),
    ...needs('faspex.send'),
    resolve: (_root, { input }, context) => updatePackage(input, context),
  }),
  archivePackage: t.field({
    type: changedPackage('ArchivePackageSuccess', 'The package is in your history.', 'The package as it is now.'),
    nullable: true,
    description:
      'Moves a package to your history (mailboxes `…_HISTORY`); others see it as before. What you received only ' +
      'through a workgroup or shared inbox needs `fromGroups`.',
    args: { input: t.arg({ type: archiveInput, required: true, description: 'Which package.' }) },
    errors: resultUnion('ArchivePackage'),
    ...needs('faspex.send'),
    resolve: (_root, { input }, context) => archivePackage(input, context),
  }),
  deletePackages: t.field({
    type: deleteSuccess,
    nullable: true,
    description:
      'Deletes packages for everybody. Only their sender and administrators may. One upstream call for each package.',
    args: { input: t.arg({ type: deleteInput, required: true, description: 'Which packages.' }) },
    errors: resultUnion('DeletePackages'),
    ...needs('faspex.send'),
    resolve: (_root, { input }, context) => deletePackages(input, context),
  }),
}));

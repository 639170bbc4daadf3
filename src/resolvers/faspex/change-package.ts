import type { OperationContext } from '../../context/context.ts';
import type { FaspexDirection, FaspexNewPackage, FaspexPackageDeletion } from '../../sources/faspex/types.ts';
import { answering, InvalidInputError, MutationError, toMutationError } from '../errors.ts';
import { makePackage, type NewPackageInput } from './new-package.ts';
import { existingPackage, type FaspexPackageNode, toPackageNode } from './package.ts';
import { type PolicyInput, readPolicies } from './policies.ts';

type Optional<T> = T | null | undefined;

/** Which package a change is about. */
interface PackageChoice {
  readonly source?: Optional<string>;
  readonly packageId: string;
}

export interface ForwardPackageInput extends Omit<NewPackageInput, 'title'>, PackageChoice {
  readonly title?: Optional<string>;
}

export interface UpdatePackageInput extends PackageChoice, PolicyInput {}

export interface ArchivePackageInput extends PackageChoice {
  readonly direction: FaspexDirection;
  readonly fromGroups?: Optional<boolean>;
}

export interface DeletePackagesInput {
  readonly source?: Optional<string>;
  readonly packageIds: readonly string[];
}

export interface PackageResult {
  readonly package: FaspexPackageNode;
}

/** How one of several packages fared. */
export interface PackageDeletion {
  readonly packageId: string;
  /** Why it was not deleted; undefined when it was. */
  readonly error: MutationError | undefined;
}

const invalid = (message: string) => new InvalidInputError(message, { code: 'BAD_INPUT' });

/** Sends the files of a package on to others. One more call finds out the title when none is given. */
export const forwardPackage = answering(
  async (input: ForwardPackageInput, context: OperationContext): Promise<PackageResult> => {
    const faspex = context.faspex(input.source);
    const title = input.title ?? (await existingPackage(faspex, input.packageId)).title;
    const forward = (pkg: FaspexNewPackage) => faspex.client.forwardPackage(input.packageId, pkg);
    return { package: await makePackage(faspex, { ...input, title }, forward) };
  },
);

/** Changes when a package is released and when its files are deleted. */
export const updatePackage = answering(
  async (input: UpdatePackageInput, context: OperationContext): Promise<PackageResult> => {
    const { client, source } = context.faspex(input.source);
    const changes = readPolicies(input);
    if (Object.values(changes).every((value) => value === undefined)) {
      throw invalid(
        'There is nothing to change: give `releasePolicy`, `releaseAt`, `expirationPolicy` or `expiresAt`.',
      );
    }
    return { package: toPackageNode(source.name, await client.updatePackage(input.packageId, changes)) };
  },
);

/** Moves a package to the viewer's history. */
export const archivePackage = answering(
  async (input: ArchivePackageInput, context: OperationContext): Promise<PackageResult> => {
    const { client, source } = context.faspex(input.source);
    const { packageId, direction, fromGroups } = input;
    if (fromGroups && direction === 'SENT') {
      throw invalid('`fromGroups` is about what you received: leave it out, or give the direction `RECEIVED`.');
    }
    return {
      package: toPackageNode(source.name, await client.archivePackage(packageId, direction, fromGroups === true)),
    };
  },
);

/** The error of one package in the words of mutations; what is no failure at the source stays hidden. */
function toOutcome({ packageId, error }: FaspexPackageDeletion): PackageDeletion {
  if (error === undefined) return { packageId, error };
  const typed = toMutationError(error);
  if (typed instanceof MutationError) return { packageId, error: typed };
  throw typed;
}

/** Deletes packages, one upstream call for each, and says of each how it went, in the order of the ids. */
export const deletePackages = answering(
  async (
    input: DeletePackagesInput,
    context: OperationContext,
  ): Promise<{ readonly results: readonly PackageDeletion[] }> => {
    const { client } = context.faspex(input.source);
    const packageIds = [...new Set(input.packageIds)];
    if (packageIds.length === 0) throw invalid('`packageIds` is empty: name at least one package.');
    return { results: (await client.deletePackages(packageIds)).map(toOutcome) };
  },
);

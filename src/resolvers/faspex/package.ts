import type { BoundFaspex, OperationContext } from '../../context/context.ts';
import type { FaspexPackage } from '../../sources/faspex/types.ts';
import { SourceError } from '../../transport/source-error.ts';
import { splitId } from '../global-id.ts';

/** A package together with the Faspex server that it is on. */
export interface FaspexPackageNode extends FaspexPackage {
  readonly __typename: 'FaspexPackage';
  readonly sourceName: string;
}

export const toPackageNode = (sourceName: string, pkg: FaspexPackage): FaspexPackageNode => ({
  ...pkg,
  __typename: 'FaspexPackage',
  sourceName,
});

/** Faspex answers 403 for a package that one may not see; to the viewer it is simply not there. */
export const isHidden = (error: unknown): boolean =>
  error instanceof SourceError && (error.code === 'NOT_FOUND' || error.code === 'SOURCE_FORBIDDEN');

/** One package; null when it is not there or not the viewer's to see. */
export async function packageById(faspex: BoundFaspex, packageId: string): Promise<FaspexPackageNode | null> {
  try {
    return toPackageNode(faspex.source.name, await faspex.loaders.package.load(packageId));
  } catch (error) {
    if (isHidden(error)) return null;
    throw error;
  }
}

/**
 * One package that a mutation is about.
 * @throws SourceError NOT_FOUND when it is not there or not the viewer's to see
 */
export async function existingPackage(faspex: BoundFaspex, packageId: string): Promise<FaspexPackageNode> {
  const pkg = await packageById(faspex, packageId);
  if (pkg) return pkg;
  const { name } = faspex.source;
  throw new SourceError('NOT_FOUND', `There is no package ${packageId} on ${name}, or it is not yours to see.`, {
    source: name,
  });
}

/** The package behind a global id's local part, or null. */
export async function packageByNodeId(id: string, context: OperationContext): Promise<FaspexPackageNode | null> {
  const [sourceName, packageId] = splitId(id, 2) ?? [];
  if (sourceName === undefined || packageId === undefined) return null;
  if (!context.sources.faspex.find(sourceName)) return null;
  return packageById(context.faspex(sourceName), packageId);
}

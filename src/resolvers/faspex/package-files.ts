import type { OperationContext } from '../../context/context.ts';
import type { FaspexFile } from '../../sources/faspex/types.ts';
import { SourceError } from '../../transport/source-error.ts';
import type { Connection } from '../connection.ts';
import { AmbiguousRecipientError } from '../errors.ts';
import { browseFolder, type FolderArguments, folderPath } from './browse-folder.ts';
import type { FaspexPackageNode } from './package.ts';
import { type ReceivingSide, type RecipientChoiceInput, receivingSide } from './receiving-side.ts';

export interface PackageFilesArguments extends FolderArguments {
  readonly as?: RecipientChoiceInput | null | undefined;
}

async function sideOf(
  pkg: FaspexPackageNode,
  { as }: PackageFilesArguments,
  context: OperationContext,
): Promise<ReceivingSide> {
  try {
    return await receivingSide(context.faspex(pkg.sourceName), pkg, as);
  } catch (error) {
    // Typed results are for mutations; a field of a query fails with an error that says the same.
    if (!(error instanceof AmbiguousRecipientError)) throw error;
    throw new SourceError('BAD_INPUT', error.message, { source: pkg.sourceName, cause: error });
  }
}

/** A page of a folder of a package. One upstream call, and one for the account to find out in whose name. */
export async function packageFiles(
  pkg: FaspexPackageNode,
  args: PackageFilesArguments,
  context: OperationContext,
): Promise<Connection<FaspexFile>> {
  const { client, identity } = context.faspex(pkg.sourceName);
  const side = await sideOf(pkg, args, context);
  return browseFolder(
    ['faspex.files', pkg.sourceName, identity.key, pkg.packageId, side.direction, side.recipient ?? null],
    args,
    (part) => client.packageFiles(pkg.packageId, { ...side, path: folderPath(args), ...part }),
  );
}

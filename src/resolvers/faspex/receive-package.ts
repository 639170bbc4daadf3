import type { OperationContext } from '../../context/context.ts';
import type { TransferSpec } from '../../transfer-spec/transfer-spec.ts';
import { answering } from '../errors.ts';
import { existingPackage } from './package.ts';
import { readPaths } from './paths.ts';
import { chosenSide, type RecipientChoiceInput, receivingSide } from './receiving-side.ts';

type Optional<T> = T | null | undefined;

export interface ReceivePackageInput {
  readonly source?: Optional<string>;
  readonly packageId: string;
  readonly paths?: Optional<readonly string[]>;
  readonly as?: Optional<RecipientChoiceInput>;
}

/** Gives the spec with which a package, or some of its files, is downloaded. Two more calls find out in whose name. */
export const receivePackage = answering(
  async (input: ReceivePackageInput, context: OperationContext): Promise<{ readonly spec: TransferSpec }> => {
    const faspex = context.faspex(input.source);
    // An empty list would be the whole package to the server: somebody who selected nothing did not mean that.
    const paths = input.paths == null ? undefined : readPaths(input.paths, 'leave it out for the whole package');
    const side = chosenSide(input.as) ?? (await receivingSide(faspex, await existingPackage(faspex, input.packageId)));
    return { spec: await faspex.client.downloadSpec(input.packageId, { ...side, paths }) };
  },
);

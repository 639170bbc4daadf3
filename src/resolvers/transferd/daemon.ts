import type { BoundTransferd, OperationContext } from '../../context/context.ts';
import type { SpecCheck, TransferdInfo } from '../../sources/transferd/types.ts';
import { InvalidTransferSpec, readTransferSpec } from '../../transfer-spec/transfer-spec.ts';
import { SourceError } from '../../transport/source-error.ts';
import type { TransferSpecInput } from '../node/start-transfer.ts';
import { typedSpec } from '../node/typed-spec.ts';

/** The daemon with this name, bound to the viewer. */
export const daemonOf = (
  _root: unknown,
  { source }: { source?: string | null | undefined },
  context: OperationContext,
) => context.transferd(source);

export const daemonInfo = ({ loaders }: BoundTransferd): Promise<TransferdInfo> => loaders.info.load('info');

/** A query has no typed errors: what is no spec is the caller's mistake. */
function specOf({ typed, json }: TransferSpecInput) {
  try {
    return readTransferSpec(typed ? typedSpec(typed) : json).json;
  } catch (error) {
    if (!(error instanceof InvalidTransferSpec)) throw error;
    throw new SourceError('BAD_INPUT', error.message, { source: 'gateway', cause: error });
  }
}

/** What the daemon says of a spec, without starting anything. */
export const checkSpec = ({ client }: BoundTransferd, spec: TransferSpecInput): Promise<SpecCheck> =>
  client.validate(specOf(spec));

/** Whether the daemon reaches the server of a spec. */
export const canReachPeer = ({ client }: BoundTransferd, spec: TransferSpecInput): Promise<boolean> =>
  client.isPeerReachable(specOf(spec));

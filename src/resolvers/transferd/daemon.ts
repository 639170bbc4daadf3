import type { BoundTransferd, OperationContext } from '../../context/context.ts';
import type { SpecCheck, TransferdInfo } from '../../sources/transferd/types.ts';
import { sshSecretsIn } from '../../transfer-spec/ssh-secrets.ts';
import {
  InvalidTransferSpec,
  isJsonObject,
  type JsonObject,
  readTransferSpec,
} from '../../transfer-spec/transfer-spec.ts';
import { SourceError } from '../../transport/source-error.ts';
import { InvalidInputError } from '../errors.ts';
import { demandScope } from '../forbidden.ts';
import type { TransferSpecInput } from '../node/start-transfer.ts';
import { typedSpec } from '../node/typed-spec.ts';

/** The daemon with this name, bound to the viewer. */
export const daemonOf = (
  _root: unknown,
  { source }: { source?: string | null | undefined },
  context: OperationContext,
) => context.transferd(source);

export const daemonInfo = ({ loaders }: BoundTransferd): Promise<TransferdInfo> => loaders.info.load('info');

const badInput = (message: string, cause?: unknown) =>
  new SourceError('BAD_INPUT', message, { source: 'gateway', ...(cause === undefined ? {} : { cause }) });

/** A query has no typed errors: what is no spec is the caller's mistake. Logins need the scope that a start needs. */
function specOf({ typed, json, specId }: TransferSpecInput, context: OperationContext): JsonObject {
  if (specId != null) {
    const kept = context.keptSpecs.find(context.viewer.id, specId);
    if (kept) return kept.json;
    throw badInput('You have no transfer spec with this `specId` (any more). Obtain a new spec.');
  }
  try {
    const raw = typed ? typedSpec(typed) : json;
    if (isJsonObject(raw) && sshSecretsIn(raw).length > 0) demandScope(context, 'transfer.ssh');
    return readTransferSpec(raw).json;
  } catch (error) {
    if (error instanceof InvalidTransferSpec || error instanceof InvalidInputError)
      throw badInput(error.message, error);
    throw error;
  }
}

/** What the daemon says of a spec, without starting anything. */
export const checkSpec = (
  { client }: BoundTransferd,
  spec: TransferSpecInput,
  context: OperationContext,
): Promise<SpecCheck> => client.validate(specOf(spec, context));

/** Whether the daemon reaches the server of a spec. */
export const canReachPeer = (
  { client }: BoundTransferd,
  spec: TransferSpecInput,
  context: OperationContext,
): Promise<boolean> => client.isPeerReachable(specOf(spec, context));

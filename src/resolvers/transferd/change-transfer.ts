import type { BoundTransferd, OperationContext } from '../../context/context.ts';
import { isTerminal } from '../../progress/transfer-state.ts';
import type { TransferdChange, TransferdRatePolicy } from '../../sources/transferd/types.ts';
import { answering, ConflictError, InvalidInputError, NotFoundError } from '../errors.ts';
import { splitId } from '../global-id.ts';
import type { LocalTransferResult } from './start-transfer.ts';
import { type TransferdTransferNode, toTransferdNode, transferOfDaemon } from './transfer.ts';

type Optional<T> = T | null | undefined;

export interface LocalTransferInput {
  readonly id: { readonly typename: string; readonly id: string };
}

export type LocalTransferAction = 'PAUSE' | 'RESUME';

export interface ChangeLocalTransferInput extends LocalTransferInput {
  readonly action?: Optional<LocalTransferAction>;
  readonly targetRateKbps?: Optional<number>;
  readonly minRateKbps?: Optional<number>;
  readonly ratePolicy?: Optional<TransferdRatePolicy>;
}

interface Found {
  readonly daemon: BoundTransferd;
  readonly transfer: TransferdTransferNode;
}

const invalid = (message: string) => new InvalidInputError(message, { code: 'BAD_INPUT' });

/** The transfer that is meant and its daemon. What the viewer may not see is not there, whoever may control it. */
async function findGoing({ id }: LocalTransferInput, context: OperationContext): Promise<Found> {
  const [sourceName, transferId] = splitId(id.id, 2) ?? [];
  if (id.typename !== 'TransferdTransfer' || sourceName === undefined || transferId === undefined) {
    throw invalid('This id is not of a transfer of a daemon. Take `id` from a TransferdTransfer.');
  }
  const known = context.sources.transferd.find(sourceName);
  const daemon = known && context.transferd(sourceName);
  const transfer = daemon && (await transferOfDaemon(daemon, transferId, context));
  if (!daemon || !transfer) {
    const message = `There is no transfer ${transferId} on ${sourceName}, or it is not yours to see.`;
    throw new NotFoundError(message, { code: 'NOT_FOUND', ...(known ? { source: sourceName } : {}) });
  }
  if (!isTerminal(transfer)) return { daemon, transfer };
  const message = `The transfer has ended (${transfer.status}): nothing can be changed.`;
  throw new ConflictError(message, { code: 'CONFLICT', source: sourceName });
}

/** The transfer as the daemon sees it after a change. */
async function reread({ daemon, transfer: { transferId } }: Found): Promise<LocalTransferResult> {
  const { transfer } = await daemon.loaders.transfer.clear(transferId).load(transferId);
  return { transfer: toTransferdNode(daemon.source.name, transfer) };
}

/** Ends a transfer for good. */
export const stopLocalTransfer = answering(async (input: LocalTransferInput, context: OperationContext) => {
  const found = await findGoing(input, context);
  await found.daemon.client.stopTransfer(found.transfer.transferId);
  return reread(found);
});

function readRates({ targetRateKbps, minRateKbps, ratePolicy }: ChangeLocalTransferInput): TransferdChange {
  if (targetRateKbps != null && targetRateKbps <= 0) throw invalid('`targetRateKbps` must be above 0.');
  if (minRateKbps != null && minRateKbps < 0) throw invalid('`minRateKbps` must not be below 0.');
  return {
    targetRateKbps: targetRateKbps ?? undefined,
    minRateKbps: minRateKbps ?? undefined,
    ratePolicy: ratePolicy ?? undefined,
  };
}

/**
 * A daemon has no call to pause: rates are what can be changed of a transfer that runs (aspera-node-api.md §8), and a
 * wanted rate of 0 holds it. To go on, it is given the rate that it had.
 */
function changeOf(input: ChangeLocalTransferInput, { daemon, transfer }: Found): TransferdChange {
  const rates = readRates(input);
  const isHeld = transfer.status === 'PAUSED';
  if (input.action === 'PAUSE') {
    if (rates.targetRateKbps !== undefined) throw invalid('A paused transfer has no `targetRateKbps`: leave one out.');
    return { ...rates, targetRateKbps: 0 };
  }
  const conflict = (message: string) => new ConflictError(message, { code: 'CONFLICT', source: transfer.sourceName });
  if (input.action !== 'RESUME') {
    // A rate would set it going again.
    if (isHeld) throw conflict('The transfer is paused: resume it, with another rate if you like.');
    return rates;
  }
  if (!isHeld) throw conflict(`The transfer is not paused (${transfer.status}).`);
  const targetRateKbps = rates.targetRateKbps ?? daemon.source.seen.rateBeforeHold(transfer.transferId);
  if (targetRateKbps !== undefined) return { ...rates, targetRateKbps };
  throw invalid('How fast it went before it was paused is not known: say `targetRateKbps`.');
}

/** Pauses a transfer, goes on with it, or changes how fast it goes. */
export const changeLocalTransfer = answering(async (input: ChangeLocalTransferInput, context: OperationContext) => {
  const { action, targetRateKbps, minRateKbps, ratePolicy } = input;
  if ([action, targetRateKbps, minRateKbps, ratePolicy].every((value) => value == null)) {
    throw invalid('Nothing is asked for: give `action`, `targetRateKbps`, `minRateKbps` or `ratePolicy`.');
  }
  const found = await findGoing(input, context);
  await found.daemon.client.changeTransfer(found.transfer.transferId, changeOf(input, found));
  return reread(found);
});

import { ascpErrorAdvice, ascpErrorName, isAscpErrorRetryable } from '../../transfer-spec/ascp-errors.ts';
import { publicJson } from '../../transfer-spec/public-json.ts';
import { isJsonObject, type JsonObject } from '../../transfer-spec/transfer-spec.ts';
import { vendorText } from '../../transport/source-error.ts';
import type { TransferdError, TransferdStatus, TransferdTransfer } from './types.ts';
import type { WireTransfer } from './wire.ts';

/** A daemon that has lost sight of a transfer (ORPHANED) cannot say what became of it. */
const statuses: Readonly<Record<string, TransferdStatus>> = {
  QUEUED: 'WAITING',
  RUNNING: 'RUNNING',
  COMPLETED: 'COMPLETED',
  FAILED: 'FAILED',
  CANCELED: 'CANCELED',
  PAUSED: 'PAUSED',
};

/** 1 belongs to COMPLETED alone. */
const ALMOST_ONE = 0.9999;

export function progressOf({
  status,
  bytesExpected,
  bytesTransferred,
  bytesWritten = 0,
}: Pick<TransferdTransfer, 'status' | 'bytesExpected' | 'bytesTransferred' | 'bytesWritten'>): number | undefined {
  if (status === 'COMPLETED') return 1;
  if (bytesExpected === undefined || bytesExpected === 0) return undefined;
  return Math.min(ALMOST_ONE, Math.max(bytesTransferred, bytesWritten) / bytesExpected);
}

function parse(text: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isJsonObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Labels come as base64 of JSON, in events also as JSON. */
function tagsOf({ transferInfo, sessionInfo }: WireTransfer): JsonObject {
  const encoded = transferInfo?.tags64;
  const tags = encoded === undefined ? undefined : parse(Buffer.from(encoded, 'base64').toString('utf8'));
  return publicJson(tags ?? parse(sessionInfo?.tags ?? '') ?? {});
}

function directionOf(word: string | undefined): TransferdTransfer['direction'] {
  if (/^send$/i.test(word ?? '')) return 'SEND';
  return /^rec(ei)?v(e)?$/i.test(word ?? '') ? 'RECEIVE' : undefined;
}

/** IBM's own client takes the sentence from `message`, which is JSON then (aspera-node-api.md §8). */
function sentenceOf({ error, message, transferInfo }: WireTransfer): string {
  const said = parse(message ?? '')?.Description;
  const own = typeof said === 'string' ? said : undefined;
  return vendorText(own ?? error?.description ?? transferInfo?.errorDescription ?? '');
}

function errorOf(wire: WireTransfer, status: TransferdStatus): TransferdError | undefined {
  if (status !== 'FAILED') return undefined;
  const code = Number(wire.transferInfo?.errorCode ?? wire.error?.code ?? 0) || 0;
  const description = sentenceOf(wire);
  return {
    code,
    name: ascpErrorName(code),
    retryable: isAscpErrorRetryable(code, description),
    advice: ascpErrorAdvice(code, description),
    description,
  };
}

const inMilliseconds = (usec: number | undefined) => (usec ? Math.round(usec / 1000) : undefined);

/** A transfer as the rest of the gateway knows it, from an event or from the answer to a question (§8). */
export function readTransfer(wire: WireTransfer): TransferdTransfer {
  const { transferInfo: info, sessionInfo: session } = wire;
  const status = statuses[wire.status] ?? 'UNKNOWN';
  const counts = {
    status,
    bytesTransferred: info?.bytesTransferred ?? 0,
    bytesWritten: info?.bytesWritten,
    bytesExpected: session?.preTransferBytes,
  };
  return {
    ...counts,
    transferId: wire.transferId,
    vendorStatus: wire.status,
    title: wire.title,
    direction: directionOf(info?.direction ?? session?.direction),
    bytesLost: info?.bytesLost,
    filesCompleted: info?.filesCompleted,
    filesSkipped: session?.filesSkipped,
    filesExpected: session?.preTransferFiles,
    progress: progressOf(counts),
    averageRateKbps: info?.averageRateKbps,
    currentRateKbps: status === 'RUNNING' ? session?.calcRateKbps : undefined,
    targetRateKbps: info?.targetRateKbps,
    startedAt: info?.startTimeUsec,
    endedAt: info?.endTimeUsec,
    elapsedMs: inMilliseconds(info?.elapsedUsec),
    error: errorOf(wire, status),
    tags: tagsOf(wire),
  };
}

/** A transfer that was just accepted: of what it is to do, the daemon's answer says nothing. */
export function readStarted(
  {
    transferId,
    title,
    status,
  }: { readonly transferId: string; readonly title?: string | undefined; readonly status: string },
  spec: JsonObject,
): TransferdTransfer {
  const wire: WireTransfer = { transferId, title, status, message: undefined };
  return {
    ...readTransfer(wire),
    direction: directionOf(typeof spec.direction === 'string' ? spec.direction : undefined),
    tags: publicJson(isJsonObject(spec.tags) ? spec.tags : {}),
  };
}

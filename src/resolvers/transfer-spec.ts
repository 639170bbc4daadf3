import { randomUUID } from 'node:crypto';
import type { OperationContext } from '../context/context.ts';
import { renderAscp } from '../transfer-spec/ascp.ts';
import type { AscpInvocation } from '../transfer-spec/ascp-invocation.ts';
import type { TransferAgent } from '../transfer-spec/parameter.ts';
import { InvalidTransferSpec, readTransferSpec, type TransferSpec } from '../transfer-spec/transfer-spec.ts';
import { refusalOf, validateTransferSpec } from '../transfer-spec/validate.ts';
import { SourceError } from '../transport/source-error.ts';

type Optional = string | null | undefined;

export interface AscpArguments {
  readonly listFile?: Optional;
  readonly keyFile?: Optional;
  readonly destination?: Optional;
}

/**
 * How ascp is started to run the spec.
 * @throws SourceError BAD_INPUT when ascp could not run it
 */
export function ascpInvocation(
  spec: TransferSpec,
  { listFile, keyFile, destination }: AscpArguments,
  { bypassKeyFile }: OperationContext,
): AscpInvocation {
  try {
    return renderAscp(spec, {
      listFile: listFile || 'aspera-files.txt',
      keyFile: keyFile || undefined,
      destination: destination || undefined,
      bypassKeyFile,
      transferId: randomUUID(),
    });
  } catch (error) {
    if (!(error instanceof InvalidTransferSpec)) throw error;
    throw new SourceError('BAD_INPUT', error.message, { source: 'gateway', cause: error });
  }
}

/** What is to be said of a spec, and the spec itself when it can be run. */
export function validateSpec(raw: unknown, agent: TransferAgent | undefined) {
  const issues = validateTransferSpec(raw, agent);
  return { issues, spec: refusalOf(issues) === undefined ? readTransferSpec(raw) : undefined };
}

import { type CallMeter, classOf } from './call-meter.ts';
import { SourceError } from './source-error.ts';
import type { TransportLogger } from './transport.ts';
import type { UpstreamRequest, UpstreamResponse } from './upstream.ts';

/** What sees the attempts of calls to one source. */
export interface Attempts {
  readonly settings: { readonly source: string };
  readonly logger: TransportLogger;
  readonly meter: CallMeter;
  readonly onAnswer?: ((response: UpstreamResponse) => void) | undefined;
  inFlight: number;
}

/** Makes one attempt of a call, with a line in the log and a note to the meter. @throws what the attempt throws */
export async function observeAttempt(
  attempts: Attempts,
  { operation }: UpstreamRequest,
  make: () => Promise<UpstreamResponse>,
): Promise<UpstreamResponse> {
  const { settings, logger, meter, onAnswer } = attempts;
  const fields = { source: settings.source, operation };
  const started = performance.now();
  attempts.inFlight += 1;
  try {
    const response = await make();
    onAnswer?.(response);
    const elapsedMs = performance.now() - started;
    meter.noteCall(operation, classOf(response.status), elapsedMs);
    logger.debug({ ...fields, status: response.status, elapsedMs: Math.round(elapsedMs) }, 'upstream call');
    return response;
  } catch (error) {
    const elapsedMs = performance.now() - started;
    const code = error instanceof SourceError ? error.code : 'INTERNAL';
    meter.noteCall(operation, code, elapsedMs);
    logger.warn({ ...fields, code, elapsedMs: Math.round(elapsedMs) }, 'upstream call failed');
    throw error;
  } finally {
    attempts.inFlight -= 1;
  }
}

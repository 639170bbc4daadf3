import { SourceError } from '../../transport/source-error.ts';
import { readInfo } from './client/node-info.ts';
import type { NodeConnection } from './connection.ts';
import type { NodeInfo, SourceHealth } from './types.ts';

/** Beyond this, tokens that one clock takes for valid are not so to the other. */
const TOLERATED_OFFSET_MS = 60_000;

function clockDetail(source: string, info: NodeInfo, now: number): string | undefined {
  const offsetMs = info.currentTime === undefined ? 0 : info.currentTime.getTime() - now;
  if (Math.abs(offsetMs) <= TOLERATED_OFFSET_MS) return undefined;
  const seconds = Math.round(Math.abs(offsetMs) / 1000);
  return `The clock of ${source} is ${seconds} s ${offsetMs > 0 ? 'ahead of' : 'behind'} the gateway's.`;
}

/** One `GET /info`: whether the node answers and takes the gateway's credential. */
export async function checkHealth(connection: NodeConnection): Promise<SourceHealth> {
  const started = performance.now();
  const elapsed = () => Math.round(performance.now() - started);
  const unchanging = { credentialExpiresAt: undefined };
  try {
    const info = await readInfo(connection);
    const detail = clockDetail(connection.source, info, connection.now());
    return { ...unchanging, reachable: true, latencyMs: elapsed(), version: info.version, detail };
  } catch (error) {
    const detail = error instanceof SourceError ? error.message : `${connection.source} could not be checked.`;
    return { ...unchanging, reachable: false, latencyMs: elapsed(), version: undefined, detail };
  }
}

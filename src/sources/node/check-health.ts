import { SourceError } from '../../transport/source-error.ts';
import { ping, readInfo } from './client/node-info.ts';
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

type Finding = Pick<SourceHealth, 'version' | 'detail'>;

/** Health by one call that finds out what it can. */
async function healthBy(source: string, ask: () => Promise<Finding>): Promise<SourceHealth> {
  const started = performance.now();
  const elapsed = () => Math.round(performance.now() - started);
  const unchanging = { credentialExpiresAt: undefined };
  try {
    return { ...unchanging, reachable: true, ...(await ask()), latencyMs: elapsed() };
  } catch (error) {
    const detail = error instanceof SourceError ? error.message : `${source} could not be checked.`;
    return { ...unchanging, reachable: false, latencyMs: elapsed(), version: undefined, detail };
  }
}

/** One `GET /info`: whether the node answers and takes the gateway's credential. */
export const checkHealth = (connection: NodeConnection): Promise<SourceHealth> =>
  healthBy(connection.source, async () => {
    const info = await readInfo(connection);
    return { version: info.version, detail: clockDetail(connection.source, info, connection.now()) };
  });

/** One `GET /ping`, which needs no credential: whether a node answers. Where callers send theirs, that is all there is. */
export const checkReachable = (connection: NodeConnection): Promise<SourceHealth> =>
  healthBy(connection.source, async () => {
    const { source } = connection;
    await ping(connection);
    const detail = `${source} answers. It is called with its callers’ tokens, so its version and clock are not known here.`;
    return { version: undefined, detail };
  });

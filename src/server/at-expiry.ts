import type { Viewer } from '../identity/viewer.ts';

/** setTimeout cannot wait longer than this; a credential that lives longer outlives every connection. */
const MAX_TIMER_MS = 2_147_483_647;

/** Acts when the viewer's credential ends. Call what it gives when that is no longer of interest. */
export function atExpiry({ expiresAt }: Viewer, act: () => void): () => void {
  const lifeMs = (expiresAt?.getTime() ?? Number.POSITIVE_INFINITY) - Date.now();
  if (lifeMs > MAX_TIMER_MS) return () => undefined;
  const timer = setTimeout(act, lifeMs);
  return () => clearTimeout(timer);
}

import type { UpstreamTokens } from '../context/upstream-tokens.ts';
import type { Viewer } from '../identity/viewer.ts';
import type { Signal } from '../transport/signal.ts';
import type { Observation } from './operation-log.ts';

/** What a door says of an operation before it starts. */
export interface DoorContext {
  /** Settled by the door; over HTTP by the Authorization header, over WebSocket by connection_init. */
  viewer?: Viewer;
  /** What the caller sends along for the sources, by the same way; none where no source wants it. */
  upstreamTokens?: UpstreamTokens | undefined;
  /** Aborted when nobody waits for the answer any more. */
  readonly signal?: Signal;
  /** Called when the operation turns out to be a subscription, which has no end of its own. */
  readonly onStream?: (viewer: Viewer) => void;
  /** Ends the connection of a client that does not read its answer. */
  readonly cut?: () => void;
  /** The operation as the log and the metrics see it. */
  readonly observation?: Observation;
}

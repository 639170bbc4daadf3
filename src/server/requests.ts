import type { ServerResponse } from 'node:http';
import { ClientGone } from '../context/end-of-operation.ts';
import type { Viewer } from '../identity/viewer.ts';
import { createAborter, type Signal } from '../transport/signal.ts';
import { atExpiry } from './at-expiry.ts';
import type { DoorContext } from './door-context.ts';
import type { Observation } from './operation-log.ts';

/** A request whose client is watched. */
export interface BegunRequest extends DoorContext {
  readonly signal: Signal;
  readonly observation: Observation;
}

/** The HTTP requests that are being answered. */
export interface Requests {
  /** Follows a request to the end of its answer. */
  begin(reply: ServerResponse, observation: Observation): BegunRequest;
  /** Cuts subscriptions, which have no end, and resolves when every other answer has been sent. */
  drain(): Promise<void>;
}

const clientGone = new ClientGone();

export function createRequests(): Requests {
  let open = 0;
  const streams = new Set<ServerResponse>();
  let onEmpty: (() => void) | undefined;
  return {
    begin: (reply, observation) => {
      const aborter = createAborter();
      open += 1;
      reply.once('close', () => {
        open -= 1;
        streams.delete(reply);
        aborter.abort(clientGone);
        if (open === 0) onEmpty?.();
      });
      const onStream = (viewer: Viewer) => {
        streams.add(reply);
        // Cut, not completed, so that the client comes back with a new credential.
        reply.once(
          'close',
          atExpiry(viewer, () => reply.destroy()),
        );
        if (onEmpty) reply.destroy();
      };
      return { signal: aborter.signal, onStream, cut: () => void reply.destroy(), observation };
    },
    drain: () =>
      new Promise((resolve) => {
        onEmpty = resolve;
        if (open === 0) resolve();
        for (const reply of streams) reply.destroy();
      }),
  };
}

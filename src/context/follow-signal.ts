import type { Deadline, Deadlines } from '../transport/deadlines.ts';
import { createAborter, type Signal } from '../transport/signal.ts';
import { OperationTimedOut } from './end-of-operation.ts';

/** A signal that ends with another one, or earlier. */
export interface Follower {
  readonly signal: Signal;
  /** Ends it after this time. */
  limit(milliseconds: number): void;
  /** Leaves nothing behind: from now on neither the time nor the other signal ends it. */
  release(): void;
  /** Ends it now. */
  end(reason: unknown): void;
}

export function followSignal(leader: Signal, deadlines: Deadlines): Follower {
  const aborter = createAborter();
  let deadline: Deadline | undefined;
  const release = () => {
    deadline?.cancel();
    leader.removeEventListener('abort', follow);
  };
  const end = (reason: unknown) => {
    release();
    aborter.abort(reason);
  };
  const follow = () => end(leader.reason);
  if (leader.aborted) follow();
  else leader.addEventListener('abort', follow, { once: true });
  return {
    signal: aborter.signal,
    limit: (milliseconds) => {
      deadline = deadlines.after(milliseconds, () => end(new OperationTimedOut(milliseconds)));
    },
    release,
    end,
  };
}

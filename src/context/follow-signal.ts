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

export function followSignal(leader: Signal): Follower {
  const aborter = createAborter();
  let timer: NodeJS.Timeout | undefined;
  const release = () => {
    clearTimeout(timer);
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
      timer = setTimeout(() => end(new OperationTimedOut(milliseconds)), milliseconds);
    },
    release,
    end,
  };
}

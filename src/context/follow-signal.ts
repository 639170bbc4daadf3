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

class OwnFollower implements Follower {
  readonly #aborter = createAborter();
  readonly #leader: Signal;
  readonly #deadlines: Deadlines;
  readonly #follow = () => this.end(this.#leader.reason);
  #deadline: Deadline | undefined;

  constructor(leader: Signal, deadlines: Deadlines) {
    this.#leader = leader;
    this.#deadlines = deadlines;
    if (leader.aborted) this.#follow();
    else leader.addEventListener('abort', this.#follow, { once: true });
  }

  get signal(): Signal {
    return this.#aborter.signal;
  }

  limit(milliseconds: number): void {
    this.#deadline = this.#deadlines.after(milliseconds, () => this.end(new OperationTimedOut(milliseconds)));
  }

  release(): void {
    this.#deadline?.cancel();
    this.#leader.removeEventListener('abort', this.#follow);
  }

  end(reason: unknown): void {
    this.release();
    this.#aborter.abort(reason);
  }
}

export const followSignal = (leader: Signal, deadlines: Deadlines): Follower => new OwnFollower(leader, deadlines);

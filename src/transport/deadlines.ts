/** Something that is to happen unless it is called off before. */
export interface Deadline {
  cancel(): void;
}

/** Milliseconds by which a deadline may come late. */
const TICK_MS = 20;

interface Waiting extends Deadline {
  readonly atMs: number;
  readonly passed: () => void;
}

/**
 * Deadlines of everything that is under way, by one timer for all: most are called off long before, and a timer for each
 * would cost more than it gives.
 */
export function createDeadlines() {
  const waiting = new Set<Waiting>();
  let timer: NodeJS.Timeout | undefined;
  const look = () => {
    const now = performance.now();
    for (const deadline of waiting) {
      if (deadline.atMs > now) continue;
      waiting.delete(deadline);
      deadline.passed();
    }
    if (waiting.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
  return {
    /** Calls this once so many milliseconds have passed, and up to 20 more. */
    after: (milliseconds: number, passed: () => void): Deadline => {
      const deadline: Waiting = {
        atMs: performance.now() + milliseconds,
        passed,
        cancel: () => void waiting.delete(deadline),
      };
      waiting.add(deadline);
      timer ??= setInterval(look, TICK_MS);
      return deadline;
    },
  };
}

export type Deadlines = ReturnType<typeof createDeadlines>;

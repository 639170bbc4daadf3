/** Something that is to happen unless it is called off before. */
export interface Deadline {
  cancel(): void;
}

/** Milliseconds by which a deadline may come late. */
const TICK_MS = 20;

interface Waiting extends Deadline {
  readonly atMs: number;
  readonly passed: () => void;
  /** Where it stands in the list; -1 once it has left. */
  index: number;
}

/**
 * A list from which anything leaves in one step. Not a Set: what leaves a Set stays reachable through the tables that it
 * has outgrown, until the next full collection of garbage, and with it all of the call that it belonged to.
 */
function createList() {
  const list: Waiting[] = [];
  return {
    list,
    add: (waiting: Waiting) => {
      waiting.index = list.length;
      list.push(waiting);
    },
    remove: (waiting: Waiting) => {
      const { index } = waiting;
      const last = list.at(-1);
      if (index < 0 || !last) return;
      list[index] = last;
      last.index = index;
      list.pop();
      waiting.index = -1;
    },
  };
}

/**
 * Deadlines of everything that is under way, by one timer for all: most are called off long before, and a timer for each
 * would cost more than it gives.
 */
export function createDeadlines() {
  const { list, add, remove } = createList();
  let timer: NodeJS.Timeout | undefined;
  const look = () => {
    const now = performance.now();
    for (const deadline of list.filter(({ atMs }) => atMs <= now)) {
      // One that has passed may have called off another.
      if (deadline.index < 0) continue;
      remove(deadline);
      deadline.passed();
    }
    if (list.length > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
  return {
    /** Calls this once so many milliseconds have passed, and up to 20 more. */
    after: (milliseconds: number, passed: () => void): Deadline => {
      const deadline: Waiting = {
        atMs: performance.now() + milliseconds,
        passed,
        index: -1,
        cancel: () => remove(deadline),
      };
      add(deadline);
      // What is waited for keeps the process by itself.
      timer ??= setInterval(look, TICK_MS).unref();
      return deadline;
    },
  };
}

export type Deadlines = ReturnType<typeof createDeadlines>;

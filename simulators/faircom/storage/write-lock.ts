/** Lets one writer at a time into a database; the others wait in line. */
export interface WriteLock {
  /** True once the caller holds the lock; false when that took longer than `timeoutMs`. */
  acquire(timeoutMs: number): Promise<boolean>;
  release(): void;
  /** Sends everyone who waits away. */
  close(): void;
}

interface Waiter {
  readonly settle: (acquired: boolean) => void;
  readonly timer: NodeJS.Timeout;
}

export function createWriteLock(): WriteLock {
  let isHeld = false;
  let waiting: Waiter[] = [];
  const wait = (timeoutMs: number) =>
    new Promise<boolean>((settle) => {
      const timer = setTimeout(() => {
        waiting = waiting.filter((waiter) => waiter.timer !== timer);
        settle(false);
      }, timeoutMs);
      waiting.push({ settle, timer });
    });
  return {
    acquire: (timeoutMs) => {
      if (isHeld) return wait(timeoutMs);
      isHeld = true;
      return Promise.resolve(true);
    },
    release: () => {
      const next = waiting.shift();
      isHeld = next !== undefined;
      if (!next) return;
      clearTimeout(next.timer);
      next.settle(true);
    },
    close: () => {
      for (const { timer, settle } of waiting.splice(0)) {
        clearTimeout(timer);
        settle(false);
      }
    },
  };
}

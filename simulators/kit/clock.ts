/** Where a simulator reads the time, so that a test can move it without waiting. */
export interface Clock {
  /** Milliseconds since 1970, as `Date.now()`. */
  now(): number;
}

/** A clock that runs with the machine, shifted by whatever `advance` has added. */
export interface MovableClock extends Clock {
  advance(milliseconds: number): void;
}

export function createClock(): MovableClock {
  let offsetMs = 0;
  return {
    now: () => Date.now() + offsetMs,
    advance: (milliseconds) => {
      offsetMs += milliseconds;
    },
  };
}

/** What a process holds. */
export interface Memory {
  /** Bytes that live, inside and outside of the heap. */
  readonly liveBytes: number;
  readonly residentBytes: number;
}

/** Collects garbage first, so that only what lives is counted. */
export function memory(): Memory {
  for (let round = 0; round < 3; round += 1) global.gc?.();
  const { heapUsed, external, rss } = process.memoryUsage();
  return { liveBytes: heapUsed + external, residentBytes: rss };
}

/** CPU time that the process has used so far. */
export function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
}

/** What the polls of one source have come to since the start. */
export interface PollCounts {
  /** Polls that go on at the moment: each stands for everybody who watches one thing as one identity. */
  running: number;
  /** Times that the source was polled. */
  done: number;
  /** Of these, the ones that failed. */
  failed: number;
}

export const newPollCounts = (): PollCounts => ({ running: 0, done: 0, failed: 0 });

/** The counts of several sources. */
export interface AllPollCounts {
  /** Those of the source with this name; made when first asked for. */
  of(source: string): PollCounts;
  /** By the name of the source. */
  readonly all: ReadonlyMap<string, Readonly<PollCounts>>;
}

export function createPollCounts(): AllPollCounts {
  const all = new Map<string, PollCounts>();
  return {
    all,
    of: (source) => {
      const counts = all.get(source) ?? newPollCounts();
      all.set(source, counts);
      return counts;
    },
  };
}

import { newPollCounts, type PollCounts } from './poll-counts.ts';

/** How long to wait after a poll. */
export interface Rest {
  readonly milliseconds: number;
  /** The source is being spared: nobody who comes may shorten it. */
  readonly isFirm: boolean;
}

export interface PollerOptions {
  /** Milliseconds between polls when somebody has just come, unless the source is being spared. */
  readonly intervalMs: number;
  /** One poll; it never rejects. */
  readonly poll: (signal: AbortSignal) => Promise<Rest>;
  readonly counts?: PollCounts | undefined;
}

/** Polls again and again while it is started, never twice at a time. */
export interface Poller {
  /** Starts, or, when it runs, brings the next poll near: somebody has come. */
  start(): void;
  /** Stops, and aborts a poll under way. */
  stop(): void;
}

interface State {
  readonly options: PollerOptions;
  readonly counts: PollCounts;
  aborter: AbortController | undefined;
  /** The run under way, or the last one: the next begins when it is over. */
  run: Promise<void>;
  /** When the last poll ended, on a clock that nobody sets. */
  endedAtMs: number;
  rest: Rest;
  isHurried: boolean;
  wake: (() => void) | undefined;
}

/** The longest that setTimeout can wait for. */
const MAX_TIMER_MS = 2_147_483_647;

/** The rest outlasts a stop: subscribers that come and go do not make polls more frequent than one that stays. */
function leftMs({ options, rest, endedAtMs, isHurried }: State): number {
  const isShort = isHurried && !rest.isFirm;
  const milliseconds = isShort ? Math.min(rest.milliseconds, options.intervalMs) : rest.milliseconds;
  return endedAtMs + milliseconds - performance.now();
}

const pause = (state: State, milliseconds: number, signal: AbortSignal) =>
  new Promise<void>((resolve) => {
    const finish = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', finish);
      state.wake = undefined;
      resolve();
    };
    const timer = setTimeout(finish, Math.min(milliseconds, MAX_TIMER_MS));
    signal.addEventListener('abort', finish, { once: true });
    state.wake = finish;
  });

async function pollWhileStarted(state: State, before: Promise<void>, signal: AbortSignal): Promise<void> {
  await before;
  while (!signal.aborted) {
    const milliseconds = leftMs(state);
    if (milliseconds > 0) {
      await pause(state, milliseconds, signal);
      continue;
    }
    state.isHurried = false;
    state.counts.done += 1;
    state.rest = await state.options.poll(signal);
    state.endedAtMs = performance.now();
  }
}

export function createPoller(options: PollerOptions): Poller {
  const { counts = newPollCounts() } = options;
  const state: State = {
    options,
    counts,
    aborter: undefined,
    run: Promise.resolve(),
    endedAtMs: performance.now(),
    rest: { milliseconds: 0, isFirm: false },
    isHurried: false,
    wake: undefined,
  };
  return {
    start: () => {
      state.isHurried = true;
      state.wake?.();
      if (state.aborter) return;
      state.aborter = new AbortController();
      counts.running += 1;
      state.run = pollWhileStarted(state, state.run, state.aborter.signal);
    },
    stop: () => {
      if (!state.aborter) return;
      counts.running -= 1;
      state.aborter.abort();
      state.aborter = undefined;
    },
  };
}

import type { Viewer } from './viewer.ts';

/** Tokens that were verified a moment ago, so that a caller who comes again at once is not verified again. */
export interface Verdicts {
  /** Who the token with this hash belongs to; undefined when it has to be verified. */
  find(hash: string): Viewer | undefined;
  /** Keeps what the verification of a token has found, until this moment at the latest, in milliseconds since 1970. */
  keep(hash: string, viewer: Viewer, untilMs: number): void;
  /** Forgets everything: the keys that tokens were verified with are no longer the same. */
  clear(): void;
}

/** Tokens that came since the start. */
export interface VerdictCounts {
  /** Those that had been verified a moment ago. */
  hits: number;
  /** Those that had to be verified. */
  misses: number;
}

/** For so long a token may still be taken that has been withdrawn meanwhile: its issuer tells nobody. */
const LIFE_MS = 60_000;

const MAX_VERDICTS = 10_000;

interface Verdict {
  readonly viewer: Viewer;
  /** When the token was verified; before that it may not have been valid yet. */
  readonly fromMs: number;
  readonly untilMs: number;
}

/** The tokens themselves are not kept, only their hashes. */
export function createVerdicts(now = () => Date.now()): Verdicts {
  // The oldest first: all live equally long, so that those are the ones that end next.
  const verdicts = new Map<string, Verdict>();
  return {
    find: (hash) => {
      const found = verdicts.get(hash);
      const nowMs = now();
      return found && found.fromMs <= nowMs && nowMs < found.untilMs ? found.viewer : undefined;
    },
    keep: (hash, viewer, untilMs) => {
      const fromMs = now();
      verdicts.delete(hash);
      verdicts.set(hash, { viewer, fromMs, untilMs: Math.min(untilMs, fromMs + LIFE_MS) });
      const [oldest] = verdicts.keys();
      if (verdicts.size > MAX_VERDICTS && oldest !== undefined) verdicts.delete(oldest);
    },
    clear: () => verdicts.clear(),
  };
}

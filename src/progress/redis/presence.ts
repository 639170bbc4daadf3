import type { Watched } from '../watchers.ts';

/** What a process has to say about what its subscribers watch. */
export interface PresenceChange {
  /** Whether `more` is everything. */
  readonly isWhole: boolean;
  readonly more: readonly string[];
  readonly less: readonly string[];
}

/** What the subscribers of this process watch, as the others are told, and what those of all processes do. */
export interface Presence {
  /** What has changed since the last call; everything after `forget`. */
  take(): PresenceChange;
  /** What was said may not have been heard. */
  forget(): void;
  /** Takes up what all processes together watch. */
  noteAll(names: readonly string[]): void;
  /** What anybody watches, here or elsewhere. */
  readonly watched: Watched;
}

const EVERYTHING = '*';
/** Before an id, so that none is taken for everything. */
const ID = '=';

const namesOf = (watched: Watched) =>
  new Set([...(watched.everything ? [EVERYTHING] : []), ...[...watched.ids()].map((id) => `${ID}${id}`)]);

export function createPresence(own: Watched): Presence {
  let said: ReadonlySet<string> | undefined;
  let all: ReadonlySet<string> = new Set();
  const watchedAnywhere = () =>
    new Set([...own.ids(), ...[...all].filter((name) => name.startsWith(ID)).map((name) => name.slice(ID.length))]);
  return {
    take: () => {
      const names = namesOf(own);
      const before = said;
      said = names;
      if (!before) return { isWhole: true, more: [...names], less: [] };
      const more = [...names].filter((name) => !before.has(name));
      return { isWhole: false, more, less: [...before].filter((name) => !names.has(name)) };
    },
    forget: () => {
      said = undefined;
    },
    noteAll: (names) => {
      all = new Set(names);
    },
    watched: {
      get everything() {
        return own.everything || all.has(EVERYTHING);
      },
      has: (id) => own.has(id) || all.has(`${ID}${id}`),
      ids: () => watchedAnywhere().values(),
    },
  };
}

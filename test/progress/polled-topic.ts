import { createTopic, type PollResult, type TopicSettings } from '../../src/progress/topic.ts';
import type { TopicEvent, Watch, WatchOptions } from '../../src/progress/types.ts';
import type { Watched } from '../../src/progress/watchers.ts';
import { SourceError, type SourceErrorCode } from '../../src/transport/source-error.ts';

/** Something that a test's source tells of. */
export interface Thing {
  readonly id: string;
  readonly n: number;
}

type Answer = Partial<PollResult<Thing>>;
type Poll = (signal: AbortSignal, watched: Watched) => Answer | Promise<Answer>;

export const thing = (id: string, n: number): Thing => ({ id, n });

export const failure = (code: SourceErrorCode, retryAfterMs?: number) =>
  new SourceError(code, code, { source: 'london', ...(retryAfterMs === undefined ? {} : { retryAfterMs }) });

const settings = { intervalMs: 1_000, idleIntervalMs: 5_000, maxAgeMs: 900_000, maxEntries: 100 };

/** A topic whose source does what the test says: the next answers in turn, and then what it always answers. */
export function openTopic(changes: Partial<TopicSettings> = {}) {
  const next: Poll[] = [];
  const polls: { readonly atMs: number; readonly signal: AbortSignal }[] = [];
  const source = { always: (() => ({})) as Poll };
  const warnings: object[] = [];
  const topic = createTopic<Thing>({
    key: 'a topic',
    settings: { ...settings, ...changes },
    idOf: ({ id }) => id,
    // Not async: a source that throws at once must do no harm.
    poll: (signal, watched) => {
      polls.push({ atMs: Date.now(), signal });
      const answer = (next.shift() ?? source.always)(signal, watched);
      return Promise.resolve(answer).then((found) => ({ changes: [], busy: true, startsAnew: false, ...found }));
    },
    logger: { debug: () => undefined, warn: (fields) => void warnings.push(fields) },
  });
  const tell = (...changed: Thing[]) => next.push(() => ({ changes: changed }));
  return { topic, polls, next, tell, source, warnings };
}

export type Told = Thing | 'gap' | { readonly error: unknown } | 'over';

/** What a subscriber is told, as it reads everything at once. */
export interface Reader {
  readonly told: Told[];
  readonly cursors: string[];
  readonly watch: Watch<Thing>;
}

async function readAll({ told, cursors, watch }: Reader): Promise<void> {
  try {
    for (;;) {
      const { done, value } = await watch.next();
      if (done) break;
      const event = value as TopicEvent<Thing>;
      told.push(event.kind === 'gap' ? 'gap' : event.value);
      cursors.push(event.cursor);
    }
    told.push('over');
  } catch (error) {
    told.push({ error });
  }
}

export function subscribe(
  topic: { watch(options: WatchOptions<Thing>): Watch<Thing> },
  options: WatchOptions<Thing> = {},
): Reader {
  const reader: Reader = { told: [], cursors: [], watch: topic.watch(options) };
  void readAll(reader);
  return reader;
}

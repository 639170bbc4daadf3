import type { TopicOptions } from './topic.ts';

/**
 * A poll that several processes take turns at: each follows what the others tell, so that whoever goes on tells nothing
 * twice and misses nothing.
 */
export interface ResumablePoll<T> {
  readonly poll: TopicOptions<T>['poll'];
  /** Where the next poll goes on, as text that another process understands; undefined when it needs no such thing. */
  place(): string | undefined;
  /** Goes on from there: another process has polled until then. A text that means nothing here is a beginning. */
  goOnFrom(place: string | undefined): void;
  /** Takes note of what another process has told. */
  heard(value: T): void;
  /** What the last poll found has not been told after all: it must be found again. */
  unheard(values: readonly T[]): void;
}

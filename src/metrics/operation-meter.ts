import type { OperationKind } from '../server/operation-facts.ts';
import type { Door, OperationMeter, Outcome } from '../server/operation-log.ts';
import { addTo, type Buckets, createBuckets } from './buckets.ts';

/** Seconds. An operation that is answered from memory takes less than the first, one that is given up some thirty. */
export const OPERATION_SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

/** All codes are words of ours and of the libraries; this is in case one of them ever lets a caller choose. */
const MAX_CODES = 64;

/** Those that somebody may have an alert on are there from the start: a rate has to begin at nothing. */
const watchedCodes = [
  ...['INTERNAL', 'OPERATION_TIMEOUT', 'UNAUTHENTICATED', 'IDENTITY_PROVIDER_UNAVAILABLE', 'FORBIDDEN'],
  ...['SOURCE_UNREACHABLE', 'SOURCE_TIMEOUT', 'SOURCE_UNAVAILABLE', 'SOURCE_RATE_LIMITED', 'SOURCE_BAD_ANSWER'],
  ...['SOURCE_UNAUTHENTICATED', 'SOURCE_FORBIDDEN'],
];

/** What a meter of operations has counted since the start. */
export interface OperationNumbers {
  /** Seconds until operations were answered, by what they were. */
  durations(): Iterable<readonly [Buckets, kind: OperationKind, outcome: Outcome, door: Door]>;
  /** Errors that callers were told, by their code. */
  readonly codes: ReadonlyMap<string, number>;
  /** Subscriptions that have ended. */
  readonly ended: Readonly<Record<'ok' | 'failed', number>>;
}

type Durations = Partial<Record<OperationKind, Partial<Record<Outcome, Partial<Record<Door, Buckets>>>>>>;

const entries = <Key extends string, Value>(record: Partial<Record<Key, Value>>) =>
  Object.entries(record) as [Key, Value][];

function* flatten(durations: Durations): ReturnType<OperationNumbers['durations']> {
  for (const [kind, outcomes] of entries(durations)) {
    for (const [outcome, doors] of entries(outcomes)) {
      for (const [door, buckets] of entries(doors)) yield [buckets, kind, outcome, door];
    }
  }
}

/** Counts operations. By nothing that has the name of an operation or of a viewer: there is no end to those. */
export function createOperationMeter(): { readonly meter: OperationMeter; readonly numbers: OperationNumbers } {
  const durations: Durations = {};
  const codes = new Map(watchedCodes.map((code) => [code, 0]));
  const ended = { ok: 0, failed: 0 };
  const open = (kind: OperationKind, outcome: Outcome, door: Door): Buckets => {
    const buckets = createBuckets(OPERATION_SECONDS);
    const ofKind = durations[kind] ?? {};
    durations[kind] = { ...ofKind, [outcome]: { ...ofKind[outcome], [door]: buckets } };
    return buckets;
  };
  return {
    meter: {
      noteOperation: ({ door, facts }, outcome, milliseconds) => {
        const kind = facts?.kind ?? 'unknown';
        addTo(durations[kind]?.[outcome]?.[door] ?? open(kind, outcome, door), milliseconds / 1000);
      },
      noteError: (code) => {
        const known = codes.has(code) || codes.size < MAX_CODES ? code : 'OTHER';
        codes.set(known, (codes.get(known) ?? 0) + 1);
      },
      noteSubscriptionEnd: (outcome) => {
        ended[outcome] += 1;
      },
    },
    numbers: { durations: () => flatten(durations), codes, ended },
  };
}

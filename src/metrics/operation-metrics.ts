import { Histogram, type Registry } from 'prom-client';
import type { OperationKind } from '../server/operation-facts.ts';
import type { Door, OperationMeter, Outcome } from '../server/operation-log.ts';
import { readCounter } from './read-on-scrape.ts';

/** Seconds. An operation that is answered from memory takes less than the first, one that is given up some thirty. */
const DURATIONS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

/** All codes are words of ours and of the libraries; this is in case one of them ever lets a caller choose. */
const MAX_CODES = 64;

/** Those that somebody may have an alert on are there from the start: a rate has to begin at nothing. */
const watchedCodes = [
  ...['INTERNAL', 'OPERATION_TIMEOUT', 'UNAUTHENTICATED', 'IDENTITY_PROVIDER_UNAVAILABLE', 'FORBIDDEN'],
  ...['SOURCE_UNREACHABLE', 'SOURCE_TIMEOUT', 'SOURCE_UNAVAILABLE', 'SOURCE_RATE_LIMITED', 'SOURCE_BAD_ANSWER'],
  ...['SOURCE_UNAUTHENTICATED', 'SOURCE_FORBIDDEN'],
];

interface Duration {
  observe(seconds: number): void;
}

type Children = Partial<Record<OperationKind, Partial<Record<Outcome, Partial<Record<Door, Duration>>>>>>;

/** The children of the histogram, by names that are looked up at once: to put a key together costs as much as all else. */
function createDurations(registry: Registry) {
  const histogram = new Histogram({
    name: 'aspera_gateway_operation_duration_seconds',
    help: 'Time until an operation was answered; of a subscription, until it had begun.',
    labelNames: ['kind', 'outcome', 'door'] as const,
    buckets: DURATIONS,
    registers: [registry],
  });
  const children: Children = {};
  const open = (kind: OperationKind, outcome: Outcome, door: Door) => {
    const ofKind = children[kind] ?? {};
    const ofOutcome = ofKind[outcome] ?? {};
    const duration: Duration = histogram.labels({ kind, outcome, door });
    children[kind] = { ...ofKind, [outcome]: { ...ofOutcome, [door]: duration } };
    return duration;
  };
  return (kind: OperationKind, outcome: Outcome, door: Door): Duration =>
    children[kind]?.[outcome]?.[door] ?? open(kind, outcome, door);
}

/** Numbers about operations. None of them has the name of an operation or of a viewer: there is no end to those. */
export function createOperationMetrics(registry: Registry): OperationMeter {
  const durationOf = createDurations(registry);
  const codes = new Map(watchedCodes.map((code) => [code, 0]));
  const ended = { ok: 0, failed: 0 };
  readCounter(registry, {
    name: 'aspera_gateway_errors_total',
    help: 'Errors that callers were told, by their code.',
    labels: ['code'],
    read: () => [...codes].map(([code, count]) => [count, code]),
  });
  readCounter(registry, {
    name: 'aspera_gateway_subscriptions_ended_total',
    help: 'Subscriptions that had begun and have ended: ok because their client left or there is no more to tell.',
    labels: ['outcome'],
    read: () => Object.entries(ended).map(([outcome, count]) => [count, outcome]),
  });
  return {
    noteOperation: ({ door, facts }, outcome, milliseconds) =>
      durationOf(facts?.kind ?? 'unknown', outcome, door).observe(milliseconds / 1000),
    noteError: (code) => {
      const known = codes.has(code) || codes.size < MAX_CODES ? code : 'OTHER';
      codes.set(known, (codes.get(known) ?? 0) + 1);
    },
    noteSubscriptionEnd: (outcome) => {
      ended[outcome] += 1;
    },
  };
}

import { Histogram, type Registry } from 'prom-client';
import type { CallMeter, WayState } from '../transport/call-meter.ts';
import { readCounter, readGauge } from './read-on-scrape.ts';

/** Seconds. A server next door answers within the first few; the longest deadlines are minutes. */
const DURATIONS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];

/** What is counted of one operation of one source. */
interface CallNumbers {
  readonly duration: { observe(seconds: number): void };
  /** Attempts, by how they ended. */
  readonly outcomes: Map<string, number>;
}

interface SourceNumbers {
  readonly calls: Map<string, CallNumbers>;
  readonly tokens: { fetched: number; failed: number };
  state: (() => WayState) | undefined;
}

type Sources = ReadonlyMap<string, SourceNumbers>;

const circuits = ['closed', 'open', 'trying'] as const;

function describeCalls(registry: Registry, sources: Sources): void {
  readCounter(registry, {
    name: 'aspera_gateway_upstream_calls_total',
    help: 'Attempts of calls to a source, by how they ended: the class of a status, or the code of an error.',
    labels: ['source', 'operation', 'outcome'],
    read: function* () {
      for (const [source, { calls }] of sources) {
        for (const [operation, { outcomes }] of calls) {
          for (const [outcome, count] of outcomes) yield [count, source, operation, outcome];
        }
      }
    },
  });
  readCounter(registry, {
    name: 'aspera_gateway_upstream_tokens_total',
    help: 'Credentials that were fetched, minted or opened for a source, and the times that this failed.',
    labels: ['source', 'outcome'],
    read: function* () {
      for (const [source, { tokens }] of sources) {
        for (const [outcome, count] of Object.entries(tokens)) yield [count, source, outcome];
      }
    },
  });
}

function describeWays(registry: Registry, sources: Sources): void {
  const states = () => [...sources].flatMap(([name, { state }]) => (state ? [[name, state()] as const] : []));
  readGauge(registry, {
    name: 'aspera_gateway_upstream_calls_in_flight',
    help: 'Attempts of calls to a source that have not been answered.',
    labels: ['source'],
    read: () => states().map(([source, { inFlight }]) => [inFlight, source]),
  });
  readGauge(registry, {
    name: 'aspera_gateway_upstream_circuit',
    help: 'Whether the circuit to a source is in this state: open while the source is left alone after failures.',
    labels: ['source', 'state'],
    read: () =>
      states().flatMap(([source, { circuit }]) =>
        circuits.map((state) => [Number(state === circuit), source, state] as const),
      ),
  });
  readGauge(registry, {
    name: 'aspera_gateway_upstream_sockets',
    help: 'Sockets to a source that are connected.',
    labels: ['source'],
    read: () => states().flatMap(([source, { sockets }]) => (sockets ? [[sockets.open, source] as const] : [])),
  });
  readGauge(registry, {
    name: 'aspera_gateway_upstream_calls_waiting',
    help: 'Calls to a source that wait for a socket, because all of its pool are in use.',
    labels: ['source'],
    read: () => states().flatMap(([source, { sockets }]) => (sockets ? [[sockets.waiting, source] as const] : [])),
  });
}

function createMeter(numbers: SourceNumbers, open: (operation: string) => CallNumbers): CallMeter {
  const { calls, tokens } = numbers;
  return {
    noteCall: (operation, outcome, milliseconds) => {
      const { duration, outcomes } = calls.get(operation) ?? open(operation);
      duration.observe(milliseconds / 1000);
      outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
    },
    noteToken: (isFetched) => {
      if (isFetched) tokens.fetched += 1;
      else tokens.failed += 1;
    },
    watch: (read) => {
      numbers.state = read;
    },
  };
}

/** Numbers about the calls to each source. Gives what hears of the calls to the one with this name. */
export function createSourceMetrics(registry: Registry): (source: string) => CallMeter {
  const sources = new Map<string, SourceNumbers>();
  const histogram = new Histogram({
    name: 'aspera_gateway_upstream_call_duration_seconds',
    help: 'Time that an attempt of a call to a source took, however it ended.',
    labelNames: ['source', 'operation'] as const,
    buckets: DURATIONS,
    registers: [registry],
  });
  describeCalls(registry, sources);
  describeWays(registry, sources);
  return (source) => {
    const calls = new Map<string, CallNumbers>();
    const numbers: SourceNumbers = { calls, tokens: { fetched: 0, failed: 0 }, state: undefined };
    sources.set(source, numbers);
    return createMeter(numbers, (operation) => {
      const opened: CallNumbers = { duration: histogram.labels({ source, operation }), outcomes: new Map() };
      calls.set(operation, opened);
      return opened;
    });
  };
}

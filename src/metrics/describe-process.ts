import {
  constants,
  monitorEventLoopDelay,
  type PerformanceEntry,
  PerformanceObserver,
  performance,
} from 'node:perf_hooks';
import { Histogram, type Registry } from 'prom-client';
import { readCounter, readGauge } from './read-on-scrape.ts';

/** Milliseconds between two looks at how late the event loop is. */
const LOOK_MS = 20;

const NANOSECONDS = 1e9;
const MICROSECONDS = 1e6;
const MILLISECONDS = 1e3;

const GC_DURATIONS = [0.001, 0.005, 0.01, 0.05, 0.1, 0.5];

const gcKinds: Readonly<Record<number, string>> = {
  [constants.NODE_PERFORMANCE_GC_MAJOR]: 'major',
  [constants.NODE_PERFORMANCE_GC_MINOR]: 'minor',
  [constants.NODE_PERFORMANCE_GC_INCREMENTAL]: 'incremental',
  [constants.NODE_PERFORMANCE_GC_WEAKCB]: 'weakcb',
};

type Row = readonly [name: string, help: string, read: () => number];

const counters: readonly Row[] = [
  [
    'process_cpu_user_seconds_total',
    'Processor time in the program itself.',
    () => process.cpuUsage().user / MICROSECONDS,
  ],
  [
    'process_cpu_system_seconds_total',
    'Processor time in the system on behalf of the program.',
    () => process.cpuUsage().system / MICROSECONDS,
  ],
  [
    'nodejs_eventloop_active_seconds_total',
    'Time in which the event loop had something to do.',
    () => performance.eventLoopUtilization().active / MILLISECONDS,
  ],
];

const startedAt = () => (performance.timeOrigin ?? 0) / MILLISECONDS;

const gauges: readonly Row[] = [
  ['process_start_time_seconds', 'When the process began, in seconds since 1970.', startedAt],
  ['process_resident_memory_bytes', 'Memory that the process holds.', () => process.memoryUsage.rss()],
  ['nodejs_heap_size_total_bytes', 'Size of the heap.', () => process.memoryUsage().heapTotal],
  ['nodejs_heap_size_used_bytes', 'What of the heap is in use.', () => process.memoryUsage().heapUsed],
  ['nodejs_external_memory_bytes', 'Memory outside of the heap, for buffers.', () => process.memoryUsage().external],
];

/** How late the event loop was since the last scrape: each caller waits so long in addition. */
function describeLag(registry: Registry): () => void {
  const histogram = monitorEventLoopDelay({ resolution: LOOK_MS });
  histogram.enable();
  let lag = { p50: 0, p99: 0, max: 0 };
  const lateness = (nanoseconds: number) => Math.max(0, nanoseconds / NANOSECONDS - LOOK_MS / MILLISECONDS);
  // The first of the three is read first, and begins anew for all of them.
  const look = () => {
    const { max } = histogram;
    lag = { p50: lateness(histogram.percentile(50)), p99: lateness(histogram.percentile(99)), max: lateness(max) };
    histogram.reset();
    return lag.p50;
  };
  const help = (what: string) => `How late the event loop was since the last scrape: ${what}.`;
  const rows: readonly Row[] = [
    ['nodejs_eventloop_lag_p50_seconds', help('every second time less'), look],
    ['nodejs_eventloop_lag_p99_seconds', help('one time in a hundred more'), () => lag.p99],
    ['nodejs_eventloop_lag_max_seconds', help('at most'), () => lag.max],
  ];
  for (const [name, text, read] of rows) readGauge(registry, { name, help: text, labels: [], read: () => [[read()]] });
  return () => void histogram.disable();
}

/** The types of Node.js do not know what is told of a collection. */
function kindOf(entry: PerformanceEntry): string {
  const detail: unknown = 'detail' in entry ? entry.detail : undefined;
  const kind = typeof detail === 'object' && detail !== null && 'kind' in detail ? Number(detail.kind) : 0;
  return gcKinds[kind] ?? 'other';
}

function describeGarbage(registry: Registry): () => void {
  const histogram = new Histogram({
    name: 'nodejs_gc_duration_seconds',
    help: 'Time that collections of garbage took.',
    labelNames: ['kind'] as const,
    buckets: GC_DURATIONS,
    registers: [registry],
  });
  const observer = new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) histogram.observe({ kind: kindOf(entry) }, entry.duration / MILLISECONDS);
  });
  observer.observe({ entryTypes: ['gc'] });
  return () => observer.disconnect();
}

/**
 * Numbers about the process, under names that the library's own have where they mean the same. Those of the library are
 * not used: they go on for ever, they look at each open socket whenever somebody scrapes, and they count one of several
 * collections of garbage that are told together. Gives what ends them.
 */
export function describeProcess(registry: Registry): () => void {
  for (const [name, help, read] of counters) readCounter(registry, { name, help, labels: [], read: () => [[read()]] });
  for (const [name, help, read] of gauges) readGauge(registry, { name, help, labels: [], read: () => [[read()]] });
  const ends = [describeLag(registry), describeGarbage(registry)];
  return () => {
    for (const end of ends) end();
  };
}

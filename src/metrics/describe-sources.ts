import type { Registry } from 'prom-client';
import { readCounter, readGauge, readHistogram } from './read-on-scrape.ts';
import type { AllSourceNumbers } from './source-meter.ts';

const circuits = ['closed', 'open', 'trying'] as const;

function describeCalls(registry: Registry, sources: AllSourceNumbers): void {
  readHistogram(registry, {
    name: 'aspera_gateway_upstream_call_duration_seconds',
    help: 'Time that an attempt of a call to a source took, however it ended.',
    labels: ['source', 'operation'],
    read: function* () {
      for (const [source, { calls }] of sources) {
        for (const [operation, { duration }] of calls) yield [duration, source, operation];
      }
    },
  });
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

function describeWays(registry: Registry, sources: AllSourceNumbers): void {
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

export function describeSources(registry: Registry, sources: AllSourceNumbers): void {
  describeCalls(registry, sources);
  describeWays(registry, sources);
}

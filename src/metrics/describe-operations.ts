import type { Registry } from 'prom-client';
import type { OperationNumbers } from './operation-meter.ts';
import { readCounter, readHistogram } from './read-on-scrape.ts';

export function describeOperations(registry: Registry, { durations, codes, ended }: OperationNumbers): void {
  readHistogram(registry, {
    name: 'aspera_gateway_operation_duration_seconds',
    help: 'Time until an operation was answered; of a subscription, until it had begun.',
    labels: ['kind', 'outcome', 'door'],
    read: durations,
  });
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
}

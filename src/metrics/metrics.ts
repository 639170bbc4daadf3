import { Registry } from 'prom-client';
import type { OperationMeter } from '../server/operation-log.ts';
import type { CallMeter } from '../transport/call-meter.ts';
import type { Exposition } from './listener.ts';
import { describeLive, type Followed } from './live-metrics.ts';
import { createOperationMetrics } from './operation-metrics.ts';
import { describeProcess } from './process-metrics.ts';
import { createSourceMetrics } from './source-metrics.ts';

/** The numbers of one gateway. Two gateways in one process have nothing in common but the process. */
export interface Metrics extends Exposition {
  readonly operations: OperationMeter;
  /** What hears of the calls to the source with this name. */
  ofSource(name: string): CallMeter;
  /** Takes up the numbers that the parts of the gateway keep for themselves. Called once, when they are there. */
  follow(followed: Followed): void;
  /** Ends what was begun to observe the process. */
  close(): void;
}

export function createMetrics(): Metrics {
  const registry = new Registry();
  const operations = createOperationMetrics(registry);
  const ofSource = createSourceMetrics(registry);
  const endProcess = describeProcess(registry);
  return {
    operations,
    ofSource,
    follow: (followed) => describeLive(registry, followed),
    contentType: registry.contentType,
    text: () => registry.metrics(),
    close: () => {
      endProcess();
      registry.clear();
    },
  };
}

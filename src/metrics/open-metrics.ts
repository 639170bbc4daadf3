import { Registry } from 'prom-client';
import { describeLive, type Followed } from './describe-live.ts';
import { describeOperations } from './describe-operations.ts';
import { describeProcess } from './describe-process.ts';
import { describeSources } from './describe-sources.ts';
import { createMetricsListener, type Exposition, type ListenerSettings } from './listener.ts';
import type { Numbers } from './meters.ts';

/** The numbers of one gateway as text. Two gateways in one process have nothing in common but the process. */
export interface Metrics extends Exposition {
  /** Ends what was begun to observe the process. */
  close(): void;
}

export function createMetrics(numbers: Numbers, followed: Followed): Metrics {
  const registry = new Registry();
  describeOperations(registry, numbers.operations);
  describeSources(registry, numbers.sources);
  describeLive(registry, followed);
  const endProcess = describeProcess(registry);
  return {
    contentType: registry.contentType,
    text: () => registry.metrics(),
    close: endProcess,
  };
}

/** A port on which the numbers of a gateway are served. */
export interface OpenMetrics {
  readonly url: string;
  /** Closes the port and every connection to it. */
  close(): Promise<void>;
}

/** Opens the port of the configuration. Whoever has none does not load the library. */
export async function openMetrics(
  settings: ListenerSettings,
  numbers: Numbers,
  followed: Followed,
): Promise<OpenMetrics> {
  const metrics = createMetrics(numbers, followed);
  const listener = createMetricsListener(settings, metrics);
  const close = async () => {
    metrics.close();
    await listener.close();
  };
  try {
    return { url: await listener.listen(), close };
  } catch (error) {
    metrics.close();
    throw error;
  }
}

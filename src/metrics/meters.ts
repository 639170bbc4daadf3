import type { OperationMeter } from '../server/operation-log.ts';
import type { CallMeter } from '../transport/call-meter.ts';
import { createOperationMeter, type OperationNumbers } from './operation-meter.ts';
import { type AllSourceNumbers, createSourceMeters } from './source-meter.ts';

/** What has been counted. */
export interface Numbers {
  readonly operations: OperationNumbers;
  readonly sources: AllSourceNumbers;
}

/** What counts for one gateway. It knows no library, so that to count costs next to nothing, and to have it neither. */
export interface Meters {
  readonly operations: OperationMeter;
  /** What hears of the calls to the source with this name. */
  ofSource(name: string): CallMeter;
  readonly numbers: Numbers;
}

export function createMeters(): Meters {
  const operations = createOperationMeter();
  const sources = createSourceMeters();
  return {
    operations: operations.meter,
    ofSource: sources.ofSource,
    numbers: { operations: operations.numbers, sources: sources.numbers },
  };
}

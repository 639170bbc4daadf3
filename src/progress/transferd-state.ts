import type { TransferdTransfer } from '../sources/transferd/types.ts';

/** Facts that make a transfer different for who watches it. Clocks and rates of the moment change all the time. */
export function transferdStateOf({ elapsedMs: _, averageRateKbps: __, ...facts }: TransferdTransfer): string {
  return JSON.stringify(facts);
}

import { Counter, Gauge, type Registry } from 'prom-client';

/** A number that others keep, and that is read when somebody looks. */
interface Read<Label extends string> {
  readonly name: string;
  readonly help: string;
  readonly labels: readonly Label[];
  /** The values at this moment, each with its labels in the order of `labels`. */
  readonly read: () => Iterable<readonly [value: number, ...labels: string[]]>;
}

const named = <Label extends string>(names: readonly Label[], values: readonly string[]) =>
  Object.fromEntries(names.map((name, index) => [name, values[index] ?? ''])) as Record<Label, string>;

/** A number that only grows. */
export function readCounter<Label extends string>(registry: Registry, { name, help, labels, read }: Read<Label>): void {
  new Counter<Label>({
    ...{ name, help, labelNames: labels, registers: [registry] },
    collect() {
      this.reset();
      for (const [value, ...values] of read()) this.inc(named(labels, values), value);
    },
  });
}

/** A number that goes up and down. */
export function readGauge<Label extends string>(registry: Registry, { name, help, labels, read }: Read<Label>): void {
  new Gauge<Label>({
    ...{ name, help, labelNames: labels, registers: [registry] },
    collect() {
      this.reset();
      for (const [value, ...values] of read()) this.set(named(labels, values), value);
    },
  });
}

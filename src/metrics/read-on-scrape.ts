import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import type { Buckets } from './buckets.ts';

/** Numbers that others keep, and that are read when somebody looks. */
interface Read<Label extends string, Value = number> {
  readonly name: string;
  readonly help: string;
  readonly labels: readonly Label[];
  /** The values at this moment, each with its labels in the order of `labels`. */
  readonly read: () => Iterable<readonly [value: Value, ...labels: string[]]>;
}

const named = <Label extends string>(names: readonly Label[], values: readonly string[]) =>
  Object.fromEntries(names.map((name, index) => [name, values[index] ?? ''])) as Record<Label, string>;

/** Numbers that only grow. */
export function readCounter<Label extends string>(registry: Registry, { name, help, labels, read }: Read<Label>): void {
  new Counter<Label>({
    ...{ name, help, labelNames: labels, registers: [registry] },
    collect() {
      this.reset();
      for (const [value, ...values] of read()) this.inc(named(labels, values), value);
    },
  });
}

/** Numbers that go up and down. */
export function readGauge<Label extends string>(registry: Registry, { name, help, labels, read }: Read<Label>): void {
  new Gauge<Label>({
    ...{ name, help, labelNames: labels, registers: [registry] },
    collect() {
      this.reset();
      for (const [value, ...values] of read()) this.set(named(labels, values), value);
    },
  });
}

interface Sample {
  readonly metricName: string;
  readonly labels: Readonly<Record<string, string | number>>;
  readonly value: number;
}

/** The samples of one histogram, as the text format has them: each bucket with all that are smaller. */
function* samplesOf(name: string, labels: Readonly<Record<string, string>>, buckets: Buckets): Generator<Sample> {
  const { bounds, counts, sum } = buckets;
  let count = 0;
  for (const [index, inBucket] of counts.entries()) {
    count += inBucket;
    yield { metricName: `${name}_bucket`, labels: { le: bounds[index] ?? '+Inf', ...labels }, value: count };
  }
  yield { metricName: `${name}_sum`, labels, value: sum };
  yield { metricName: `${name}_count`, labels, value: count };
}

/**
 * How values are spread. The library's own way to take up a value looks for its labels anew each time, which costs ten
 * times as much as all the rest: values are counted elsewhere, and the library is given what it would have counted.
 */
export function readHistogram<Label extends string>(
  registry: Registry,
  { name, help, labels, read }: Read<Label, Buckets>,
): void {
  const histogram = new Histogram<Label>({ name, help, labelNames: labels, registers: [registry] });
  const get = async () => ({
    ...{ name, help, type: 'histogram' },
    values: [...read()].flatMap(([buckets, ...values]) => [...samplesOf(name, named(labels, values), buckets)]),
  });
  // A registry reads the first of the two that there is.
  Object.assign(histogram, { getForPromString: get, get });
}

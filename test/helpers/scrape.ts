/** The numbers of a gateway at one moment, as Prometheus reads them. */
export interface Scrape {
  readonly text: string;
  /** The value of one series, such as `up{job="a"}` with its labels in any order; undefined when there is none. */
  value(name: string, labels?: Readonly<Record<string, string>>): number | undefined;
  /** The sum of all series with this name and at least these labels. */
  sum(name: string, labels?: Readonly<Record<string, string>>): number;
  /** The names of all series. */
  readonly names: ReadonlySet<string>;
  /** How many series there are. */
  readonly size: number;
}

interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

function readSample(line: string): Sample {
  const [, name = '', labels = '', value = ''] = /^([\w:]+)(?:\{(.*)\})? (\S+)$/.exec(line) ?? [];
  const pairs = [...labels.matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g)].map(([, key = '', text = '']) => [key, text]);
  return {
    name,
    labels: Object.fromEntries(pairs),
    value: value === '+Inf' ? Number.POSITIVE_INFINITY : Number(value),
  };
}

const has = ({ labels }: Sample, wanted: Readonly<Record<string, string>>) =>
  Object.entries(wanted).every(([name, value]) => labels[name] === value);

export async function scrape(metricsUrl: string | undefined): Promise<Scrape> {
  const response = await fetch(metricsUrl ?? '');
  if (!response.ok) throw new Error(`the metrics answer ${response.status}`);
  const text = await response.text();
  const samples = text
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map(readSample);
  const named = (name: string, labels: Readonly<Record<string, string>> = {}) =>
    samples.filter((sample) => sample.name === name && has(sample, labels));
  return {
    text,
    value: (name, labels = {}) =>
      named(name, labels).find((sample) => Object.keys(sample.labels).length === Object.keys(labels).length)?.value,
    sum: (name, labels) => named(name, labels).reduce((sum, { value }) => sum + value, 0),
    names: new Set(samples.map(({ name }) => name)),
    size: samples.length,
  };
}

import fc from 'fast-check';
import { Counter, Histogram, Registry } from 'prom-client';
import { describe, expect, it } from 'vitest';
import { addTo, createBuckets } from '../../src/metrics/buckets.ts';
import { readCounter, readGauge, readHistogram } from '../../src/metrics/read-on-scrape.ts';

const bounds = [0.01, 0.5, 1, 10];
const description = { name: 'seconds', help: 'Time that it took.' };

/** A value that is no finite number is a mistake of whoever measures, which the library throws for. */
const seconds = fc.oneof(fc.constantFrom(...bounds, 0, 11), fc.double({ min: 0, max: 20, noNaN: true }));

describe('a histogram that is read when somebody looks', () => {
  it('says, word for word, what the library would have counted', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(fc.constantFrom('query', 'mutation'), seconds)), async (values) => {
        const own = new Registry();
        const theirs = new Registry();
        const library = new Histogram({
          ...{ ...description, buckets: [...bounds], labelNames: ['kind', 'door'], registers: [theirs] },
        });
        const counted = new Map<string, ReturnType<typeof createBuckets>>();
        readHistogram(own, {
          ...{ ...description, labels: ['kind', 'door'] },
          read: () => [...counted].map(([kind, buckets]) => [buckets, kind, 'fast']),
        });
        for (const [kind, value] of values) {
          library.observe({ kind, door: 'fast' }, value);
          const buckets = counted.get(kind) ?? createBuckets(bounds);
          counted.set(kind, buckets);
          addTo(buckets, value);
        }
        expect(await own.metrics()).toBe(await theirs.metrics());
      }),
    );
  });
});

describe('a number that is read when somebody looks', () => {
  it('is the one that there is at that moment, without those that are gone', async () => {
    const registry = new Registry();
    const sources = new Map([['london', 1]]);
    const read = () => [...sources].map(([source, value]) => [value, source] as const);
    readGauge(registry, { name: 'open', help: 'What is open.', labels: ['source'], read });
    readCounter(registry, { name: 'calls_total', help: 'Calls.', labels: ['source'], read });
    expect(await registry.metrics()).toContain('open{source="london"} 1\n');
    sources.delete('london');
    sources.set('tok"yo', 3);
    const text = await registry.metrics();
    expect(text).toContain('open{source="tok\\"yo"} 3\n');
    expect(text).toContain('calls_total{source="tok\\"yo"} 3\n');
    expect(text).not.toContain('london');
  });

  it('may be nothing, as with the library', async () => {
    const [own, theirs] = [new Registry(), new Registry()];
    readCounter(own, { name: 'none_total', help: 'None.', labels: ['source'], read: () => [] });
    new Counter({ name: 'none_total', help: 'None.', labelNames: ['source'], registers: [theirs] });
    expect(await own.metrics()).toBe(await theirs.metrics());
  });
});

import { describe, expect, it } from 'vitest';
import { createLatencies, median, spread } from '../../../bench/race/latencies.ts';

describe('createLatencies', () => {
  it('gives the time that a share of all did not exceed', () => {
    const latencies = createLatencies();
    for (let ms = 1; ms <= 100; ms += 1) latencies.add(ms - 0.005);
    expect([0.5, 0.99, 1].map(latencies.percentile)).toEqual([50, 99, 100]);
    expect(latencies.count).toBe(100);
  });

  it('counts what took longer than it can tell as the longest that it can tell', () => {
    const latencies = createLatencies();
    latencies.add(60_000);
    expect(latencies.percentile(0.5)).toBe(5_000);
  });

  it('knows nothing of what was before it was cleared', () => {
    const latencies = createLatencies();
    latencies.add(10);
    latencies.clear();
    expect([latencies.count, latencies.percentile(0.5)]).toEqual([0, 0]);
  });
});

describe('median', () => {
  it.each([
    [[3], 3],
    [[5, 1, 3], 3],
    [[4, 1, 3, 2], 2.5],
  ])('of %j is %d', (values, middle) => expect(median(values)).toBe(middle));

  it('of nothing is no number', () => expect(median([])).toBeNaN());
});

describe('spread', () => {
  it('is the distance of the ends as a share of the middle', () => expect(spread([9, 10, 12])).toBeCloseTo(0.3));
});

import { describe, expect, test } from 'vitest';
import { createNodeLoaders } from '../../../src/sources/node/loaders.ts';
import { openClient, startOddNode } from './odd-node.ts';

const empty = { transfers: [], max_left: 0, min_right: 0 };
const times = {
  current_time: '2026-01-02T04:00:00Z',
  start_time: '2026-01-02T03:00:00Z',
  end_time: '2026-01-02T04:00:00Z',
};
const series = (id: string) => ({
  id,
  data: [
    { time: 0.5, rate: 100 },
    { time: 2.5, rate: 300.5 },
  ],
  last_time: '2026-01-02T03:00:10Z',
  max_rate: 300.5,
});

describe('the rates of transfers', () => {
  test('have real times, counted back from that of the last one', async () => {
    const json = { ...times, send: { ...empty, transfers: [series('t1')] }, receive: empty };
    const { url, requests } = await startOddNode(() => ({ json }));
    const startedAfter = new Date('2026-01-02T03:00:00.900Z');
    const rates = await openClient(url).bandwidth({ seconds: 60, startedAfter });
    expect(rates).toMatchObject({
      ...{ from: new Date(times.start_time), to: new Date(times.end_time), receive: [] },
      send: [
        {
          ...{ transferId: 't1', maxRateKbps: 300.5 },
          points: [
            { at: new Date('2026-01-02T03:00:08Z'), rateKbps: 100 },
            { at: new Date('2026-01-02T03:00:10Z'), rateKbps: 300.5 },
          ],
        },
      ],
    });
    const { searchParams, pathname } = new URL(requests[0]?.url ?? '', url);
    expect(pathname).toBe('/ops/transfers/bandwidth');
    expect(Object.fromEntries(searchParams)).toEqual({ duration: '60', start_time: '2026-01-02T03:00:00Z' });
  });

  test('are none where the node knows no time or no rate', async () => {
    const odd = [
      { ...series('t1'), last_time: null },
      { id: 't2' },
      { ...series('t3'), data: [{ time: null, rate: 1 }] },
    ];
    const json = { ...times, send: { transfers: odd }, receive: null };
    const { url } = await startOddNode(() => ({ json }));
    const { send } = await openClient(url).bandwidth({ seconds: 60, startedAfter: undefined });
    expect(send.map(({ points }) => points)).toEqual([[], [], []]);
  });

  test.each([{ surprise: [] }, [], { ...times, send: { transfers: 'none' } }])(
    'are no empty list when the answer is %j',
    async (json) => {
      const { url } = await startOddNode(() => ({ json }));
      const asked = openClient(url).bandwidth({ seconds: 60, startedAfter: undefined });
      await expect(asked).rejects.toMatchObject({ code: 'SOURCE_BAD_ANSWER' });
    },
  );

  test('of many transfers are one call, from the earliest start on', async () => {
    const json = {
      ...times,
      send: { transfers: [series('t1'), series('t2')] },
      receive: { transfers: [series('t3')] },
    };
    const { url, requests } = await startOddNode(() => ({ json }));
    const { bandwidth } = createNodeLoaders(openClient(url));
    const keys = [
      { transferId: 't1', startedAt: new Date('2026-01-02T03:00:05Z') },
      { transferId: 't3', startedAt: new Date('2026-01-02T03:00:02Z') },
      { transferId: 'none', startedAt: undefined },
      { transferId: 't1', startedAt: new Date('2026-01-02T03:00:05Z') },
    ];
    const found = await bandwidth.loadMany(keys);
    expect(found.map((one) => (one instanceof Error ? one : one?.transferId))).toEqual(['t1', 't3', undefined, 't1']);
    expect(requests).toHaveLength(1);
    expect(requests[0]?.url).toContain('start_time=2026-01-02T03%3A00%3A01Z');
  });
});

import { z } from 'zod';
import { fromSchema } from '../../../reading/reader.ts';
import type { BandwidthPoint, NodeBandwidth, TransferBandwidth } from '../types.ts';
import { date, decimal } from '../wire.ts';

/** The JSON of `/ops/transfers/bandwidth` (aspera-node-api.md §5.6). */

const series = z
  .object({
    id: z.string().min(1),
    data: z.array(z.object({ time: decimal, rate: decimal })).nullish(),
    last_time: date,
    max_rate: decimal,
  })
  .transform(({ id, data, last_time: lastAt, max_rate }): TransferBandwidth => {
    const points = (data ?? []).flatMap(({ time, rate }) =>
      time === undefined || rate === undefined ? [] : [{ time, rate }],
    );
    const last = points.at(-1)?.time ?? 0;
    // Times count from the start of the transfer, which is not told; the real time of the last one is, to the second.
    const toPoint = ({ time, rate }: { time: number; rate: number }): BandwidthPoint[] =>
      lastAt ? [{ at: new Date(lastAt.getTime() - Math.round((last - time) * 1000)), rateKbps: rate }] : [];
    return { transferId: id, points: points.flatMap(toPoint), maxRateKbps: max_rate };
  });

const direction = z
  .object({ transfers: z.array(series).nullish() })
  .nullish()
  .transform((value) => value?.transfers ?? []);

const rates = z
  .object({ start_time: date, end_time: date, send: direction, receive: direction })
  .refine(({ start_time, end_time }) => start_time !== undefined || end_time !== undefined);

export const bandwidth = fromSchema(
  rates,
  (answer): NodeBandwidth => ({
    from: answer.start_time,
    to: answer.end_time,
    send: answer.send,
    receive: answer.receive,
  }),
);

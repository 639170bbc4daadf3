import type { Clock } from '../../kit/clock.ts';
import type { Router } from '../../kit/router.ts';
import type { Authenticate } from '../caller.ts';
import { refusal } from '../errors.ts';
import { queryInteger } from '../files/request-fields.ts';
import { isoSeconds } from '../info.ts';
import { queryTime } from '../query-fields.ts';
import type { TransferRecord } from '../transfers/transfer-record.ts';
import { isVisible } from '../transfers/visibility.ts';

interface Series {
  readonly record: TransferRecord;
  readonly startMs: number;
  readonly points: { readonly atMs: number; readonly kbps: number }[];
}

/** The rates that transfers had over time. */
export interface BandwidthLog {
  note(record: TransferRecord, kbps: number): void;
  since(milliseconds: number): readonly Series[];
}

/** Transfers whose rates are kept; the oldest falls out. */
const KEPT = 1_000;
const DEFAULT_SECONDS = 600;
const MOST_SECONDS = 3_600;

export function createBandwidthLog(clock: Clock): BandwidthLog {
  const series = new Map<string, Series>();
  return {
    note: (record, kbps) => {
      const nowMs = clock.now();
      // Time that it waited in the queue is none of its rates.
      const startMs = (record.sessions[0]?.startUsec ?? record.createdUsec) / 1000;
      const known = series.get(record.id) ?? { record, startMs, points: [] };
      series.set(record.id, known);
      if (nowMs - known.startMs <= MOST_SECONDS * 1000) known.points.push({ atMs: nowMs, kbps });
      const [oldest] = series.keys();
      if (series.size > KEPT && oldest !== undefined) series.delete(oldest);
    },
    since: (milliseconds) => [...series.values()].filter(({ startMs }) => startMs >= milliseconds),
  };
}

function renderSeries({ record, startMs, points }: Series, seconds: number) {
  const kept = points.filter(({ atMs }) => atMs - startMs <= seconds * 1000);
  return {
    id: record.id,
    data: kept.map(({ atMs, kbps }) => ({ time: (atMs - startMs) / 1000, rate: kbps })),
    last_time: isoSeconds(kept.at(-1)?.atMs ?? startMs),
    max_rate: Math.max(0, ...kept.map(({ kbps }) => kbps)),
  };
}

function renderDirection(series: readonly Series[], direction: string, seconds: number) {
  const transfers = series
    .filter(({ record }) => record.direction === direction)
    .map((one) => renderSeries(one, seconds));
  const times = transfers.flatMap(({ data }) => data.map(({ time }) => time));
  return {
    transfers,
    max_left: Math.min(...(times.length > 0 ? times : [0])),
    min_right: Math.max(0, ...times),
  };
}

/** `GET /ops/transfers/bandwidth`: rates over the first `duration` seconds of each transfer (aspera-node-api.md §5.6). */
export function registerBandwidthRoute(
  router: Router,
  deps: { readonly clock: Clock; readonly log: BandwidthLog; readonly authenticate: Authenticate },
): void {
  const { clock, log, authenticate } = deps;
  router.on('GET', '/ops/transfers/bandwidth', (request) => {
    const caller = authenticate(request);
    const seconds = queryInteger(request.query, 'duration', 1) ?? DEFAULT_SECONDS;
    if (seconds > MOST_SECONDS) throw refusal(400, 'Invalid parameter duration');
    const startMs = queryTime(request.query, 'start_time') ?? 0;
    const series = log.since(startMs).filter(({ record }) => isVisible(caller, record));
    const nowMs = clock.now();
    return {
      status: 200,
      json: {
        current_time: isoSeconds(nowMs),
        start_time: isoSeconds(startMs || (series[0]?.startMs ?? nowMs)),
        end_time: isoSeconds(nowMs),
        send: renderDirection(series, 'send', seconds),
        receive: renderDirection(series, 'receive', seconds),
      },
    };
  });
}

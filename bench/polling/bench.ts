import { renderTable } from '../kit/table.ts';
import { measurePolls } from './polls.ts';
import { measureTakeOvers } from './take-over.ts';

const HISTORIES = [1_000, 1_000_000];
const SUBSCRIBERS = [1, 100, 10_000];
const LEASES_MS = [1_500, 5_000];
const TAKE_OVERS = 3;

const count = (value: number) => value.toLocaleString('en');
const seconds = (milliseconds: number) => (milliseconds / 1_000).toFixed(2);

/** With `quick`, little of everything: to see that it runs. */
export async function bench(args: readonly string[]): Promise<void> {
  const isQuick = args.includes('quick');
  const polls = await measurePolls({
    histories: isQuick ? [100] : HISTORIES,
    subscribers: isQuick ? [1, 20] : SUBSCRIBERS,
    settleMs: isQuick ? 1_000 : 8_000,
    measureMs: isQuick ? 2_000 : 10_000,
  });
  const rows = polls.map(({ history, subscribers, upstreamPerSecond, eventsPerSecond }) => [
    ...[count(history), count(subscribers)],
    ...[Number(upstreamPerSecond.toFixed(1)), Math.round(eventsPerSecond)],
  ]);
  const head = ['past transfers', 'subscribers', 'requests/s to the node', 'events/s delivered'];
  process.stdout.write(`Three transfers run, and everybody watches the node.\n\n${renderTable(head, rows)}\n\n`);
  const takeOvers = await measureTakeOvers(isQuick ? [1_500] : LEASES_MS, isQuick ? 1 : TAKE_OVERS);
  const takenOver = takeOvers.map(({ leaseMs, milliseconds }) => {
    const sorted = milliseconds.toSorted((left, right) => left - right);
    const median = sorted[Math.floor(sorted.length / 2)] ?? 0;
    return [seconds(leaseMs), seconds(sorted[0] ?? 0), seconds(median), seconds(sorted.at(-1) ?? 0)];
  });
  const title = 'Two gateways on one Redis; the one that polls is killed. Seconds until the other one polls:';
  process.stdout.write(`${title}\n\n${renderTable(['lease', 'least', 'median', 'most'], takenOver)}\n`);
}

import { isPinned, startChild } from '../kit/child.ts';
import { median } from '../kit/median.ts';
import { renderTable } from '../kit/table.ts';
import { renderTarget } from '../kit/target.ts';
import { type Address, type List, lists, PAGE } from './list.ts';
import { type Processes, type Reading, readList } from './measure.ts';
import type { Way } from './read.ts';
import type { Places, Sizes } from './servers.ts';

const SIZES: Sizes = { files: 100_000, rows: 50_000 };
const QUICK: Sizes = { files: 1_600, rows: 800 };
const ROUNDS = 5;

const KEY = 'bench-key-0123456789abcdef';

/** Time of the gateway, compared with calling the vendor by hand. */
const MOST_TIMES = 1.5;
/** Time of the last quarter of a list, compared with the first. */
const MOST_SLOWDOWN = 1.3;
/** What lives at the end of a list, compared with the start. */
const MOST_GROWTH = 1.1;

/** Of each round one, and one more through the graph to see what lives meanwhile, which is not timed. */
interface Readings extends Readonly<Record<Way, readonly Reading[]>> {
  readonly weighed: Reading;
}

const entriesOf = ({ files, rows }: Sizes, list: List) => (list === 'records' ? rows : files);

async function readRounds(
  processes: Processes,
  address: Address,
  wanted: { readonly list: List; readonly entries: number; readonly rounds: number },
): Promise<Readings> {
  const { list, entries, rounds } = wanted;
  const readings = { 'by hand': [] as Reading[], graph: [] as Reading[] };
  for (let round = 0; round < rounds; round += 1) {
    for (const way of ['by hand', 'graph'] as const) {
      process.stderr.write(`${list}, ${way}, ${round + 1} of ${rounds} ...\n`);
      readings[way].push(await readList(processes, address, { list, way, entries, isWeighed: false }));
    }
  }
  const weighed = await readList(processes, address, { list, way: 'graph', entries, isWeighed: true });
  return { ...readings, weighed };
}

const mid = (readings: readonly Reading[], what: (reading: Reading) => number) => median(readings.map(what));
const slowdown = ({ quarters }: Reading) => (quarters.at(-1) ?? 0) / (quarters[0] ?? 1);
const growth = ({ liveBytes }: Reading) => (liveBytes.at(-1) ?? 0) / (liveBytes[0] ?? 1);
const round = (value: number, digits = 2) => Number(value.toFixed(digits));

const head = [
  ...['list', 'way', 'pages', 'calls/page', 'seconds', 'ms/page', 'CPU of reader', 'gateway', 'servers'],
  ...['1st quarter', '2nd', '3rd', '4th', 'MB at start', 'middle', 'end'],
];

const rowOf = (list: List, way: Way, { [way]: readings, weighed }: Readings) => [
  ...[list, way, mid(readings, ({ pages }) => pages)],
  round(mid(readings, ({ requests, pages }) => requests / pages)),
  round(mid(readings, ({ milliseconds }) => milliseconds / 1_000)),
  round(mid(readings, ({ milliseconds, pages }) => milliseconds / pages)),
  ...[0, 1, 2].map((process) => round(mid(readings, ({ cpuMs, pages }) => (cpuMs[process] ?? 0) / pages))),
  ...[0, 1, 2, 3].map((part) => round(mid(readings, ({ quarters }) => quarters[part] ?? 0))),
  ...[0, 1, 2].map((part) => (way === 'graph' ? round((weighed.liveBytes[part] ?? 0) / 1_048_576, 1) : '')),
];

/** The middle of what each round says, since a machine's rounds differ. */
const timesByHand = ({ graph, 'by hand': byHand }: Readings) =>
  median(graph.map(({ milliseconds }, index) => milliseconds / (byHand[index]?.milliseconds ?? Number.NaN)));

function targetsOf(list: List, readings: Readings): readonly string[] {
  return [
    renderTarget({
      ...{ what: `${list}: time compared with calling the vendor by hand`, unit: ' times' },
      ...{ found: timesByHand(readings), most: MOST_TIMES },
    }),
    renderTarget({
      ...{ what: `${list}: time of the last quarter compared with the first`, unit: ' times' },
      ...{ found: mid(readings.graph, slowdown), most: MOST_SLOWDOWN },
    }),
    renderTarget({
      ...{ what: `${list}: memory at the end compared with the start`, unit: ' times' },
      ...{ found: growth(readings.weighed), most: MOST_GROWTH },
    }),
  ];
}

/** With `quick`, short lists: to see that it runs, and that every entry comes once. */
export async function bench(args: readonly string[]): Promise<void> {
  const isQuick = args.includes('quick');
  const sizes = isQuick ? QUICK : SIZES;
  const chosen = lists.filter((list) => args.includes(list));
  const [gateway, servers, reader] = [
    startChild(new URL('./serve.ts', import.meta.url), 0),
    startChild(new URL('./load.ts', import.meta.url), 1),
    startChild(new URL('./read.ts', import.meta.url), 1),
  ];
  try {
    const places = await servers.ask<Places>({ ask: 'start', ...sizes }, 600_000);
    const { url: graphUrl } = await gateway.ask<{ url: string }>({ ask: 'start', key: KEY, places });
    const rows: (readonly (string | number)[])[] = [];
    const targets: string[] = [];
    for (const list of chosen.length > 0 ? chosen : lists) {
      const wanted = { list, entries: entriesOf(sizes, list), rounds: isQuick ? 1 : ROUNDS };
      const readings = await readRounds({ gateway, servers, reader }, { places, graphUrl, key: KEY }, wanted);
      for (const way of ['by hand', 'graph'] as const) rows.push(rowOf(list, way, readings));
      targets.push(...targetsOf(list, readings));
    }
    const place = isPinned
      ? 'The gateway has one core, the vendors’ servers and the reader another'
      : 'All have any core';
    process.stdout.write(
      `Pages of ${PAGE}, one after the other, to the end of the list. ${place}.\n` +
        'By hand, the same process reads the same list from the vendor’s server itself. CPU and quarters are ms/page,\n' +
        'MB are what lives in the gateway after garbage collection, in a reading of its own.\n\n' +
        `${renderTable(head, rows)}\n\n${targets.join('\n')}\n`,
    );
  } finally {
    await servers.ask({ ask: 'close' }, 60_000).catch(() => undefined);
    await Promise.all([gateway.end(), servers.end(), reader.end()]);
  }
}

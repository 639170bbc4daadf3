import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { median } from '../kit/median.ts';
import { renderTable } from '../kit/table.ts';
import { renderTarget } from '../kit/target.ts';
import { startOnce } from './one-start.ts';
import { freePort, startServers } from './servers.ts';
import { type ConfigFile, writeConfig } from './seven-sources.ts';
import { parts, type Split, splitStart } from './split.ts';

interface Row {
  readonly label: string;
  readonly program: 'src/main.ts' | 'dist/main.js';
  /** Whether code that an earlier start has compiled may be used. */
  readonly isCached: boolean;
}

const rows: readonly Row[] = [
  { label: 'src, first start', program: 'src/main.ts', isCached: false },
  { label: 'src, later starts', program: 'src/main.ts', isCached: true },
  { label: 'dist, first start', program: 'dist/main.js', isCached: false },
  { label: 'dist, later starts', program: 'dist/main.js', isCached: true },
];

const ROUNDS = 11;
const MOST_SECONDS = 1;

interface Measured {
  readonly row: Row;
  /** With two of the sources down. */
  readonly down: number[];
  /** With all of them well. */
  readonly well: number[];
  readonly splits: Split[];
}

interface Configs {
  readonly down: ConfigFile;
  readonly well: ConfigFile;
}

const root = fileURLToPath(new URL('../../', import.meta.url));

function build(): void {
  const { status } = spawnSync('npm', ['run', '--silent', 'build'], { cwd: root, stdio: 'inherit' });
  if (status !== 0) throw new Error('the gateway could not be built');
}

async function runRound({ row, down, well, splits }: Measured, configs: Configs): Promise<void> {
  const env = row.isCached ? {} : { NODE_DISABLE_COMPILE_CACHE: '1' };
  const start = (config: ConfigFile) => ({ program: `${root}${row.program}`, config, env });
  down.push((await startOnce(start(configs.down))).milliseconds);
  well.push((await startOnce(start(configs.well))).milliseconds);
  splits.push(await splitStart(start(configs.down)));
}

const columns = [...parts, 'CPU'] as const;

const head = ['gateway', 'median ms', 'least', 'most', 'all seven well', ...columns.map((column) => `${column} ms`)];

const tableRow = ({ row, down, well, splits }: Measured) => [
  row.label,
  ...[median(down), Math.min(...down), Math.max(...down), median(well)].map(Math.round),
  ...columns.map((column) => Math.round(median(splits.map((split) => split[column])))),
];

const targetOf = ({ row, down }: Measured) =>
  renderTarget({
    ...{ what: `${row.label}: from the process to the first answer, two of seven sources down`, unit: ' s' },
    ...{ found: median(down) / 1_000, most: MOST_SECONDS },
  });

/** With `quick`, each gateway starts once: to see that it runs. */
export async function bench(args: readonly string[]): Promise<void> {
  build();
  const servers = await startServers();
  const configs = {
    down: await writeConfig(servers, await freePort(), true),
    well: await writeConfig(servers, await freePort(), false),
  };
  const measured = rows.map((row): Measured => ({ row, down: [], well: [], splits: [] }));
  try {
    const rounds = args.includes('quick') ? 1 : ROUNDS;
    // What is compiled is kept by the start before the first that counts.
    if (rounds > 1) for (const row of rows) await runRound({ row, down: [], well: [], splits: [] }, configs);
    for (let round = 0; round < rounds; round += 1) {
      process.stderr.write(`round ${round + 1} of ${rounds} ...\n`);
      for (const one of measured) await runRound(one, configs);
    }
  } finally {
    servers.close();
    await Promise.all([configs.down.remove(), configs.well.remove()]);
  }
  process.stdout.write(
    'Seven sources: two Faspex servers, three nodes, a FairCom server and a transfer daemon. One of them refuses\n' +
      'connections, one takes them and says nothing. The parts and the CPU are those of starts of their own.\n\n' +
      `${renderTable(head, measured.map(tableRow))}\n\n${measured.map(targetOf).join('\n')}\n`,
  );
}

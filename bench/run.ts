import { installPeers } from './kit/install-peers.ts';

/** Benches that run other servers beside the gateway. */
const withPeers = new Set(['fanout', 'race']);

/** The benches by name. Each prints one table of what it measured on this machine. */
const benches: Readonly<Record<string, () => Promise<{ readonly bench: (args: readonly string[]) => Promise<void> }>>> =
  {
    'cold-start': () => import('./cold-start/bench.ts'),
    fanout: () => import('./fanout/bench.ts'),
    observing: () => import('./observing/bench.ts'),
    paging: () => import('./paging/bench.ts'),
    polling: () => import('./polling/bench.ts'),
    processes: () => import('./processes/bench.ts'),
    race: () => import('./race/bench.ts'),
  };

const [name = 'race', ...args] = process.argv.slice(2);
const load = Object.hasOwn(benches, name) ? benches[name] : undefined;
if (load) {
  if (withPeers.has(name)) installPeers();
  const { bench } = await load();
  await bench(args);
} else {
  process.stderr.write(`Usage: npm run bench -- [name]\nBenches: ${Object.keys(benches).join(', ')}\n`);
  process.exitCode = 1;
}

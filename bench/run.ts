/** The benches by name. Each prints one table of what it measured on this machine. */
const benches: Readonly<Record<string, () => Promise<{ readonly bench: (args: readonly string[]) => Promise<void> }>>> =
  {
    'cold-start': () => import('./cold-start/bench.ts'),
    fanout: () => import('./fanout/bench.ts'),
    paging: () => import('./paging/bench.ts'),
    polling: () => import('./polling/bench.ts'),
    processes: () => import('./processes/bench.ts'),
  };

const [name = '', ...args] = process.argv.slice(2);
const load = Object.hasOwn(benches, name) ? benches[name] : undefined;
if (load) {
  const { bench } = await load();
  await bench(args);
} else {
  process.stderr.write(`Usage: npm run bench -- <name>\nBenches: ${Object.keys(benches).join(', ')}\n`);
  process.exitCode = 1;
}

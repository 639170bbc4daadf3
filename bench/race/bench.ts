import { openArena } from './arena.ts';
import type { Entrant } from './entrant.ts';
import { floor, gateway, peers } from './entrants.ts';
import { runRounds, type Schedule } from './laps.ts';
import { peakBytesOf } from './process-usage.ts';
import { profile } from './profile.ts';
import { comparedLine, machineLine, memoryTable, workloadTable } from './report.ts';
import { sharedClientVersion } from './same-client.ts';
import { V8_FLAGS } from './server-process.ts';
import { judge } from './targets.ts';

/** Many short rounds: a machine that others use too is now slow and now fast, and a round has to be over before. */
const whole: Schedule = { rounds: 14, settleMs: 200, measureMs: 1_500, warmUpMs: 3_000 };

/** For a few entrants, to see what a change gives. */
const duel: Schedule = { rounds: 14, settleMs: 100, measureMs: 700, warmUpMs: 2_000 };

/** To see that everything runs; what it measures means little. */
const quick: Schedule = { rounds: 1, settleMs: 200, measureMs: 1_000, warmUpMs: 500 };

async function race(schedule: Schedule, chosen: readonly Entrant[]): Promise<void> {
  const client = sharedClientVersion();
  const arena = await openArena([floor, gateway, ...chosen]);
  try {
    const { upstream, contenders } = arena;
    process.stdout.write(
      `${machineLine()}\nV8: ${V8_FLAGS.join(' ')}. undici ${client}. One page is ${upstream.listBytes} bytes.\n` +
        `${comparedLine(contenders)}\n\n`,
    );
    const standings = await runRounds(arena, schedule);
    const peakBytes = new Map(contenders.map(({ entrant, server }) => [entrant.name, peakBytesOf(server.pid)]));
    const shown = { contenders, standings, peakBytes };
    const names = new Map(
      contenders.filter(({ entrant }) => entrant.role === 'peer').map(({ entrant }) => [entrant.name, entrant.label]),
    );
    const list = `list: 50 packages with their folders, 2 upstream calls\n\n${workloadTable(shown, 'list')}`;
    const point = `point: one package, 1 upstream call\n\n${workloadTable(shown, 'point')}`;
    const lines = judge({ standings, peakBytes, peers: names });
    process.stdout.write(`${list}\n\n${point}\n\n${memoryTable(shown)}\n\n${lines.join('\n')}\n`);
  } finally {
    await arena.close();
  }
}

/**
 * @param args `quick` for a short run, `duel` for the gateway and the floor alone, `profile list` or `profile point` to see
 * where the gateway's time goes, and names of peers to run with these only
 */
export async function bench(args: readonly string[]): Promise<void> {
  const [first, ...rest] = args;
  const named = (names: readonly string[]) => peers.filter(({ name }) => names.includes(name));
  if (first === 'profile') await profile(rest[0] === 'point' ? 'point' : 'list');
  else if (first === 'quick') await race(quick, rest.length === 0 ? peers : named(rest));
  else if (first === 'duel') await race(duel, named(rest));
  else await race(whole, args.length === 0 ? peers : named(args));
}

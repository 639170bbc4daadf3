import type { Arena, Contender, LapResult } from './arena.ts';
import type { Workload } from './operations.ts';
import type { Mode } from './requests.ts';
import type { Standing } from './standings.ts';

/** How long and how often everybody runs. */
export interface Schedule {
  readonly rounds: number;
  readonly settleMs: number;
  readonly measureMs: number;
  /** Milliseconds that each course is run before the first round. */
  readonly warmUpMs: number;
}

/** One way in which a contender runs. */
interface Course {
  readonly contender: Contender;
  readonly mode: Mode;
  readonly workload: Workload;
}

/** Peers do not look at who calls, so that only the gateway runs with strangers and with one caller alone. */
function coursesOf(contender: Contender): readonly Course[] {
  const known = [
    { contender, mode: 'known', workload: 'list' },
    { contender, mode: 'known', workload: 'point' },
  ] as const;
  if (contender.entrant.role !== 'gateway') return known;
  return [
    ...known,
    { contender, mode: 'strangers', workload: 'list' },
    { contender, mode: 'strangers', workload: 'point' },
    { contender, mode: 'one', workload: 'list' },
  ];
}

/** All courses in turn, round after round, every other round backwards: what changes with time hits all alike. */
export async function runRounds(arena: Arena, schedule: Schedule): Promise<readonly Standing[]> {
  const { rounds, settleMs, measureMs, warmUpMs } = schedule;
  const courses = arena.contenders.flatMap(coursesOf);
  for (const course of courses) await arena.run({ ...course, settleMs: 0, measureMs: warmUpMs });
  const laps = new Map<Course, LapResult[]>(courses.map((course) => [course, []]));
  for (let round = 0; round < rounds; round += 1) {
    process.stderr.write(`round ${round + 1} of ${rounds} ...\n`);
    const order = round % 2 === 0 ? courses : courses.toReversed();
    for (const course of order) {
      await arena.greet(course.contender, course.mode);
      laps.get(course)?.push(await arena.run({ ...course, settleMs, measureMs }));
    }
  }
  return courses.map((course) => ({
    name: course.contender.entrant.name,
    mode: course.mode,
    workload: course.workload,
    laps: laps.get(course) ?? [],
  }));
}

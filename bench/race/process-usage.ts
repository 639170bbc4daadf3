import { readFileSync } from 'node:fs';

/** What a process has used, whatever program it is: read from /proc, which only Linux has. */

/** The kernel tells times to programs in hundredths of a second on every machine that Node.js runs on (proc(5)). */
const TICK_MS = 10;

/** Behind the name, which may hold anything, the 12th and 13th values are the user and system time of all threads. */
const [USER, SYSTEM] = [11, 12];

/** Milliseconds of CPU time that all threads of a process have used so far. */
export function cpuMsOf(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
  const values = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(values[USER]) + Number(values[SYSTEM])) * TICK_MS;
}

/** Bytes that a process has held in memory at most. */
export function peakBytesOf(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, 'latin1');
  return Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1] ?? Number.NaN) * 1_024;
}

/** The parts of a V8 CPU profile that are read here. */
export interface CpuProfile {
  readonly nodes: readonly {
    readonly id: number;
    readonly callFrame: { readonly functionName: string; readonly url: string; readonly lineNumber: number };
  }[];
  readonly samples?: readonly number[] | undefined;
  /** Microseconds between samples. */
  readonly timeDeltas?: readonly number[] | undefined;
}

/** Time that was spent in a function itself, not in what it called. */
export interface SelfTime {
  readonly name: string;
  /** File and line, or nothing for what V8 does by itself. */
  readonly place: string;
  /** Package, folder of the source, or `node` for what Node.js brings along. */
  readonly group: string;
  readonly us: number;
}

/** The path from the last `node_modules`, or from the project's own folder. */
function shortPath(url: string): string {
  const path = decodeURIComponent(url.replace(/^file:\/\//, ''));
  const [, inPackage] = /.*\/node_modules\/(.*)$/.exec(path) ?? [];
  return inPackage ?? path.replace(/^.*\/(?=(?:src|bench)\/)/, '');
}

function groupOf(name: string, url: string): string {
  if (url === '') return name === '(garbage collector)' ? 'garbage collection' : 'V8 and system calls';
  if (url.startsWith('node:')) return 'node';
  const [first = '', second = '', third = ''] = shortPath(url).split('/');
  if (first === 'src') return third === '' ? 'src' : `src/${second}`;
  return first.startsWith('@') ? `${first}/${second}` : first;
}

/** Waiting, and what the profiler itself takes. */
const isApart = ({ functionName, url }: CpuProfile['nodes'][number]['callFrame']) =>
  functionName === '(idle)' || functionName === '(root)' || url === 'node:inspector';

/** Self times of all functions, the longest first. Waiting and profiling are left out. */
export function selfTimes({ nodes, samples = [], timeDeltas = [] }: CpuProfile): readonly SelfTime[] {
  const frames = new Map(nodes.map(({ id, callFrame }) => [id, callFrame]));
  const times = new Map<string, SelfTime>();
  for (const [index, id] of samples.entries()) {
    const frame = frames.get(id);
    if (!frame || isApart(frame)) continue;
    const { url, lineNumber } = frame;
    const name = frame.functionName || '(anonymous)';
    const place = url === '' ? '' : `${shortPath(url)}:${lineNumber + 1}`;
    const key = `${name} ${place}`;
    const us = (times.get(key)?.us ?? 0) + (timeDeltas[index] ?? 0);
    times.set(key, { name, place, group: groupOf(name, url), us });
  }
  return [...times.values()].toSorted((left, right) => right.us - left.us);
}

/** The same by group, the longest first. */
export function groupTimes(times: readonly SelfTime[]): readonly { readonly group: string; readonly us: number }[] {
  const groups = new Map<string, number>();
  for (const { group, us } of times) groups.set(group, (groups.get(group) ?? 0) + us);
  return [...groups].map(([group, us]) => ({ group, us })).toSorted((left, right) => right.us - left.us);
}

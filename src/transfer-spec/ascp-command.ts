import type { AscpInvocation } from './ascp-invocation.ts';
import { quote, quoteAll } from './shell.ts';

type Parts = Pick<AscpInvocation, 'program' | 'arguments' | 'sessions' | 'environment' | 'fileList'>;

/** Stops with a word of the shell when a variable is missing, before anything is run. */
function demandVariables({ environment }: Parts): readonly string[] {
  if (environment.length === 0) return [];
  const names = environment.map(({ name }) => name);
  return [`: ${names.map((name) => `"\${${name}?}"`).join(' ')}`, `export ${names.join(' ')}`];
}

const writeList = ({ fileList }: Parts, listFile: string): readonly string[] =>
  fileList === undefined ? [] : [`printf '%s\\n' ${quoteAll(fileList)} >${quote(listFile)}`];

/** Several processes at a time; the whole fails when one of them does, with its code. */
function runAll({ program, arguments: words, sessions }: Parts): string {
  if (sessions < 2) return `${program} ${quoteAll(words)}`;
  const start = `${program} -C"$i":${sessions} ${quoteAll(words)} & pids="$pids $!"; i=$((i + 1))`;
  const wait = 'rc=0; for pid in $pids; do wait "$pid" || rc=$?; done; (exit "$rc")';
  return `{ pids=; i=1; while [ "$i" -le ${sessions} ]; do ${start}; done; ${wait}; }`;
}

/** One line for a POSIX shell. It names the variables that it needs, and never holds their values. */
export const commandOf = (parts: Parts, listFile: string): string =>
  [...demandVariables(parts), ...writeList(parts, listFile), runAll(parts)].join(' && ');

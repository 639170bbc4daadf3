import { readFileSync, writeFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type StartOptions, startOnce } from './one-start.ts';

/** The parts of a start, one behind the other. */
export const parts = ['Node.js', 'modules', 'gateway', 'port', 'question', 'answer'] as const;

/** Milliseconds of each part, and of CPU over all threads. */
export type Split = Readonly<Record<(typeof parts)[number] | 'CPU', number>>;

type Mark = 'node' | 'modules' | 'gateway' | 'listening' | 'asked' | 'answered' | 'cpuMs';

/** Without types, so that what is loaded into the gateway for this costs it as little as can be. */
function writeMarks(folder: string): string {
  const source = readFileSync(new URL('./marks.ts', import.meta.url), 'utf8');
  const file = join(folder, 'marks.mjs');
  writeFileSync(file, stripTypeScriptTypes(source));
  return file;
}

/** Starts a gateway once, and tells where the time went. */
export async function splitStart(options: StartOptions): Promise<Split> {
  const { folder } = options.config;
  const output = join(folder, 'marks.json');
  const { atMs } = await startOnce({
    ...options,
    nodeArguments: ['--import', pathToFileURL(writeMarks(folder)).href],
    env: { ...options.env, BENCH_MARKS: output },
  });
  const marks = JSON.parse(readFileSync(output, 'utf8')) as Readonly<Record<Mark, number>>;
  return {
    'Node.js': marks.node - atMs,
    modules: marks.modules - marks.node,
    gateway: marks.gateway - marks.modules,
    port: marks.listening - marks.gateway,
    question: marks.asked - marks.listening,
    answer: marks.answered - marks.asked,
    CPU: marks.cpuMs,
  };
}

import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';

/** A process of the bench's own, on a core of its own where there are two, that answers one question at a time. */
export interface Child {
  ask<Answer>(question: object, withinMs?: number): Promise<Answer>;
  end(): Promise<void>;
}

const hasTaskset = spawnSync('taskset', ['--version']).status === 0;

/** Whether server and load each have a core of their own. */
export const isPinned = hasTaskset && availableParallelism() >= 2;

/** Files that one process may have open; each socket is one. */
export const openFiles = Number(spawnSync('sh', ['-c', 'ulimit -n']).stdout.toString().trim()) || 1_024;

function start(file: URL, core: number | undefined): ChildProcess {
  const node = [process.execPath, '--expose-gc', '--disable-warning=ExperimentalWarning', fileURLToPath(file)];
  const [command = '', ...args] = isPinned && core !== undefined ? ['taskset', '-c', String(core), ...node] : node;
  return spawn(command, args, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
}

/** @param core the number of the core that the process gets; any when left out */
export function startChild(file: URL, core?: number): Child {
  const child = start(file, core);
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  return {
    ask: (question, withinMs = 60_000) =>
      new Promise((resolve, reject) => {
        const timer = setTimeout(
          () => finish(() => reject(new Error(`no answer to ${JSON.stringify(question)}`))),
          withinMs,
        );
        const onExit = () => finish(() => reject(new Error(`${file.pathname} has ended`)));
        const onMessage = (answer: { readonly error?: string }) =>
          finish(() => (answer.error === undefined ? resolve(answer as never) : reject(new Error(answer.error))));
        const finish = (settle: () => void) => {
          clearTimeout(timer);
          child.off('exit', onExit);
          child.off('message', onMessage);
          settle();
        };
        child.once('exit', onExit);
        child.once('message', onMessage);
        child.send(question);
      }),
    end: async () => {
      child.kill('SIGKILL');
      await exited;
    },
  };
}

/** In a child: answers every question with what the function gives. */
export function answerQuestions<Question>(answer: (question: Question) => Promise<object>): void {
  process.on('message', (question: Question) => {
    answer(question).then(
      (found) => process.send?.(found),
      (error: Error) => process.send?.({ error: String(error.stack) }),
    );
  });
  // Whoever asks has gone: there is nothing left to do.
  process.on('disconnect', () => process.exit());
}

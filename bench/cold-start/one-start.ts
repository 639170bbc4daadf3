import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { json } from 'node:stream/consumers';
import { setTimeout as pause } from 'node:timers/promises';
import type { ConfigFile } from './seven-sources.ts';

export interface StartOptions {
  /** The program, e.g. `src/main.ts`. */
  readonly program: string;
  readonly config: ConfigFile;
  /** Arguments of Node.js itself. */
  readonly nodeArguments?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

export interface Start {
  /** When the process was made, in milliseconds since 1970. */
  readonly atMs: number;
  /** From then until the answer had come. */
  readonly milliseconds: number;
}

const query = '{ sources { name } asperaNode(source: "london") { info { nodeId } } }';

const answered = {
  data: {
    sources: ['packages', 'archive', 'london', 'tokyo', 'lisbon', 'records', 'workstation'].map((name) => ({ name })),
    asperaNode: { info: { nodeId: 'bench-node' } },
  },
};

async function ask({ port, key }: ConfigFile): Promise<unknown> {
  const asked = request({
    ...{ host: '127.0.0.1', port, path: '/graphql', method: 'POST', agent: false },
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
  });
  asked.end(JSON.stringify({ query }));
  const [reply] = (await once(asked, 'response')) as [IncomingMessage];
  return json(reply);
}

const isRefused = (error: unknown) => error instanceof Error && 'code' in error && error.code === 'ECONNREFUSED';

/** Knocks until somebody opens. */
async function untilAnswered(config: ConfigFile, hasEnded: () => boolean): Promise<unknown> {
  while (!hasEnded()) {
    try {
      return await ask(config);
    } catch (error) {
      if (!isRefused(error)) throw error;
      await pause(1);
    }
  }
  throw new Error('the gateway has ended');
}

/** Starts a gateway as an operator does, asks it once, and stops it. */
export async function startOnce({ program, config, nodeArguments = [], env = {} }: StartOptions): Promise<Start> {
  const begun = performance.now();
  const child = spawn(process.execPath, [...nodeArguments, program, 'start', '--config', config.file], {
    env: { PATH: process.env.PATH, HOME: process.env.HOME, ...config.env, ...env },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const exited = once(child, 'exit');
  const answer = await untilAnswered(config, () => child.exitCode !== null);
  const milliseconds = performance.now() - begun;
  child.kill('SIGTERM');
  await exited;
  if (JSON.stringify(answer) !== JSON.stringify(answered)) {
    throw new Error(`the gateway has answered ${JSON.stringify(answer)}`);
  }
  return { atMs: performance.timeOrigin + begun, milliseconds };
}

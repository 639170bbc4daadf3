import { spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { type AddressInfo, connect, createServer } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { isPinned } from '../kit/child.ts';

/** A server of the race: a process of its own on the first core, whatever program it is. */
export interface ServerProcess {
  readonly pid: number;
  readonly port: number;
  /** The last of what it has written, for whoever wonders why it fails. */
  output(): string;
  /** Asks it to stop, and resolves when it has. */
  end(): Promise<void>;
  /** Ends it at once. */
  kill(): void;
  signal(name: NodeJS.Signals): void;
}

export interface ServerOptions {
  readonly label: string;
  /** Arguments for Node.js: a program and what it takes. */
  readonly args: readonly string[];
  readonly port: number;
  readonly env?: Readonly<Record<string, string>>;
  /** Where its output goes. */
  readonly logFile: string;
}

/**
 * The same for all servers: what they hold in memory is compared. The room for young objects is that of the Dockerfile, the
 * rest is what Node.js takes in a container of 1 GB, and what the gateway sets for itself.
 */
export const V8_FLAGS = ['--max-semi-space-size=32', '--max-old-space-size=512', '--no-allocation-site-pretenuring'];

const SERVER_CORE = '0';

const START_MS = 60_000;
const END_MS = 15_000;
const OUTPUT_CHARACTERS = 2_000;

/** A port that nobody has at the moment. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

const accepts = (port: number) =>
  new Promise<boolean>((resolve) => {
    const socket = connect({ port, host: '127.0.0.1' });
    socket.once('connect', () => resolve(true));
    socket.once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });

function spawnServer({ args, env, logFile }: ServerOptions) {
  const log = openSync(logFile, 'a');
  const node = [process.execPath, '--disable-warning=ExperimentalWarning', ...V8_FLAGS, ...args];
  const [command = '', ...rest] = isPinned ? ['taskset', '-c', SERVER_CORE, ...node] : node;
  const child = spawn(command, rest, {
    stdio: ['ignore', log, log],
    env: { ...process.env, NODE_ENV: 'production', ...env },
  });
  closeSync(log);
  return child;
}

/** Starts a server and resolves when it takes connections. */
export async function startServer(options: ServerOptions): Promise<ServerProcess> {
  const child = spawnServer(options);
  let hasEnded = false;
  const ended = new Promise<void>((resolve) => {
    child.once('exit', () => {
      hasEnded = true;
      resolve();
    });
  });
  const output = () => readFileSync(options.logFile, 'utf8').slice(-OUTPUT_CHARACTERS);
  const deadline = performance.now() + START_MS;
  while (!(await accepts(options.port))) {
    if (hasEnded || performance.now() > deadline) {
      child.kill('SIGKILL');
      throw new Error(`${options.label} does not start. The last of what it says:\n${output()}`);
    }
    await wait(50);
  }
  return {
    pid: child.pid ?? 0,
    port: options.port,
    output,
    end: async () => {
      const timer = setTimeout(() => child.kill('SIGKILL'), END_MS);
      child.kill('SIGTERM');
      await ended;
      clearTimeout(timer);
    },
    kill: () => void child.kill('SIGKILL'),
    signal: (name) => void child.kill(name),
  };
}

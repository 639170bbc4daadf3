import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';

/** A gateway in a process of its own, as operators run it. */
export interface GatewayProcess {
  readonly pid: number;
  readonly url: string;
  readonly webSocketUrl: string;
  /** The lines that it has logged. */
  readonly log: readonly string[];
  signal(name: 'SIGSTOP' | 'SIGCONT'): void;
  /** Ends it at once, without a word to anybody. */
  kill(): Promise<void>;
  /** Ends it as an operator does. */
  stop(): Promise<void>;
}

const main = resolve(import.meta.dirname, '../../src/main.ts');

interface Listening {
  readonly url: string;
  readonly webSocketUrl: string;
}

/** The line in which it says where it listens. Every other line goes to the log, now and later. */
function untilListening(child: ChildProcess, log: string[]): Promise<Listening> {
  const { stdout, stderr } = child;
  if (!stdout || !stderr) throw new Error('the output is piped');
  stderr.on('data', (text: Buffer) => log.push(String(text)));
  return new Promise((resolve, reject) => {
    createInterface(stdout).on('line', (line) => {
      log.push(line);
      if (line.includes('"listening"')) resolve(JSON.parse(line) as Listening);
    });
    child.once('close', () => reject(new Error(`the gateway has not started: ${log.join('\n')}`)));
  });
}

/** Starts a gateway with this configuration. Secrets are in `env`. */
export async function startGatewayProcess(
  yaml: string,
  env: Readonly<Record<string, string>>,
): Promise<GatewayProcess> {
  const folder = await mkdtemp(join(tmpdir(), 'gateway-'));
  const file = join(folder, 'gateway.yaml');
  await writeFile(file, yaml);
  const child = spawn(process.execPath, [main, 'start', '--config', file], {
    env: { PATH: process.env.PATH, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const exited = once(child, 'close');
  const log: string[] = [];
  const { url, webSocketUrl } = await untilListening(child, log);
  const end = async (signal: 'SIGKILL' | 'SIGTERM') => {
    if (child.exitCode === null && child.signalCode === null) child.kill(signal);
    await exited;
    await rm(folder, { recursive: true, force: true });
  };
  return {
    ...{ pid: child.pid ?? 0, url, webSocketUrl, log },
    signal: (name) => void child.kill(name),
    kill: () => end('SIGKILL'),
    stop: () => end('SIGTERM'),
  };
}

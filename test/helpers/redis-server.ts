import { execFile, spawn } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { createClient } from '@redis/client';

/** A Redis server of a test's own, on a free port. */
export interface RedisServer {
  readonly url: string;
  /** Sends one command, over a connection of its own. */
  send(...command: string[]): Promise<unknown>;
  /** Has it do nothing, and go on. Its connections stay. */
  signal(name: 'SIGSTOP' | 'SIGCONT'): void;
  /** Ends it at once, as a machine that loses its power does. */
  kill(): Promise<void>;
  /** Starts it again at the same port, with what it had, or without. */
  start(options?: { readonly withData?: boolean }): Promise<void>;
  stop(): Promise<void>;
}

const run = promisify(execFile);

/** Where Debian's packages are unpacked; `npm ci` removes it with everything else. */
const cache = resolve(import.meta.dirname, '../../node_modules/.cache/redis');

/** The server, and what it needs that a bare system does not have. */
const packages = ['redis-server', 'redis-tools', 'liblzf1', 'libjemalloc2', 'libatomic1'];

const howTo = 'These tests need a Redis server. Type: sudo apt-get install redis-server (or: brew install valkey)';

interface Program {
  readonly command: string;
  readonly libraries: string | undefined;
}

function findOnPath(): Program | undefined {
  const folders = (process.env.PATH ?? '').split(delimiter);
  const files = folders.flatMap((folder) => [join(folder, 'redis-server'), join(folder, 'valkey-server')]);
  const command = files.find((file) => existsSync(file));
  return command === undefined ? undefined : { command, libraries: undefined };
}

function findInCache(): Program | undefined {
  const command = join(cache, 'usr/bin/redis-server');
  if (!existsSync(command)) return undefined;
  const libraries = readdirSync(join(cache, 'usr/lib')).map((folder) => join(cache, 'usr/lib', folder));
  return { command, libraries: libraries.join(delimiter) };
}

/** A machine may have no lists of packages, or old ones: then it gets lists of its own, in this folder. */
async function download(folder: string): Promise<void> {
  const options = { cwd: folder };
  try {
    await run('apt-get', ['download', ...packages], options);
  } catch {
    const [lists, archives] = [join(folder, 'lists'), join(folder, 'apt', 'archives')];
    for (const place of [lists, archives]) await mkdir(join(place, 'partial'), { recursive: true });
    const own = ['-o', `Dir::State::lists=${lists}`, '-o', `Dir::Cache=${join(folder, 'apt')}`];
    await run('apt-get', [...own, 'update'], options);
    await run('apt-get', [...own, 'download', ...packages], options);
  }
}

/** Debian's packages, unpacked: no root, and nothing is installed. Two tests that do this at once do no harm. */
async function fetchPackages(): Promise<void> {
  await mkdir(resolve(cache, '..'), { recursive: true });
  const folder = await mkdtemp(`${cache}-`);
  try {
    await download(folder);
    const unpacked = join(folder, 'root');
    const files = readdirSync(folder).filter((file) => file.endsWith('.deb'));
    for (const file of files) await run('dpkg', ['-x', join(folder, file), unpacked]);
    await rename(unpacked, cache).catch((error: unknown) => {
      if (!findInCache()) throw error;
    });
  } catch (error) {
    throw new Error(howTo, { cause: error });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function findProgram(): Promise<Program> {
  const found = findOnPath() ?? findInCache();
  if (found) return found;
  await fetchPackages();
  const fetched = findInCache();
  if (!fetched) throw new Error(howTo);
  return fetched;
}

/** A port that nobody listens on. */
export const freePort = () =>
  new Promise<number>((done, fail) => {
    const server = createServer();
    server.once('error', fail);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => done(typeof address === 'object' && address ? address.port : 0));
    });
  });

async function send(url: string, command: readonly string[]): Promise<unknown> {
  const client = createClient({ url, RESP: 2, socket: { reconnectStrategy: false } });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return await client.sendCommand([...command]);
  } finally {
    client.destroy();
  }
}

async function untilReady(url: string): Promise<void> {
  for (let attempts = 0; ; attempts += 1) {
    try {
      await send(url, ['PING']);
      return;
    } catch (error) {
      if (attempts > 400) throw error;
      await new Promise((done) => setTimeout(done, 25));
    }
  }
}

/** Everything is on disk before it is answered, so that a server that is started again has all that it had. */
const settings = ['--save', '', '--appendfsync', 'always', '--daemonize', 'no', '--loglevel', 'warning'];

/** Starts a server with these settings more. It ends with `stop`, and so do its files. */
export async function startRedis(...more: string[]): Promise<RedisServer> {
  const password = more[more.indexOf('--requirepass') + 1];
  const login = more.includes('--requirepass') ? `:${password}@` : '';
  const { command, libraries } = await findProgram();
  const folder = await mkdtemp(join(tmpdir(), 'redis-'));
  const port = await freePort();
  const url = `redis://${login}127.0.0.1:${port}`;
  const place = ['--bind', '127.0.0.1', '--port', String(port), '--dir', folder];
  let ended: Promise<void> = Promise.resolve();
  let child: ReturnType<typeof spawn> | undefined;
  const start = async () => {
    const env = libraries === undefined ? process.env : { ...process.env, LD_LIBRARY_PATH: libraries };
    const started = spawn(command, [...place, '--appendonly', 'yes', ...settings, ...more], {
      ...{ env, stdio: 'ignore' },
    });
    child = started;
    ended = new Promise((done) => {
      started.once('exit', () => done());
      started.once('error', () => done());
    });
    await untilReady(url);
  };
  const kill = async () => {
    child?.kill('SIGKILL');
    await ended;
  };
  await start();
  return {
    url,
    send: (...words) => send(url, words),
    signal: (name) => void child?.kill(name),
    kill,
    start: async ({ withData = true } = {}) => {
      if (!withData) await rm(join(folder, 'appendonlydir'), { recursive: true, force: true });
      await start();
    },
    stop: async () => {
      await kill();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

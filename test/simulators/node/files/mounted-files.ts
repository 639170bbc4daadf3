import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach } from 'vitest';
import { createClock, type MovableClock } from '../../../../simulators/kit/clock.ts';
import { createFaults } from '../../../../simulators/kit/faults.ts';
import { createHttpServer } from '../../../../simulators/kit/http-server.ts';
import type { SimulatorRequest } from '../../../../simulators/kit/message.ts';
import { createRequestLog } from '../../../../simulators/kit/request-log.ts';
import { createRouter } from '../../../../simulators/kit/router.ts';
import type { Caller } from '../../../../simulators/node/caller.ts';
import { nodeError, refusal } from '../../../../simulators/node/errors.ts';
import type { FileIds } from '../../../../simulators/node/files/file-ids.ts';
import { registerFileRoutes } from '../../../../simulators/node/files/register-file-routes.ts';

/** Who asks: the node user, one of two access keys on the same folder, or a bearer token of the first key. */
export type Asker = 'nodeUser' | 'accessKey' | 'otherKey' | 'admin' | 'ada' | 'bob';

const basic = (name: string) => ({ authorization: `Basic ${Buffer.from(`${name}:secret`).toString('base64')}` });
const bearer = (name: string) => ({ authorization: `Bearer ${name}`, 'x-aspera-accesskey': 'ak1' });

const credentials: Readonly<Record<Asker, Record<string, string>>> = {
  nodeUser: basic('node'),
  accessKey: basic('ak1'),
  otherKey: basic('ak2'),
  admin: bearer('admin'),
  ada: bearer('ada'),
  bob: bearer('bob'),
};

/** Bob is in the group `editors`, Ada in none. */
function callerOf(root: string, { headers }: SimulatorRequest): Caller {
  const [scheme, value = ''] = (headers.authorization ?? '').split(' ');
  const name = scheme === 'Basic' ? Buffer.from(value, 'base64').toString().split(':')[0] : value;
  const nobody = { root, userId: undefined, groupIds: [], accessKeyId: undefined };
  if (scheme === 'Bearer') {
    const groupIds = name === 'bob' ? ['editors'] : [];
    return { ...nobody, kind: 'bearer', accessKeyId: 'ak1', userId: name, groupIds, isAdmin: name === 'admin' };
  }
  if (name === 'node') return { ...nobody, kind: 'nodeUser', isAdmin: true };
  if (name === 'ak1' || name === 'ak2') return { ...nobody, kind: 'accessKey', accessKeyId: name, isAdmin: true };
  throw refusal(401, 'Invalid credentials');
}

export interface Answer<T> {
  readonly status: number;
  readonly headers: Headers;
  readonly bytes: Buffer;
  readonly json: T;
}

export interface CallOptions {
  readonly body?: unknown;
  readonly headers?: Record<string, string>;
}

export interface MountedFiles {
  readonly root: string;
  readonly ids: FileIds;
  readonly clock: MovableClock;
  readonly storage: { readonly root: string; readonly rootFileId: string };
  /** Sends a request as `asker`; a body that is no JSON gives `json` undefined. */
  call<T>(asker: Asker, method: string, path: string, options?: CallOptions): Promise<Answer<T>>;
  /** Writes a file and the folders above it. */
  write(path: string, contents?: string): void;
}

const open: (() => Promise<void>)[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((close) => close()));
});

function parse(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString());
  } catch {
    return undefined;
  }
}

/** A real folder behind the file routes on a real port; both go after the test. */
export async function mountFiles(): Promise<MountedFiles> {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'node-files-')));
  const router = createRouter();
  const clock = createClock();
  const ids = registerFileRoutes(router, {
    authenticate: (request) => callerOf(root, request),
    clock,
    accessKeyOf: (caller) => ({ id: caller.accessKeyId ?? '', rootFileId: '1' }),
  });
  const server = createHttpServer({
    router,
    faults: createFaults(),
    requests: createRequestLog(),
    errorBody: (status, message) => ({ error: nodeError(status, message) }),
  });
  await server.listen();
  open.push(async () => {
    await server.close();
    rmSync(root, { recursive: true, force: true });
  });
  return {
    root,
    ids,
    clock,
    storage: { root, rootFileId: '1' },
    call: async <T>(asker: Asker, method: string, path: string, { body, headers }: CallOptions = {}) => {
      const reply = await fetch(`${server.origin}${path}`, {
        method,
        headers: { ...credentials[asker], ...headers },
        ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      });
      const bytes = Buffer.from(await reply.arrayBuffer());
      return { status: reply.status, headers: reply.headers, bytes, json: parse(bytes) as T };
    },
    write: (path, contents = '') => {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), contents);
    },
  };
}

export interface ErrorBody {
  readonly error: { readonly code: number; readonly reason: string; readonly user_message: string };
}

export interface EntryBody {
  readonly path: string;
  readonly basename: string;
  readonly type: string;
  readonly size: number;
  readonly mtime: string;
  readonly permissions: readonly { readonly name: string }[];
  readonly target?: EntryBody;
}

export interface ListBody {
  readonly self: EntryBody;
  readonly items: readonly EntryBody[];
  readonly item_count: number;
  readonly total_count: number;
  readonly next_iteration_token?: string;
  readonly parameters: Readonly<Record<string, unknown>>;
}

export interface PathsBody {
  readonly paths: readonly (Partial<ErrorBody> & Readonly<Record<string, unknown>>)[];
}

export interface FileBody {
  readonly id: string;
  readonly name: string;
  readonly type: string;
  readonly path?: string;
  readonly size?: number;
  readonly [member: string]: unknown;
}

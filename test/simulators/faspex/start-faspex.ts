import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { importPKCS8, SignJWT } from 'jose';
import {
  createFaspexSimulator,
  type FaspexSimulator,
  type FaspexSimulatorOptions,
} from '../../../simulators/faspex/faspex-simulator.ts';
import { createNodeSimulator, type NodeSimulator } from '../../../simulators/node/node-simulator.ts';
import { createPeerDirectory, type PeerDirectory } from '../../../simulators/node/peers.ts';

export type Json = Readonly<Record<string, unknown>>;

export interface Answer<T = Json> {
  readonly status: number;
  readonly json: T;
  readonly headers: Headers;
}

export interface PackageJson extends Json {
  readonly id: string;
  readonly title: string;
  readonly status: string;
  readonly recipients: readonly { readonly id: string; readonly name: string }[];
}

export interface PackagePage extends Json {
  readonly total_count: number;
  readonly packages: readonly PackageJson[];
}

/** Calls as one user, with paths below /api/v5. */
export interface Api {
  readonly token: string;
  call<T = Json>(method: string, path: string, body?: unknown): Promise<Answer<T>>;
  get<T = Json>(path: string): Promise<Answer<T>>;
  post<T = Json>(path: string, body?: unknown): Promise<Answer<T>>;
  /** Creates a package and gives its id. */
  send(recipient: string, more?: Json): Promise<string>;
}

export const JWT_GRANT = 'urn:ietf:params:oauth:grant-type:jwt-bearer';

/** Claims as ascli 4.27 makes them, seen by a clock that is `aheadSeconds` fast. */
export function claimsFor(faspex: FaspexSimulator, subject: string, aheadSeconds = 0): Json {
  const now = Math.floor(faspex.clock.now() / 1000) + aheadSeconds;
  const times = { iat: now - 299, nbf: now - 300, exp: now + 3600 };
  return { iss: faspex.clientId, aud: faspex.clientId, sub: subject, jti: randomUUID(), ...times };
}

export async function signAssertion(claims: Json, pem: string): Promise<string> {
  return new SignJWT(claims).setProtectedHeader({ alg: 'RS256', typ: 'JWT' }).sign(await importPKCS8(pem, 'RS256'));
}

async function answerOf<T>(response: Response): Promise<Answer<T>> {
  const text = await response.text();
  const json = (text.startsWith('{') || text.startsWith('[') ? JSON.parse(text) : {}) as T;
  return { status: response.status, json, headers: response.headers };
}

export async function requestToken(faspex: FaspexSimulator, form: Record<string, string>): Promise<Answer> {
  return answerOf(await fetch(`${faspex.url}/auth/token`, { method: 'POST', body: new URLSearchParams(form) }));
}

export async function formFor(faspex: FaspexSimulator, claims: Json): Promise<Record<string, string>> {
  const assertion = await signAssertion(claims, faspex.clientPrivateKey);
  return { client_id: faspex.clientId, grant_type: JWT_GRANT, assertion };
}

function apiOf(faspex: FaspexSimulator, token: string): Api {
  const call: Api['call'] = async (method, path, body) =>
    answerOf(
      await fetch(`${faspex.url}/api/v5${path}`, {
        method,
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      }),
    );
  return {
    token,
    call,
    get: (path) => call('GET', path),
    post: (path, body = {}) => call('POST', path, body),
    send: async (recipient, more = {}) => {
      const fields = { title: 'Rushes', recipients: [{ name: recipient }], ...more };
      const { status, json } = await call<PackageJson>('POST', '/packages', fields);
      if (status !== 201) throw new Error(`create answered ${status} ${JSON.stringify(json)}`);
      return json.id;
    },
  };
}

export async function signIn(faspex: FaspexSimulator, username: string): Promise<Api> {
  const { status, json } = await requestToken(faspex, await formFor(faspex, claimsFor(faspex, `user:${username}`)));
  if (status !== 201) throw new Error(`token answered ${status} ${JSON.stringify(json)}`);
  return apiOf(faspex, String(json.access_token));
}

/** The people of the small seed: an admin, a plain user, a manager and another plain user. */
export const AVA = 'ava.lindqvist';
export const TOMAS = 'tomas.rivera';
export const MINA = 'mina.okafor';
export const JONAS = 'jonas.weber';

export interface Running {
  readonly faspex: FaspexSimulator;
  readonly storage: NodeSimulator;
  readonly folder: string;
  readonly peers: PeerDirectory;
  signIn(username: string): Promise<Api>;
  stop(): Promise<void>;
}

/** A Faspex server and the node that stores its packages, in a folder that is gone after `stop`. */
export async function startFaspex(options: Partial<FaspexSimulatorOptions> = {}): Promise<Running> {
  const folder = await mkdtemp(join(tmpdir(), 'faspex-simulator-'));
  const docroot = await mkdtemp(join(folder, 'storage-'));
  const peers = createPeerDirectory();
  const storage = createNodeSimulator({ name: 'storage', docroot, peers });
  await storage.start();
  const { url, username, password } = storage;
  const storageNode = { url, username, password, docroot };
  const faspex = createFaspexSimulator({ storageNode, pollIntervalMs: 15, ...options });
  await faspex.start();
  const stop = async () => {
    await faspex.close();
    await storage.close();
    await rm(folder, { recursive: true, force: true });
  };
  return { faspex, storage, folder, peers, signIn: (name) => signIn(faspex, name), stop };
}

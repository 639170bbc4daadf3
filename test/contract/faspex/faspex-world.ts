import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createFaspexSimulator, type FaspexSimulator } from '../../../simulators/faspex/faspex-simulator.ts';
import { createNodeSimulator, type NodeSimulator } from '../../../simulators/node/node-simulator.ts';
import { createPeerDirectory } from '../../../simulators/node/peers.ts';
import { basic, type Headers } from '../node/credentials.ts';
import { type CallOptions, call } from '../openapi/call.ts';
import { type Answer, type Contract, openContract } from '../openapi/contract.ts';
import { objectAt } from '../openapi/json.ts';
import { createJudge, type Judge } from '../openapi/judge.ts';
import { recordedClaims, signAssertion } from './assertion.ts';
import { checkAnswer, readErrorKinds } from './faspex-rules.ts';

export type Call = (method: string, path: string, body?: unknown, headers?: Headers) => Promise<Answer>;

export interface FaspexWorld {
  readonly contract: Contract;
  readonly judge: Judge;
  readonly faspex: FaspexSimulator;
  readonly storage: NodeSimulator;
  /** Calls to where files to be sent lie: the machine of somebody who runs a client. */
  readonly desks: Call;
  /** Calls without a token; paths below /aspera/faspex. */
  readonly anyone: Call;
  /** Asks for a token as IBM's client does, and calls with it. */
  signIn(username: string): Promise<Call>;
  /** Calls with an Authorization header as it is given. */
  as(authorization: string): Call;
  stop(): Promise<void>;
}

/** More files than IBM's client asks for at once when it browses a package. */
export const MANY = 505;

async function fillDesk(docroot: string): Promise<void> {
  await mkdir(join(docroot, 'local'));
  for (const name of ['a', 'b', 'f']) await writeFile(join(docroot, 'local', `${name}.txt`), 'a file to send\n');
}

function caller(origin: string, credential: Headers, see: (method: string, url: URL, answer: Answer) => void): Call {
  return async (method, path, body, headers = {}) => {
    const url = new URL(`${origin}${path}`);
    const options: CallOptions = { headers: { ...credential, ...headers }, ...(body === undefined ? {} : { body }) };
    const answer = await call(method, url.href, options);
    see(method, url, answer);
    return answer;
  };
}

const formType = { 'content-type': 'application/x-www-form-urlencoded' };

/** The form of a JWT grant as recorded: client id, grant type and assertion, no secret (aspera-apps-api.md §2.1). */
export const tokenForm = (clientId: string, assertion: string): string =>
  new URLSearchParams({
    client_id: clientId,
    grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer',
    assertion,
  }).toString();

export const askForToken = (anyone: Call, clientId: string, assertion: string): Promise<Answer> =>
  anyone('POST', '/auth/token', tokenForm(clientId, assertion), formType);

async function startServers(folder: string) {
  const peers = createPeerDirectory();
  const startNode = async (name: string) => {
    const docroot = join(folder, name);
    await mkdir(docroot);
    const node = createNodeSimulator({ name, docroot, peers });
    await node.start();
    return node;
  };
  const [storage, desk] = [await startNode('storage'), await startNode('desk')];
  await fillDesk(desk.docroot);
  const { url, username, password, docroot } = storage;
  const storageNode = { url, username, password, docroot };
  const faspex = createFaspexSimulator({ storageNode, pollIntervalMs: 50, seed: 'small' });
  await faspex.start();
  const stop = async () => {
    await faspex.close();
    await Promise.all([storage.close(), desk.close()]);
    await rm(folder, { recursive: true, force: true });
  };
  return { faspex, storage, desk, stop };
}

/** A Faspex server whose every answer is held against the contract, its storage node, and a desk to send files from. */
export async function startFaspexWorld(): Promise<FaspexWorld> {
  const { faspex, storage, desk, stop } = await startServers(await mkdtemp(join(tmpdir(), 'contract-faspex-')));
  const contract = openContract('faspex5-openapi-5.0.min.json');
  const judge = createJudge(contract, 'faspex');
  const errorKinds = readErrorKinds();
  const see = (method: string, url: URL, answer: Answer) => {
    judge.see(method, url.pathname, answer);
    checkAnswer(`${method} ${url.pathname}`, answer, errorKinds);
  };
  const anyone = caller(faspex.url, {}, see);
  const as = (authorization: string) => caller(faspex.url, { authorization }, see);
  const signIn = async (username: string) => {
    const assertion = signAssertion(recordedClaims(faspex.clientId, username), faspex.clientPrivateKey);
    const { json } = await askForToken(anyone, faspex.clientId, assertion);
    return as(`Bearer ${objectAt(json).access_token}`);
  };
  const desks = caller(desk.url, basic(desk.username, desk.password), () => undefined);
  return { contract, judge, faspex, storage, desks, anyone, as, signIn, stop };
}

import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createNodeSimulator, type NodeSimulator } from '../../../simulators/node/node-simulator.ts';
import { createPeerDirectory } from '../../../simulators/node/peers.ts';
import { type CallOptions, call } from '../openapi/call.ts';
import { type Answer, type Contract, openContract } from '../openapi/contract.ts';
import { createJudge, type Judge } from '../openapi/judge.ts';
import { type BearerFacts, basic, bearer, type Headers } from './credentials.ts';
import { checkAnswer } from './node-rules.ts';

export type Call = (method: string, path: string, body?: unknown, headers?: Headers) => Promise<Answer>;

/** A node whose every answer is held against the contract. */
export interface JudgedNode {
  readonly simulator: NodeSimulator;
  readonly anyone: Call;
  readonly user: Call;
  readonly key: Call;
  /** A caller with a bearer token of the node's access key. */
  bearer(facts?: Partial<BearerFacts>): Call;
}

export interface NodeWorld {
  readonly contract: Contract;
  readonly judge: Judge;
  readonly london: JudgedNode;
  readonly tokyo: JudgedNode;
  stop(): Promise<void>;
}

/** More entries than IBM's client asks for at once. */
export const MANY = 1_005;
export const BIG_BYTES = 3_000_000;

async function fillDocroot(docroot: string): Promise<void> {
  for (const folder of ['rushes/deep', 'many', 'in', 'spare']) await mkdir(join(docroot, folder), { recursive: true });
  await Promise.all(Array.from({ length: MANY }, (_, index) => writeFile(join(docroot, 'many', `${index}.dpx`), '')));
  await writeFile(join(docroot, 'a.txt'), 'one line\n');
  await writeFile(join(docroot, 'two words.txt'), 'x'.repeat(5_000));
  await writeFile(join(docroot, 'rushes/deep/ä.bin'), randomBytes(2_000));
  await writeFile(join(docroot, 'rushes/big.bin'), randomBytes(BIG_BYTES));
}

function judged(simulator: NodeSimulator, judge: Judge): JudgedNode {
  const as =
    (credential: Headers): Call =>
    async (method, path, body, headers = {}) => {
      const options: CallOptions = { headers: { ...credential, ...headers }, ...(body === undefined ? {} : { body }) };
      const answer = await call(method, `${simulator.url}${path}`, options);
      judge.see(method, new URL(path, simulator.url).pathname, answer);
      checkAnswer(`${method} ${path}`, answer);
      return answer;
    };
  const { accessKeyId, accessKeyPrivateKey: privateKey } = simulator;
  return {
    simulator,
    anyone: as({}),
    user: as(basic(simulator.username, simulator.password)),
    key: as(basic(accessKeyId, simulator.accessKeySecret)),
    bearer: (facts = {}) => as(bearer({ accessKeyId, privateKey, ...facts })),
  };
}

/** Two nodes that know of each other, with the same files in their docroots. */
export async function startNodeWorld(): Promise<NodeWorld> {
  const folder = await mkdtemp(join(tmpdir(), 'contract-node-'));
  const contract = openContract('node-api-4.4.6.openapi.yaml');
  const judge = createJudge(contract, 'node');
  const peers = createPeerDirectory();
  const start = async (name: string) => {
    const docroot = join(folder, name);
    await mkdir(docroot);
    await fillDocroot(docroot);
    const simulator = createNodeSimulator({ name, docroot, peers });
    await simulator.start();
    return judged(simulator, judge);
  };
  const [london, tokyo] = [await start('london'), await start('tokyo')];
  const stop = async () => {
    await Promise.all([london.simulator.close(), tokyo.simulator.close()]);
    await rm(folder, { recursive: true, force: true });
  };
  return { contract, judge, london, tokyo, stop };
}

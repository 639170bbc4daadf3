import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createFaspexSimulator } from '../../simulators/faspex/faspex-simulator.ts';
import { createNodeSimulator } from '../../simulators/node/node-simulator.ts';
import { answerQuestions } from '../kit/child.ts';
import { type Callers, type CallersOptions, connectCallers } from './callers.ts';
import type { FaspexPlace } from './serve.ts';

/** The process of the Faspex server and of everybody who calls. */
type Question =
  | { readonly ask: 'faspex' }
  | ({ readonly ask: 'connect' } & CallersOptions)
  /** Calls for so long. */
  | { readonly ask: 'call'; readonly milliseconds: number }
  | { readonly ask: 'disconnect' }
  | { readonly ask: 'close' };

let callers: Callers | undefined;
let close = async () => {};

async function startFaspex(): Promise<FaspexPlace> {
  const docroot = await mkdtemp(join(tmpdir(), 'processes-'));
  const node = createNodeSimulator({ name: 'storage', docroot });
  await node.start();
  const faspex = createFaspexSimulator({ storageNode: node, seed: 'full' });
  await faspex.start();
  close = async () => {
    await faspex.close();
    await node.close();
    await rm(docroot, { recursive: true, force: true });
  };
  const { url, clientId, clientPrivateKey: privateKey, users } = faspex;
  return { url, clientId, privateKey, serviceUser: users[0]?.username ?? '' };
}

answerQuestions<Question>(async (question) => {
  switch (question.ask) {
    case 'faspex':
      return startFaspex();
    case 'connect':
      callers = await connectCallers(question);
      return {};
    case 'call':
      return { answered: (await callers?.call(question.milliseconds)) ?? 0 };
    case 'disconnect':
      await callers?.close();
      return {};
    case 'close':
      await close();
      return {};
  }
});

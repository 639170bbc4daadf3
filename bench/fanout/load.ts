import { setTimeout as wait } from 'node:timers/promises';
import { answerQuestions } from '../kit/child.ts';
import { cpuMs } from '../kit/usage.ts';
import { type CannedNode, startCannedNode } from './canned-node.ts';
import { type Received, type SubscribersOptions, subscribe } from './subscribers.ts';

/** The other process: the node that is watched, and everybody who watches. */
type Question =
  | { readonly ask: 'node' }
  | ({ readonly ask: 'subscribe' } & SubscribersOptions)
  | { readonly ask: 'begin' }
  | { readonly ask: 'end' };

export interface Measured extends Received {
  /** What would have been received if nobody had missed anything. */
  readonly expected: number;
  readonly ms: number;
  /** Share of its core that this process used. */
  readonly busy: number;
}

let node: CannedNode | undefined;
let subscribers: Awaited<ReturnType<typeof subscribe>> | undefined;
let count = 0;
let began = { polls: 0, atMs: 0, cpuMs: 0 };

function finish(): Measured {
  const received = subscribers?.take() ?? { messages: 0, p50Ms: 0, p99Ms: 0 };
  const polls = (node?.polls ?? 0) - began.polls;
  const ms = performance.now() - began.atMs;
  return { ...received, ms, expected: polls * count, busy: (cpuMs() - began.cpuMs) / ms };
}

/** What has been polled is given time to arrive, so that a window ends between two events. */
async function quiesce(): Promise<void> {
  const polls = node?.polls ?? 0;
  while (node?.polls === polls) await wait(1);
}

answerQuestions<Question>(async (question) => {
  if (question.ask === 'node') {
    node = await startCannedNode();
    return { url: node.url };
  }
  if (question.ask === 'subscribe') {
    count = question.count;
    subscribers = await subscribe(question);
    return {};
  }
  await quiesce();
  if (question.ask === 'end') return finish();
  subscribers?.take();
  began = { polls: node?.polls ?? 0, atMs: performance.now(), cpuMs: cpuMs() };
  return {};
});

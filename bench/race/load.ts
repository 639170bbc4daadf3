import { setTimeout as wait } from 'node:timers/promises';
import { answerQuestions } from '../kit/child.ts';
import { createIssuer, type Issuer, STRANGERS, signCallers } from './callers.ts';
import { createLatencies } from './latencies.ts';
import { type DialectName, dialects, type Workload } from './operations.ts';
import { cpuMsOf } from './process-usage.ts';
import { type Mode, prepareRequests, type RequestOptions, type Requests } from './requests.ts';
import { type Answer, drive } from './traffic.ts';

/** The other side: the callers. */
type Question =
  | { readonly ask: 'issuer' }
  | { readonly ask: 'prepare'; readonly packageIds: readonly string[] }
  | ({ readonly ask: 'greet' } & Target)
  | ({ readonly ask: 'run' } & RunOptions);

interface Target {
  readonly port: number;
  readonly mode: Mode;
  readonly dialect: DialectName;
}

export interface RunOptions extends Target {
  readonly workload: Workload;
  /** Processes whose CPU time is read at both ends of the window. */
  readonly serverPid: number;
  readonly upstreamPid: number;
  /** Milliseconds before anything is counted. */
  readonly settleMs: number;
  readonly measureMs: number;
  /** Bytes of the right answer, by the number of the package that is asked for; the only one for a list. */
  readonly answerBytes: readonly number[];
}

/** What was seen in a window of time. */
export interface Measured {
  readonly requests: number;
  readonly ms: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly serverCpuMs: number;
  /** Of upstream and load together: they share a core. */
  readonly otherCpuMs: number;
  /** Requests before and after the window too. */
  readonly allRequests: number;
  /** Answers that were not as they should be, at any time. */
  readonly wrong: number;
}

/** What the servers in the race are told about the callers. */
export interface Prepared {
  /** Gateway tokens of the first callers, to compare answers with. */
  readonly gatewayTokens: readonly string[];
}

const CONNECTIONS = 32;

/** Callers whose answers are compared before anything is timed. */
const COMPARED = 256;

let issuer: Issuer | undefined;
let asking: Omit<RequestOptions, 'mode' | 'dialect'> = { packageIds: [], gatewayTokens: [] };
const requests = new Map<string, Requests>();
const latencies = createLatencies();

async function prepare(packageIds: readonly string[]): Promise<Prepared> {
  if (!issuer) throw new Error('there is no issuer yet');
  const gatewayTokens = await signCallers(issuer, STRANGERS);
  asking = { packageIds, gatewayTokens };
  return { gatewayTokens: gatewayTokens.slice(0, COMPARED) };
}

/** Made when they are first needed, and then used again: callers go on where they have stopped. */
function requestsOf({ mode, dialect }: Target): Requests {
  const key = `${mode} ${dialect}`;
  const found = requests.get(key) ?? prepareRequests({ ...asking, mode, dialect: dialects[dialect] });
  requests.set(key, found);
  return found;
}

/** Has every caller of a mode say hello once. */
async function greet(target: Target): Promise<{ refused: number }> {
  const waiting = [...requestsOf(target).greetings()];
  let refused = 0;
  const onAnswer = ({ isSuccess }: Answer) => {
    if (!isSuccess) refused += 1;
  };
  await drive({ port: target.port, connections: CONNECTIONS, next: () => waiting.pop(), onAnswer });
  return { refused };
}

async function run(options: RunOptions): Promise<Measured> {
  const { port, workload, serverPid, upstreamPid, answerBytes } = options;
  const { next } = requestsOf(options);
  let isOver = false;
  let isCounting = false;
  let allRequests = 0;
  let wrong = 0;
  const driving = drive({
    port,
    connections: CONNECTIONS,
    next: () => (isOver ? undefined : next(workload)),
    onAnswer: ({ request, isSuccess, bodyBytes, ms }) => {
      allRequests += 1;
      if (!isSuccess || bodyBytes !== answerBytes[request.answer]) wrong += 1;
      if (isCounting) latencies.add(ms);
    },
  });
  const usage = () => ({
    ms: performance.now(),
    serverCpuMs: cpuMsOf(serverPid),
    otherCpuMs: cpuMsOf(upstreamPid) + cpuMsOf(process.pid),
  });
  // A connection that breaks ends the window at once.
  const pass = (milliseconds: number) => Promise.race([wait(milliseconds), driving]);
  try {
    await pass(options.settleMs);
    latencies.clear();
    const before = usage();
    isCounting = true;
    await pass(options.measureMs);
    isCounting = false;
    const after = usage();
    isOver = true;
    await driving;
    return {
      requests: latencies.count,
      ms: after.ms - before.ms,
      p50Ms: latencies.percentile(0.5),
      p99Ms: latencies.percentile(0.99),
      serverCpuMs: after.serverCpuMs - before.serverCpuMs,
      otherCpuMs: after.otherCpuMs - before.otherCpuMs,
      allRequests,
      wrong,
    };
  } finally {
    isOver = true;
  }
}

answerQuestions<Question>(async (question) => {
  if (question.ask === 'issuer') {
    issuer = await createIssuer();
    return { jwks: issuer.jwks };
  }
  if (question.ask === 'prepare') return prepare(question.packageIds);
  return question.ask === 'greet' ? greet(question) : run(question);
});

import { randomUUID } from 'node:crypto';
import type { Logger } from 'pino';
import type { Progress } from '../progress/progress.ts';
import type { Deadlines } from '../transport/deadlines.ts';
import { createRequestBudget } from '../transport/request-budget.ts';
import type { Signal } from '../transport/signal.ts';
import type { Caller } from './actor.ts';
import { type BoundSource, bindSource, type OpenableSource } from './bound-source.ts';
import type { OperationContext, Sources } from './context.ts';
import { OperationAnswered } from './end-of-operation.ts';
import { type Follower, followSignal } from './follow-signal.ts';
import type { KeptSpecs } from './kept-specs.ts';
import type { Ownership } from './ownership.ts';
import { OutOfReach, type Reach, type SourceKind } from './reach.ts';
import type { SourceRegistry } from './registry.ts';
import type { SpecMakers } from './spec-makers.ts';

/** What lives as long as the process. */
export interface ContextDeps {
  readonly sources: Sources;
  readonly ownership: Ownership;
  readonly progress: Progress;
  readonly keptSpecs: KeptSpecs;
  readonly specMakers: SpecMakers;
  readonly logger: Logger;
  /** Requests that one operation may make to one source. */
  readonly upstreamRequests: number;
  /** The ends of operations and events, by one timer for all. */
  readonly deadlines: Deadlines;
  /** Where clients keep the key with which ascp opens a session for a token. */
  readonly bypassKeyFile?: string | undefined;
}

/** What a door knows of one operation. */
export interface Arrival extends Caller {
  /** Aborted when the client goes away. */
  readonly signal: Signal;
  /** The sources that may be used; all when left out. */
  readonly reach?: Reach | undefined;
  /** Where the operation is of no one viewer: what the log has in the place of their id. */
  readonly group?: string | undefined;
}

/** One for all: making an error costs as much as a small query. */
const answered = new OperationAnswered();

/** Bound sources of one kind, made when first asked for and kept until `clear`. */
function bindOnDemand<Client, Loaders, Source extends OpenableSource<Client, Loaders>>(
  registry: SourceRegistry<Source>,
  bind: (source: Source) => BoundSource<Source, Client, Loaders>,
  demandReach: (name: string) => void,
) {
  let bound: Map<string, BoundSource<Source, Client, Loaders>> | undefined;
  return {
    get: (name: string | null | undefined) => {
      const source = registry.get(name);
      demandReach(source.name);
      const known = bound?.get(source.name) ?? bind(source);
      // Most operations use one kind of source, or two.
      bound ??= new Map();
      bound.set(source.name, known);
      return known;
    },
    clear: () => bound?.clear(),
  };
}

/** Made when it is first needed: of a subscription that joins a group, neither signal nor logger ever is. */
function onDemand<T>(make: () => T) {
  let made: { readonly value: T } | undefined;
  return {
    get: () => {
      made ??= { value: make() };
      return made.value;
    },
  };
}

function createLoggerOnDemand({ logger }: ContextDeps, { viewer, group }: Arrival, requestId: string) {
  return onDemand(() => logger.child({ requestId, ...(group === undefined ? { viewer: viewer.id } : { group }) }));
}

/** The time, the budget and the end of an operation, and of the event of it that is being told. */
function createCalls({ upstreamRequests, deadlines }: ContextDeps, { signal }: Arrival, eventMs: number | undefined) {
  const operation = onDemand(() => followSignal(signal, deadlines));
  let event: Follower | undefined;
  let limitMs = eventMs;
  let budget = createRequestBudget(upstreamRequests);
  let spentBefore = 0;
  const present = () => (event ?? operation.get()).signal;
  return {
    operation: operation.get,
    present,
    call: () => ({ signal: present(), budget }),
    beginEvent: () => {
      event?.release();
      event = followSignal(operation.get().signal, deadlines);
      if (limitMs !== undefined) event.limit(limitMs);
      spentBefore += budget.total();
      budget = createRequestBudget(upstreamRequests);
    },
    spent: () => spentBefore + budget.total(),
    endEvent: () => event?.release(),
    limitEvents: (milliseconds: number) => {
      limitMs = milliseconds;
    },
    eventMs: () => limitMs,
  };
}

function bindAll({ sources }: ContextDeps, arrival: Arrival, call: ReturnType<typeof createCalls>['call']) {
  const { reach } = arrival;
  const demand = (kind: SourceKind) => (name: string) => {
    if (reach && !reach.has(kind, name)) throw new OutOfReach(kind, name);
  };
  return {
    faspex: bindOnDemand(sources.faspex, (source) => bindSource(source, arrival, call()), demand('faspex')),
    node: bindOnDemand(sources.node, (source) => bindSource(source, arrival, call()), demand('node')),
    faircom: bindOnDemand(sources.faircom, (source) => bindSource(source, arrival, call()), demand('faircom')),
    transferd: bindOnDemand(sources.transferd, (source) => bindSource(source, arrival, call()), demand('transferd')),
  };
}

function fork(deps: ContextDeps, arrival: Arrival, { operation, eventMs }: ReturnType<typeof createCalls>) {
  const follower = followSignal(operation().signal, deps.deadlines);
  const context = openContext(deps, { ...arrival, signal: follower.signal }, eventMs());
  const end = () => {
    context.endEvent();
    follower.release();
  };
  return { context, end };
}

/** What is made for an operation when somebody asks for it. */
interface Parts {
  readonly calls: ReturnType<typeof createCalls>;
  readonly logger: ReturnType<typeof createLoggerOnDemand>;
}

/**
 * Written into each context, accessors would give each a hidden class of its own, which V8 keeps among what lives long,
 * and with it all of the operation until the next full collection of garbage.
 */
const accessors = {
  get logger(): Logger {
    return (this as unknown as { readonly parts: Parts }).parts.logger.get();
  },
  get signal(): Signal {
    return (this as unknown as { readonly parts: Parts }).parts.calls.operation().signal;
  },
  get presentSignal(): Signal {
    return (this as unknown as { readonly parts: Parts }).parts.calls.present();
  },
};

function openContext(deps: ContextDeps, arrival: Arrival, eventMs: number | undefined): OperationContext {
  const { sources, ownership, progress, keptSpecs, specMakers, bypassKeyFile } = deps;
  const { viewer, upstreamTokens } = arrival;
  const requestId = randomUUID();
  const calls = createCalls(deps, arrival, eventMs);
  const parts: Parts = { calls, logger: createLoggerOnDemand(deps, arrival, requestId) };
  const { faspex, node, faircom, transferd } = bindAll(deps, arrival, calls.call);
  return Object.assign(Object.create(accessors) as typeof accessors, {
    ...{ parts, viewer, upstreamTokens, requestId },
    ...{ sources, ownership, progress, keptSpecs, specMakers, bypassKeyFile },
    faspex: faspex.get,
    node: node.get,
    faircom: faircom.get,
    transferd: transferd.get,
    upstreamCalls: calls.spent,
    beginEvent: () => {
      calls.beginEvent();
      for (const kind of [faspex, node, faircom, transferd]) kind.clear();
    },
    endEvent: calls.endEvent,
    fork: () => fork(deps, arrival, calls),
    limitTime: (milliseconds: number, rest: 'finish' | 'abort') => {
      const { limit, release, end } = calls.operation();
      limit(milliseconds);
      return rest === 'finish' ? release : () => end(answered);
    },
    limitEvents: calls.limitEvents,
  });
}

/**
 * The same factory for HTTP, SSE and WebSocket.
 * @throws OutOfReach from `faspex`, `node` and `faircom` for a source outside of `reach`
 */
export const createContext = (deps: ContextDeps, arrival: Arrival): OperationContext =>
  openContext(deps, arrival, undefined);

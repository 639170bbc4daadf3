import { randomUUID } from 'node:crypto';
import type { Logger } from 'pino';
import type { Viewer } from '../identity/viewer.ts';
import type { Progress } from '../progress/progress.ts';
import type { Deadlines } from '../transport/deadlines.ts';
import { createRequestBudget, type RequestBudget } from '../transport/request-budget.ts';
import type { Signal } from '../transport/signal.ts';
import type { Caller } from './actor.ts';
import { type BoundSource, bindSource, type OpenableSource } from './bound-source.ts';
import type { OperationContext, Sources } from './context.ts';
import { OperationAnswered } from './end-of-operation.ts';
import { type Follower, followSignal } from './follow-signal.ts';
import type { KeptSpecs } from './kept-specs.ts';
import type { Ownership } from './ownership.ts';
import { OutOfReach, type Reach, type SourceKind } from './reach.ts';
import type { SpecMakers } from './spec-makers.ts';
import type { UpstreamTokens } from './upstream-tokens.ts';

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

/** The time, the budget and the end of an operation, and of the event of it that is being told. */
class Calls {
  readonly #deps: ContextDeps;
  readonly #leader: Signal;
  #operation: Follower | undefined;
  #event: Follower | undefined;
  #eventMs: number | undefined;
  #budget: RequestBudget;
  #spentBefore = 0;

  constructor(deps: ContextDeps, leader: Signal, eventMs: number | undefined) {
    this.#deps = deps;
    this.#leader = leader;
    this.#eventMs = eventMs;
    this.#budget = createRequestBudget(deps.upstreamRequests);
  }

  /** Made when it is first needed: of a subscription that joins a group, it never is. */
  get operation(): Follower {
    this.#operation ??= followSignal(this.#leader, this.#deps.deadlines);
    return this.#operation;
  }

  get present(): Signal {
    return (this.#event ?? this.operation).signal;
  }

  get call() {
    return { signal: this.present, budget: this.#budget };
  }

  get spent(): number {
    return this.#spentBefore + this.#budget.total();
  }

  get eventMs(): number | undefined {
    return this.#eventMs;
  }

  limitEvents(milliseconds: number): void {
    this.#eventMs = milliseconds;
  }

  beginEvent(): void {
    this.#event?.release();
    this.#event = followSignal(this.operation.signal, this.#deps.deadlines);
    if (this.#eventMs !== undefined) this.#event.limit(this.#eventMs);
    this.#spentBefore += this.#budget.total();
    this.#budget = createRequestBudget(this.#deps.upstreamRequests);
  }

  endEvent(): void {
    this.#event?.release();
  }
}

/** Nothing is bound yet. */
const noSource: readonly { readonly source: object }[] = [];

/**
 * A class, so that an operation is made by filling in a few members: with a function for each of what it can do, and an
 * object around each few of them, making it took as long as all of GraphQL does for a small query.
 */
class Operation implements OperationContext {
  readonly viewer: Viewer;
  readonly upstreamTokens: UpstreamTokens | undefined;
  readonly requestId = randomUUID();
  readonly #deps: ContextDeps;
  readonly #arrival: Arrival;
  readonly #calls: Calls;
  #logger: Logger | undefined;
  /** Most operations use one source, or two. */
  #bound = noSource;

  constructor(deps: ContextDeps, arrival: Arrival, eventMs: number | undefined) {
    this.viewer = arrival.viewer;
    this.upstreamTokens = arrival.upstreamTokens;
    this.#deps = deps;
    this.#arrival = arrival;
    this.#calls = new Calls(deps, arrival.signal, eventMs);
  }

  get sources() {
    return this.#deps.sources;
  }

  get ownership() {
    return this.#deps.ownership;
  }

  get progress() {
    return this.#deps.progress;
  }

  get keptSpecs() {
    return this.#deps.keptSpecs;
  }

  get specMakers() {
    return this.#deps.specMakers;
  }

  get bypassKeyFile() {
    return this.#deps.bypassKeyFile;
  }

  get logger(): Logger {
    const { viewer, group } = this.#arrival;
    const whose = group === undefined ? { viewer: viewer.id } : { group };
    this.#logger ??= this.#deps.logger.child({ requestId: this.requestId, ...whose });
    return this.#logger;
  }

  get signal(): Signal {
    return this.#calls.operation.signal;
  }

  get presentSignal(): Signal {
    return this.#calls.present;
  }

  faspex(name?: string | null) {
    return this.#bind('faspex', this.sources.faspex.get(name));
  }

  node(name?: string | null) {
    return this.#bind('node', this.sources.node.get(name));
  }

  faircom(name?: string | null) {
    return this.#bind('faircom', this.sources.faircom.get(name));
  }

  transferd(name?: string | null) {
    return this.#bind('transferd', this.sources.transferd.get(name));
  }

  upstreamCalls(): number {
    return this.#calls.spent;
  }

  beginEvent(): void {
    this.#calls.beginEvent();
    this.#bound = noSource;
  }

  endEvent(): void {
    this.#calls.endEvent();
  }

  fork() {
    const follower = followSignal(this.signal, this.#deps.deadlines);
    const context = new Operation(this.#deps, { ...this.#arrival, signal: follower.signal }, this.#calls.eventMs);
    const end = () => {
      context.endEvent();
      follower.release();
    };
    return { context, end };
  }

  limitTime(milliseconds: number, rest: 'finish' | 'abort'): () => void {
    const follower = this.#calls.operation;
    follower.limit(milliseconds);
    return rest === 'finish' ? () => follower.release() : () => follower.end(answered);
  }

  limitEvents(milliseconds: number): void {
    this.#calls.limitEvents(milliseconds);
  }

  /** The source as this operation uses it, bound when it is first asked for. */
  #bind<Client, Loaders, Source extends OpenableSource<Client, Loaders>>(
    kind: SourceKind,
    source: Source & OpenableSource<Client, Loaders>,
  ): BoundSource<Source, Client, Loaders> {
    const { reach } = this.#arrival;
    if (reach && !reach.has(kind, source.name)) throw new OutOfReach(kind, source.name);
    const known = this.#bound.find((bound) => bound.source === source);
    if (known) return known as BoundSource<Source, Client, Loaders>;
    const bound = bindSource<Client, Loaders, Source>(source, this.#arrival, this.#calls.call);
    this.#bound = [...this.#bound, bound];
    return bound;
  }
}

/**
 * The same factory for HTTP, SSE and WebSocket.
 * @throws OutOfReach from `faspex`, `node` and `faircom` for a source outside of `reach`
 */
export const createContext = (deps: ContextDeps, arrival: Arrival): OperationContext =>
  new Operation(deps, arrival, undefined);

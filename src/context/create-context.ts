import { randomUUID } from 'node:crypto';
import type { Logger } from 'pino';
import type { Viewer } from '../identity/viewer.ts';
import type { Progress } from '../progress/progress.ts';
import { createRequestBudget } from '../transport/request-budget.ts';
import { type BoundSource, bindSource, type OpenableSource } from './bound-source.ts';
import type { OperationContext, Sources } from './context.ts';
import { type Follower, followSignal } from './follow-signal.ts';
import type { KeptSpecs } from './kept-specs.ts';
import type { Ownership } from './ownership.ts';
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
  /** Where clients keep the key with which ascp opens a session for a token. */
  readonly bypassKeyFile?: string | undefined;
}

/** What a door knows of one operation. */
export interface Arrival {
  readonly viewer: Viewer;
  /** Aborted when the client goes away. */
  readonly signal: AbortSignal;
}

/** Bound sources of one kind, made when first asked for and kept until `clear`. */
function bindOnDemand<Client, Loaders, Source extends OpenableSource<Client, Loaders>>(
  registry: SourceRegistry<Source>,
  bind: (source: Source) => BoundSource<Source, Client, Loaders>,
) {
  const bound = new Map<string, BoundSource<Source, Client, Loaders>>();
  return {
    get: (name: string | null | undefined) => {
      const source = registry.get(name);
      const known = bound.get(source.name) ?? bind(source);
      bound.set(source.name, known);
      return known;
    },
    clear: () => bound.clear(),
  };
}

/** The same factory for HTTP, SSE and WebSocket. */
export function createContext(deps: ContextDeps, { viewer, signal }: Arrival): OperationContext {
  const requestId = randomUUID();
  const logger = deps.logger.child({ requestId, viewer: viewer.id });
  const operation = followSignal(signal);
  let event: Follower | undefined;
  let eventMs: number | undefined;
  let budget = createRequestBudget(deps.upstreamRequests);
  const present = () => (event ?? operation).signal;
  const call = () => ({ signal: present(), budget });
  const faspex = bindOnDemand(deps.sources.faspex, (source) => bindSource(source, viewer, call()));
  const node = bindOnDemand(deps.sources.node, (source) => bindSource(source, viewer, call()));
  const faircom = bindOnDemand(deps.sources.faircom, (source) => bindSource(source, viewer, call()));
  const transferd = bindOnDemand(deps.sources.transferd, (source) => bindSource(source, viewer, call()));
  return {
    viewer,
    requestId,
    logger,
    signal: operation.signal,
    get presentSignal() {
      return present();
    },
    sources: deps.sources,
    ownership: deps.ownership,
    progress: deps.progress,
    bypassKeyFile: deps.bypassKeyFile,
    keptSpecs: deps.keptSpecs,
    specMakers: deps.specMakers,
    faspex: faspex.get,
    node: node.get,
    faircom: faircom.get,
    transferd: transferd.get,
    beginEvent: () => {
      event?.release();
      event = followSignal(operation.signal);
      if (eventMs !== undefined) event.limit(eventMs);
      budget = createRequestBudget(deps.upstreamRequests);
      for (const kind of [faspex, node, faircom, transferd]) kind.clear();
    },
    endEvent: () => event?.release(),
    limitTime: (milliseconds) => {
      operation.limit(milliseconds);
      return operation.release;
    },
    limitEvents: (milliseconds) => {
      eventMs = milliseconds;
    },
  };
}

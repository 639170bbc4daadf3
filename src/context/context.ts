import type { Logger } from 'pino';
import type { Viewer } from '../identity/viewer.ts';
import type { Progress } from '../progress/progress.ts';
import type { FairComClient, FairComLoaders, FairComSource } from '../sources/faircom/source.ts';
import type { FaspexClient, FaspexLoaders, FaspexSource } from '../sources/faspex/source.ts';
import type { NodeClient, NodeLoaders, NodeSource } from '../sources/node/source.ts';
import type { TransferdClient, TransferdLoaders, TransferdSource } from '../sources/transferd/source.ts';
import type { Signal } from '../transport/signal.ts';
import type { BoundSource } from './bound-source.ts';
import type { KeptSpecs } from './kept-specs.ts';
import type { Ownership } from './ownership.ts';
import type { SourceRegistry } from './registry.ts';
import type { SpecMakers } from './spec-makers.ts';
import type { UpstreamTokens } from './upstream-tokens.ts';

/** The process-wide sources. */
export interface Sources {
  readonly faspex: SourceRegistry<FaspexSource>;
  readonly node: SourceRegistry<NodeSource>;
  readonly faircom: SourceRegistry<FairComSource>;
  readonly transferd: SourceRegistry<TransferdSource>;
}

export type BoundFaspex = BoundSource<FaspexSource, FaspexClient, FaspexLoaders>;
export type BoundFairCom = BoundSource<FairComSource, FairComClient, FairComLoaders>;
export type BoundNode = BoundSource<NodeSource, NodeClient, NodeLoaders>;
export type BoundTransferd = BoundSource<TransferdSource, TransferdClient, TransferdLoaders>;

/** Everything that one operation may use. A new one is made for each operation, whichever door it came through. */
export interface OperationContext {
  readonly viewer: Viewer;
  /** What the viewer has sent along for the sources; undefined where no source is called with such tokens. */
  readonly upstreamTokens: UpstreamTokens | undefined;
  readonly requestId: string;
  readonly logger: Logger;
  /** Aborted when the client goes away or the operation's deadline has passed. */
  readonly signal: Signal;
  /** Aborted with `signal`, and also when the event of a subscription that is being told takes too long. */
  readonly presentSignal: Signal;
  readonly sources: Sources;
  readonly ownership: Ownership;
  readonly progress: Progress;
  /** Where clients keep the key with which ascp opens a session for a token; undefined when the operator did not say. */
  readonly bypassKeyFile: string | undefined;
  readonly keptSpecs: KeptSpecs;
  readonly specMakers: SpecMakers;
  /** The source with this name (the only one of its kind, when there is one), bound to this operation's viewer. */
  faspex(name?: string | null): BoundFaspex;
  node(name?: string | null): BoundNode;
  faircom(name?: string | null): BoundFairCom;
  transferd(name?: string | null): BoundTransferd;
  /** How many requests have been made to sources so far, those included that are shared with others. */
  upstreamCalls(): number;
  /** Called for each event of a subscription: fresh loaders and a fresh budget, so that nothing old is shown. */
  beginEvent(): void;
  /** Called when an event has been told: its time does not run any longer. */
  endEvent(): void;
  /** A context of the same viewer for work beside the event that is being told. Call `end` when that is done. */
  fork(): { readonly context: OperationContext; end(): void };
  /**
   * Aborts the operation's upstream calls after this time; call what it gives when the operation has been answered. What
   * is still under way then is left to finish, or aborted.
   */
  limitTime(milliseconds: number, rest: 'finish' | 'abort'): () => void;
  /** Aborts the upstream calls of each event of a subscription after this time; the subscription goes on. */
  limitEvents(milliseconds: number): void;
}

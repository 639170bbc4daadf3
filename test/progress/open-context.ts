import { pino } from 'pino';
import { onTestFinished } from 'vitest';
import type { OperationContext } from '../../src/context/context.ts';
import { createContext } from '../../src/context/create-context.ts';
import { createKeptSpecs } from '../../src/context/kept-specs.ts';
import { createOwnership } from '../../src/context/ownership.ts';
import { createRegistry } from '../../src/context/registry.ts';
import { createSpecMakers } from '../../src/context/spec-makers.ts';
import type { Progress } from '../../src/progress/progress.ts';
import { type TransferEvent, transferProgress } from '../../src/resolvers/node/transfer-progress.ts';
import type { NodeSource } from '../../src/sources/node/source.ts';
import { createDeadlines } from '../../src/transport/deadlines.ts';

const ownership = createOwnership('a key of this test');

/** The tags by which a transfer is known to be ada's. */
export const adasTags = ownership.tagsFor('key:ada');

/** The context of one operation of a viewer who sees their own transfers. */
export function openContext(source: NodeSource, progress: Progress, name = 'ada') {
  const aborter = new AbortController();
  const viewer = {
    ...{ id: `key:${name}`, name, scopes: new Set(['transfer.read'] as const), claims: {} },
    ...{ issuer: undefined, expiresAt: undefined },
  };
  const context: OperationContext = createContext(
    {
      sources: {
        faspex: createRegistry('faspex', []),
        node: createRegistry('node', [source]),
        faircom: createRegistry('faircom', []),
        transferd: createRegistry('transferd', []),
      },
      ...{ keptSpecs: createKeptSpecs(), specMakers: createSpecMakers() },
      ...{ ownership, progress, logger: pino({ level: 'silent' }), upstreamRequests: 50, deadlines: createDeadlines() },
    },
    { viewer, signal: aborter.signal },
  );
  return { context, abort: () => aborter.abort() };
}

/** A subscription to the life of one transfer, with everything that it was told. */
export interface Subscription {
  readonly told: TransferEvent[];
  end: { readonly error: unknown } | 'over' | undefined;
  abort(): void;
}

export interface SubscribeOptions {
  readonly after?: string | undefined;
  readonly viewer?: string;
}

export function watchTransfer(
  { source, progress }: { readonly source: NodeSource; readonly progress: Progress },
  transferId: string,
  { after, viewer }: SubscribeOptions = {},
): Subscription {
  const { context, abort } = openContext(source, progress, viewer);
  const events = transferProgress(context.node(source.name), transferId, after, context);
  const subscription: Subscription = { told: [], end: undefined, abort };
  const read = async () => {
    for await (const event of events) subscription.told.push(event);
    subscription.end = 'over';
  };
  read().catch((error: unknown) => {
    subscription.end = { error };
  });
  onTestFinished(abort);
  return subscription;
}

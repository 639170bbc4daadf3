import type { NodeSource } from '../sources/node/source.ts';
import type { NodeTransfer, TransferFeed } from '../sources/node/types.ts';
import { SourceError } from '../transport/source-error.ts';
import type { UpstreamIdentity } from '../transport/upstream.ts';
import type { PollResult } from './topic.ts';

/** How far before the node's present the feed starts. What is older changes too, and then the feed tells it. */
const LOOK_BACK_MS = 5 * 60_000;

/** Pages read in one poll at most; the rest comes with the next poll. */
const MAX_PAGES = 20;

interface FeedState {
  token: string | undefined;
  /** Transfers that were under way when last seen. */
  readonly active: Set<string>;
}

export const isTerminal = (transfer: NodeTransfer): boolean =>
  transfer.status === 'COMPLETED' || transfer.status === 'FAILED' || transfer.status === 'CANCELED';

const isTransfer = (item: NodeTransfer | SourceError): item is NodeTransfer => !(item instanceof SourceError);

/** Tokens are opaque, but where both are numbers a smaller one means that the node began to count anew. */
function wentBack(before: string | undefined, after: string | undefined): boolean {
  if (before === undefined || after === undefined) return false;
  const [old, next] = [Number(before), Number(after)];
  return Number.isFinite(old) && Number.isFinite(next) && next < old;
}

/** The node refuses a token that it does not know (any more). */
const isRefusedToken = (error: unknown) =>
  error instanceof SourceError && (error.code === 'BAD_INPUT' || error.code === 'NOT_FOUND');

/**
 * Follows a node's change feed by its iteration token (aspera-node-api.md §5.2): each poll asks what has changed since
 * the last one, so it costs what has changed, however much history there is.
 */
export function createNodeFeed(source: NodeSource, identity: UpstreamIdentity) {
  const state: FeedState = { token: undefined, active: new Set() };

  const readPages = async (first: TransferFeed, next: (token: string) => Promise<TransferFeed>) => {
    const items = [...first.transfers];
    let { nextToken } = first;
    let page = first;
    for (let pages = 1; pages < MAX_PAGES && page.transfers.length > 0 && nextToken !== undefined; pages += 1) {
      page = await next(nextToken);
      if (page.nextToken === undefined || page.nextToken === nextToken) break;
      items.push(...page.transfers);
      nextToken = page.nextToken;
    }
    return { items, nextToken };
  };

  const begin = async (signal: AbortSignal) => {
    const client = source.open({ identity, signal });
    const { currentTime } = await client.info();
    const afterTime = new Date((currentTime?.getTime() ?? Date.now()) - LOOK_BACK_MS);
    const first = await client.transferFeed({ afterTime, view: 'summary' });
    return readPages(first, (iterationToken) => client.transferFeed({ iterationToken, view: 'summary' }));
  };

  const goOn = async (token: string, signal: AbortSignal) => {
    const client = source.open({ identity, signal });
    const follow = (iterationToken: string) => client.transferFeed({ iterationToken, view: 'summary' });
    try {
      const first = await follow(token);
      return wentBack(token, first.nextToken) ? undefined : await readPages(first, follow);
    } catch (error) {
      if (isRefusedToken(error)) return undefined;
      throw error;
    }
  };

  const note = (transfer: NodeTransfer) => {
    if (isTerminal(transfer)) state.active.delete(transfer.transferId);
    else state.active.add(transfer.transferId);
  };

  return async (signal: AbortSignal): Promise<PollResult<NodeTransfer>> => {
    const followed = state.token === undefined ? undefined : await goOn(state.token, signal);
    const startsAnew = state.token !== undefined && followed === undefined;
    if (startsAnew) state.active.clear();
    const { items, nextToken } = followed ?? (await begin(signal));
    // Without a token there is nothing to go on from: the next poll begins again, which is not a gap.
    state.token = nextToken ?? state.token;
    const changes = items.filter(isTransfer);
    for (const transfer of changes) note(transfer);
    return { changes, busy: state.active.size > 0, startsAnew };
  };
}

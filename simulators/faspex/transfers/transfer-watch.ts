import { setTimeout as delay } from 'node:timers/promises';
import type { Package } from '../package.ts';
import type { Lifecycle } from '../packages/lifecycle.ts';
import type { NodeTransfer } from '../storage/node-transfer.ts';
import type { StorageNode } from '../storage/storage-node.ts';
import type { World } from '../world.ts';
import { applyDownload } from './apply-download.ts';
import { applyUpload } from './apply-upload.ts';
import { type Grant, type Grants, leadingTransfer } from './grants.ts';

/**
 * How Faspex learns that a transfer goes on or has ended: it polls its node's change feed and looks for its own cookie
 * and tags; no client ever tells it (aspera-apps-api.md part E, 12).
 */
export interface TransferWatch {
  /** To be called with a new grant, before its transfer spec is given out: the feed is followed while a grant is open. */
  begin(): Promise<void>;
  stop(): Promise<void>;
}

export interface TransferWatchDeps {
  readonly world: World;
  readonly storage: StorageNode;
  readonly grants: Grants;
  readonly lifecycle: Lifecycle;
  readonly pollIntervalMs: number;
}

/** After so many polls by token the feed is read by time once, so that a node that lost its counter is caught up with. */
const POLLS_BY_TOKEN = 20;

interface WatchState extends TransferWatchDeps {
  readonly aborter: AbortController;
  /** The node's own time up to which everything was read. */
  readUntil: string | undefined;
  token: string | undefined;
  pollsLeft: number;
  loop: Promise<void> | undefined;
}

/** Follows the feed until a page is not full, and keeps the token that continues it. */
async function readPages(state: WatchState, start: Readonly<Record<string, string>>): Promise<void> {
  let position = start;
  for (;;) {
    const { transfers, next, isFull } = await state.storage.listTransfers(position);
    for (const transfer of transfers) state.grants.note(transfer);
    state.token = next ?? state.token;
    if (!isFull || next === undefined || next === position.iteration_token) return;
    position = { iteration_token: next };
  }
}

async function readFeed(state: WatchState): Promise<void> {
  if (state.token !== undefined && state.pollsLeft > 0) {
    state.pollsLeft -= 1;
    await readPages(state, { iteration_token: state.token });
    return;
  }
  const time = await state.storage.readTime();
  await readPages(state, { after_time: state.readUntil ?? time });
  state.readUntil = time;
  state.pollsLeft = POLLS_BY_TOKEN;
}

const transfersOf = (grants: readonly Grant[]): readonly NodeTransfer[] =>
  grants.flatMap((grant) => [...grant.transfers.values()]);

/** All grants of a package count together: an upload may be tried again under a new transfer spec. */
async function updateUpload(state: WatchState, pkg: Package, grants: readonly Grant[]): Promise<void> {
  if (pkg.state !== 'held' || pkg.uploadStatus === 'completed') {
    for (const grant of grants) state.grants.forget(grant);
    return;
  }
  const transfer = leadingTransfer(transfersOf(grants));
  pkg.uploadSeenAt = Math.max(pkg.uploadSeenAt, ...grants.map(({ seenAt }) => seenAt));
  if (transfer) await applyUpload(state.storage, pkg, transfer, () => state.world.clock.now());
}

function updateDownload(state: WatchState, pkg: Package, grant: Grant): void {
  const transfer = leadingTransfer([...grant.transfers.values()]);
  if (!transfer) return;
  applyDownload(state.world, state.lifecycle, pkg, grant, transfer);
  if (transfer.status === 'completed') state.grants.forget(grant);
}

async function updatePackage(state: WatchState, pkg: Package, grants: readonly Grant[]): Promise<void> {
  const uploads = grants.filter(({ direction }) => direction === 'upload');
  if (uploads.length > 0) await updateUpload(state, pkg, uploads);
  for (const grant of grants) if (grant.direction === 'download') updateDownload(state, pkg, grant);
}

async function updatePackages(state: WatchState): Promise<void> {
  const open = state.grants.open();
  for (const id of new Set(open.map(({ packageId }) => packageId))) {
    const pkg = state.world.packages.get(id);
    const grants = open.filter(({ packageId }) => packageId === id);
    // A package whose size the node cannot tell waits for the next turn; the others go on.
    if (pkg) await updatePackage(state, pkg, grants).catch(() => undefined);
  }
}

async function run(state: WatchState): Promise<void> {
  const { signal } = state.aborter;
  do {
    // A node that is away or answers nonsense is asked again at the next turn; packages time out by the clock.
    await readFeed(state).catch(() => undefined);
    await updatePackages(state);
    state.lifecycle.settle();
    await delay(state.pollIntervalMs, undefined, { signal }).catch(() => undefined);
  } while (!signal.aborted && state.grants.open().length > 0);
  state.token = undefined;
  state.readUntil = undefined;
  state.loop = undefined;
}

export function createTransferWatch(deps: TransferWatchDeps): TransferWatch {
  const state: WatchState = {
    ...deps,
    aborter: new AbortController(),
    readUntil: undefined,
    token: undefined,
    pollsLeft: 0,
    loop: undefined,
  };
  return {
    begin: async () => {
      if (state.loop !== undefined) return;
      const time = await deps.storage.readTime();
      state.readUntil ??= time;
      state.loop ??= run(state);
    },
    stop: async () => {
      state.aborter.abort();
      await state.loop;
    },
  };
}

import type { Package, PackageState } from '../package.ts';
import { TRANSFER_TIMEOUT_MS } from '../transfers/grants.ts';
import type { World } from '../world.ts';
import { logEvent } from './events.ts';
import { isRevealed } from './status.ts';

/** How long an expired package stays before its files go. The length is a guess. */
const EXPIRED_MS = 60 * 60_000;

export interface Lifecycle {
  /** Brings every package to where the clock says that it is. */
  settle(): void;
  /** Starts the deletion of a package. */
  beginDeletion(pkg: Package): void;
}

interface LifecycleDeps {
  readonly world: World;
  /** How long each passing state lasts. */
  readonly stageMs: number;
  /** Called once for each package whose deletion begins. */
  readonly onDeletion: (pkg: Package) => void;
}

function enter(pkg: Package, state: PackageState, at: number): true {
  pkg.state = state;
  pkg.stateSince = at;
  pkg.modifiedAt = at;
  return true;
}

const waitsForNode: ReadonlySet<string> = new Set(['submitted', 'queued', 'transferring', 'will_retry']);

function settleHeld(deps: LifecycleDeps, pkg: Package, now: number): boolean {
  if (pkg.uploadStatus === 'completed') {
    const start = Math.max(pkg.stateSince + deps.stageMs, pkg.releaseDate ?? 0);
    return isRevealed(pkg, now) && now >= start && enter(pkg, 'transient_held_to_released_start', start);
  }
  const deadline = pkg.uploadSeenAt + TRANSFER_TIMEOUT_MS;
  if (!waitsForNode.has(pkg.uploadStatus) || now < deadline) return false;
  pkg.uploadStatus = 'timed_out';
  pkg.errorDescription = 'The upload timed out.';
  pkg.modifiedAt = deadline;
  return true;
}

function release(pkg: Package, at: number): true {
  pkg.releaseDate ??= at;
  return enter(pkg, 'released', at);
}

function failProcessing(world: World, pkg: Package, at: number): true {
  pkg.processingMessage = 'File processing failed.';
  logEvent(world, pkg, 'file_processing_failed', undefined, at);
  return enter(pkg, 'file_processing_failed', at);
}

function settleReleased(pkg: Package, now: number): boolean {
  const isDue = pkg.expirationPolicy === 'delete_after_expiration_date' && (pkg.expirationDate ?? now + 1) <= now;
  return isDue && enter(pkg, 'transient_released_to_expired', Math.max(pkg.stateSince, pkg.expirationDate ?? now));
}

function settleExpired(deps: LifecycleDeps, pkg: Package, now: number): boolean {
  const end = pkg.stateSince + EXPIRED_MS;
  if (now < end) return false;
  deps.onDeletion(pkg);
  return enter(pkg, 'transient_expired_to_deleted', end);
}

/** Takes a package one state further if the time for it has come. */
function step(deps: LifecycleDeps, pkg: Package, now: number): boolean {
  const due = pkg.stateSince + deps.stageMs;
  if (pkg.state === 'held') return settleHeld(deps, pkg, now);
  if (pkg.state === 'released') return settleReleased(pkg, now);
  if (pkg.state === 'expired') return settleExpired(deps, pkg, now);
  if (now < due) return false;
  switch (pkg.state) {
    case 'transient_held_to_released_start':
      if (pkg.failsProcessing) return failProcessing(deps.world, pkg, due);
      return enter(pkg, 'transient_held_to_released_routing_packages', due);
    case 'transient_held_to_released_routing_packages':
      return enter(pkg, 'transient_held_to_released_finish', due);
    case 'transient_held_to_released_finish':
      return release(pkg, due);
    case 'transient_released_to_expired':
      return enter(pkg, 'expired', due);
    case 'transient_held_to_deleted':
    case 'transient_released_to_deleted':
    case 'transient_expired_to_deleted':
      return enter(pkg, 'deleted', due);
    default:
      return false;
  }
}

export function createLifecycle(deps: LifecycleDeps): Lifecycle {
  return {
    settle: () => {
      const now = deps.world.clock.now();
      for (const pkg of deps.world.packages.values()) {
        let moved = !pkg.isFrozen;
        while (moved) moved = step(deps, pkg, now);
      }
    },
    beginDeletion: (pkg) => {
      pkg.isFrozen = false;
      const state = pkg.uploadStatus === 'completed' && pkg.state !== 'held' ? 'released' : 'held';
      const next =
        pkg.state === 'expired' ? 'transient_expired_to_deleted' : (`transient_${state}_to_deleted` as const);
      enter(pkg, next, deps.world.clock.now());
      deps.onDeletion(pkg);
    },
  };
}

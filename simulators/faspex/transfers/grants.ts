import { randomUUID } from 'node:crypto';
import type { Package } from '../package.ts';
import type { NodeTransfer } from '../storage/node-transfer.ts';
import type { World } from '../world.ts';

/**
 * An upload that shows no sign of life for so long has failed by time-out (aspera-apps-api.md part E, 12), and a grant
 * without one is no longer looked for. The length is a guess.
 */
export const TRANSFER_TIMEOUT_MS = 30 * 60_000;

/** One transfer spec that Faspex gave out, and what the node has shown of its transfers since. */
export interface Grant {
  /** Goes into cookie and tags, by which the node's transfers are recognised (aspera-apps-api.md §5.5). */
  readonly id: string;
  readonly packageId: string;
  readonly direction: 'upload' | 'download';
  readonly userId: string;
  readonly isPartial: boolean;
  seenAt: number;
  /** By the node's transfer id: retries, and both ends where the node is its own peer. */
  readonly transfers: Map<string, NodeTransfer>;
}

export interface Grants {
  add(pkg: Package, grant: Pick<Grant, 'direction' | 'userId' | 'isPartial'>): Grant;
  /** Files what the node's change feed has shown. */
  note(transfer: NodeTransfer): void;
  /** Grants that may still change something. */
  open(): readonly Grant[];
  /** Forgets a package's uploads that have failed, so that a new try starts with a clean sheet. */
  forgetFailedUploads(pkg: Package): void;
  forget(grant: Grant): void;
}

const rank: Readonly<Record<NodeTransfer['status'], number>> = {
  completed: 6,
  running: 5,
  waiting: 4,
  paused: 3,
  partially_completed: 2,
  failed: 1,
  canceled: 1,
};

const hasFailed = ({ transfers }: Grant) =>
  transfers.size > 0 && [...transfers.values()].every(({ status }) => rank[status] === rank.failed);

export function createGrants(world: World): Grants {
  const grants = new Map<string, Grant>();
  return {
    add: (pkg, { direction, userId, isPartial }) => {
      const id = randomUUID();
      const seenAt = world.clock.now();
      const grant: Grant = { id, packageId: pkg.id, direction, userId, isPartial, seenAt, transfers: new Map() };
      grants.set(id, grant);
      return grant;
    },
    note: (transfer) => {
      const grant = transfer.grantId === undefined ? undefined : grants.get(transfer.grantId);
      if (!grant) return;
      grant.transfers.set(transfer.id, transfer);
      grant.seenAt = world.clock.now();
    },
    open: () => {
      const oldest = world.clock.now() - TRANSFER_TIMEOUT_MS;
      for (const grant of grants.values()) if (grant.seenAt <= oldest) grants.delete(grant.id);
      return [...grants.values()];
    },
    forgetFailedUploads: (pkg) => {
      for (const grant of grants.values()) {
        if (grant.packageId === pkg.id && grant.direction === 'upload' && hasFailed(grant)) grants.delete(grant.id);
      }
    },
    forget: (grant) => {
      grants.delete(grant.id);
    },
  };
}

/** The transfer that says how far things are: one that completed, else the one that is furthest from having failed. */
export function leadingTransfer(transfers: readonly NodeTransfer[]): NodeTransfer | undefined {
  return transfers.toSorted((left, right) => rank[right.status] - rank[left.status] || right.bytes - left.bytes)[0];
}

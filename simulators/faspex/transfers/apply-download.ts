import type { Download, Package } from '../package.ts';
import type { Lifecycle } from '../packages/lifecycle.ts';
import { isDeleted } from '../packages/status.ts';
import type { NodeTransfer } from '../storage/node-transfer.ts';
import type { World } from '../world.ts';
import type { Grant } from './grants.ts';

const downloadStatus: Readonly<Record<NodeTransfer['status'], Download['status']>> = {
  waiting: 'active',
  running: 'active',
  paused: 'active',
  partially_completed: 'active',
  completed: 'completed',
  failed: 'failed',
  canceled: 'failed',
};

function downloadOf(pkg: Package, grant: Grant, now: number): Download {
  const known = pkg.downloads.find(({ grantId }) => grantId === grant.id);
  if (known) return known;
  const { id, userId, isPartial } = grant;
  const progress = { stoppedAt: undefined, ip: '', status: 'active' as const, percentage: 0, secondsLeft: 0 };
  const download: Download = { grantId: id, userId, isPartial, startedAt: now, ...progress };
  pkg.downloads.push(download);
  return download;
}

function secondsLeft(download: Download, transfer: NodeTransfer, total: number, now: number): number {
  const rate = transfer.bytes / Math.max(now - download.startedAt, 1);
  return rate === 0 ? 0 : Math.max(0, Math.round((total - transfer.bytes) / rate / 1000));
}

/** Whether everyone to whom the package went has it now; for a group one member is enough. */
function hasEveryoneDownloaded(world: World, pkg: Package): boolean {
  const users = new Set(
    pkg.downloads.filter(({ status, isPartial }) => status === 'completed' && !isPartial).map(({ userId }) => userId),
  );
  return pkg.deliveries.every(({ kind, id }) => {
    if (kind === 'user') return users.has(id);
    return [...(world.groups.get(id)?.members.keys() ?? [])].some((member) => users.has(member));
  });
}

function isUsedUp(world: World, pkg: Package, download: Download): boolean {
  if (isDeleted(pkg) || download.isPartial || download.userId === pkg.senderId) return false;
  if (pkg.expirationPolicy === 'delete_after_any_download') return true;
  return pkg.expirationPolicy === 'delete_after_all_download' && hasEveryoneDownloaded(world, pkg);
}

/** Brings a package to what the node shows of one download, and deletes it where its policy says so. */
export function applyDownload(
  world: World,
  lifecycle: Lifecycle,
  pkg: Package,
  grant: Grant,
  transfer: NodeTransfer,
): void {
  const now = world.clock.now();
  const download = downloadOf(pkg, grant, now);
  const total = transfer.bytesExpected || pkg.totalBytes;
  download.status = downloadStatus[transfer.status];
  download.ip = transfer.clientAddress;
  download.percentage = total === 0 ? 0 : Math.min(100, Math.floor((100 * transfer.bytes) / total));
  download.secondsLeft = secondsLeft(download, transfer, total, now);
  if (download.status === 'active') {
    download.stoppedAt = undefined;
    return;
  }
  download.stoppedAt ??= now;
  if (download.status !== 'completed') return;
  pkg.modifiedAt = now;
  download.percentage = 100;
  if (isUsedUp(world, pkg, download)) lifecycle.beginDeletion(pkg);
}

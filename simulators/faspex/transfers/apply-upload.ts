import type { Package, UploadStatus } from '../package.ts';
import type { NodeTransfer } from '../storage/node-transfer.ts';
import type { StorageNode } from '../storage/storage-node.ts';

const uploadStatus: Readonly<Record<Exclude<NodeTransfer['status'], 'completed'>, UploadStatus>> = {
  waiting: 'queued',
  running: 'transferring',
  paused: 'paused',
  partially_completed: 'will_retry',
  failed: 'failed',
  canceled: 'failed',
};

function failureOf(transfer: NodeTransfer): string {
  if (transfer.status === 'canceled') return 'The transfer was canceled.';
  return transfer.status === 'failed' ? transfer.errorDescription || 'The transfer failed.' : '';
}

/** Takes over what a node's transfer shows of an upload that has not completed. */
function applyProgress(pkg: Package, transfer: NodeTransfer, status: UploadStatus, now: number): void {
  const { upload } = pkg;
  if (status !== pkg.uploadStatus || transfer.bytes !== upload.bytesWritten) pkg.modifiedAt = now;
  pkg.uploadStatus = status;
  pkg.errorDescription = failureOf(transfer);
  upload.bytesWritten = transfer.bytes;
  upload.bytesTotal = Math.max(transfer.bytesExpected, transfer.bytes);
  if (status !== 'queued') upload.startedAt ??= now;
}

/**
 * Brings a package to what the node shows of its upload. Sizes are measured on the node before the upload counts as
 * completed; where the node cannot be asked, the next look tries again.
 */
export async function applyUpload(
  storage: StorageNode,
  pkg: Package,
  transfer: NodeTransfer,
  now: () => number,
): Promise<void> {
  if (transfer.status !== 'completed') {
    applyProgress(pkg, transfer, uploadStatus[transfer.status], now());
    return;
  }
  const { bytes, files } = await storage.measure(pkg.content);
  if (pkg.state !== 'held') return;
  const at = now();
  pkg.uploadStatus = 'completed';
  pkg.stateSince = at;
  pkg.modifiedAt = at;
  pkg.errorDescription = '';
  pkg.totalBytes = bytes;
  pkg.totalFiles = files;
  pkg.upload.startedAt ??= at;
  pkg.upload.completedAt = at;
  pkg.upload.bytesWritten = bytes;
  pkg.upload.bytesTotal = bytes;
}

import type { NodeTransferNode } from './node/transfer.ts';
import type { TransferdTransferNode } from './transferd/transfer.ts';

/** A transfer of any product. */
export type TransferNode = NodeTransferNode | TransferdTransferNode;

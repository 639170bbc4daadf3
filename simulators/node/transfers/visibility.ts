import type { Caller } from '../caller.ts';
import type { TransferRecord } from './transfer-record.ts';

/**
 * Which transfers a caller sees: the node user all, an access key its own, a user with a bearer token those that were
 * started or authorized in their name.
 */
export function visibleTo(caller: Caller): { readonly accessKeyId?: string; readonly userId?: string } {
  if (caller.accessKeyId === undefined) return {};
  const isWholeKey = caller.isAdmin || caller.userId === undefined;
  return isWholeKey ? { accessKeyId: caller.accessKeyId } : { accessKeyId: caller.accessKeyId, userId: caller.userId };
}

export function isVisible(caller: Caller, record: TransferRecord): boolean {
  const { accessKeyId, userId } = visibleTo(caller);
  return (
    (accessKeyId === undefined || record.accessKeyId === accessKeyId) &&
    (userId === undefined || record.userId === userId)
  );
}

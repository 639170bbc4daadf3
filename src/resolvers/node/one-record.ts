import { isSameTransfer } from './counterpart.ts';
import type { NodeTransferNode } from './transfer.ts';

/**
 * One record of each transfer where both of its nodes are among those that were asked: that of the node that started
 * it, because there it can be controlled. `recordOf` gives undefined for what is no record but an error in its place.
 */
export function withoutServerSides<T>(
  rows: readonly T[],
  recordOf: (row: T) => NodeTransferNode | undefined,
): readonly T[] {
  const records = rows.flatMap((row) => recordOf(row) ?? []);
  const clients = Map.groupBy(
    records.filter(({ side }) => side === 'CLIENT'),
    ({ transferKey }) => transferKey,
  );
  const hasClient = (record: NodeTransferNode) =>
    (clients.get(record.transferKey) ?? []).some((client) => isSameTransfer(client, record));
  return rows.filter((row) => {
    const record = recordOf(row);
    return record?.side !== 'SERVER' || !hasClient(record);
  });
}

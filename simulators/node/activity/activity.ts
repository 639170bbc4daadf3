import type { NodeContext } from '../node-context.ts';
import { renderTransfer } from '../transfers/render-transfer.ts';
import type { TransferRecord } from '../transfers/transfer-record.ts';
import { type BandwidthLog, createBandwidthLog } from './bandwidth.ts';
import { createEventLog, type EventLog } from './event-log.ts';
import { createUsageCounter, type UsageCounter } from './usage.ts';

/** What a node tells of its transfers besides the transfers themselves: events, usage, bandwidth. */
export interface Activity {
  readonly events: EventLog;
  readonly usage: UsageCounter;
  readonly bandwidth: BandwidthLog;
  started(record: TransferRecord): void;
  ended(record: TransferRecord): void;
  rate(record: TransferRecord, kbps: number): void;
}

export function createActivity(node: Pick<NodeContext, 'clock' | 'settings' | 'username'>): Activity {
  const events = createEventLog(node.clock);
  const usage = createUsageCounter();
  const bandwidth = createBandwidthLog(node.clock);
  const tell = (record: TransferRecord, what: 'started' | 'ended') => {
    if (!node.settings.isActivityLogged) return;
    const { accessKeyId, userId } = record;
    // Both names, so that a query for `transfer.ended` finds uploads and downloads.
    const types = [`${record.direction === 'send' ? 'upload' : 'download'}.${what}`, `transfer.${what}`];
    const data = renderTransfer(record, { nowUsec: node.clock.now() * 1000 });
    events.add({ types, accessKeyId, userId: userId ?? accessKeyId ?? node.username, data });
  };
  return {
    events,
    usage,
    bandwidth,
    rate: (record, kbps) => bandwidth.note(record, kbps),
    started: (record) => tell(record, 'started'),
    ended: (record) => {
      tell(record, 'ended');
      usage.count(record);
    },
  };
}

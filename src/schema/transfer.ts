import { joinId } from '../resolvers/global-id.ts';
import type { TransferNode } from '../resolvers/transfer.ts';
import type { NodeTransferStatus } from '../sources/node/types.ts';
import { builder } from './builder.ts';
import { describedValues } from './describe-enum.ts';
import { globalId } from './global-ids.ts';
import { specDirection } from './transfer-spec.ts';

export const transferStatus = builder.enumType('TransferStatus', {
  description: 'Where a transfer stands. COMPLETED, FAILED and CANCELED are final; everything else goes on.',
  values: describedValues<NodeTransferStatus>({
    WAITING: 'Accepted; no session has begun yet.',
    RUNNING: 'Sessions are active or being retried.',
    PAUSED: 'Stopped on request; it can be resumed.',
    PARTIALLY_COMPLETED: 'A session failed and the time to try again has not passed: it may still complete.',
    COMPLETED: 'Everything has arrived.',
    FAILED: 'Given up; `error` says why.',
    CANCELED: 'Stopped for good on request.',
    UNKNOWN: 'A state that the gateway has no name for; `vendorStatus` has the word of the server.',
  }),
});

/** Fields that mean the same for a transfer of any product. */
export const transfer = builder.interfaceRef<TransferNode>('Transfer').implement({
  description: 'A transfer of files, whichever product ran it. The fields here mean the same everywhere.',
  resolveType: (value) => value.__typename,
  fields: (t) => ({
    id: t.id({
      description: 'Global id: `node(id:)`, `transfer(id:)` and `transferProgress(id:)` take it.',
      resolve: (value) => globalId(value.__typename, joinId(value.sourceName, value.transferId)),
    }),
    transferId: t.exposeString('transferId', { description: 'Id that the server gave to the transfer.' }),
    source: t.exposeString('sourceName', { description: 'Name of the source in the configuration of the gateway.' }),
    status: t.expose('status', { type: transferStatus, description: 'Where it stands.' }),
    vendorStatus: t.exposeString('vendorStatus', { description: 'The word of the server for the status.' }),
    direction: t.expose('direction', {
      type: specDirection,
      nullable: true,
      description: 'Which way the bytes go, as the transfer spec says it; null when the server does not tell.',
    }),
    title: t.exposeString('title', {
      nullable: true,
      description: 'Label given when it was started; null when there is none.',
    }),
    progress: t.exposeFloat('progress', {
      nullable: true,
      description:
        'From 0 to 1, exactly 1 when and only when the status is COMPLETED. Null while the total is not known: ' +
        'servers calculate it only when the spec asks (`precalculate_job_size`).',
    }),
    bytesTransferred: t.expose('bytesTransferred', {
      type: 'SafeInt',
      description: 'Bytes that went over the network so far, over all sessions.',
    }),
    bytesExpected: t.expose('bytesExpected', {
      type: 'SafeInt',
      nullable: true,
      description: 'Size of the whole job in bytes; null until the server has calculated it.',
    }),
    filesCompleted: t.expose('filesCompleted', {
      type: 'SafeInt',
      nullable: true,
      description: 'Files that have arrived; null when the server does not count.',
    }),
    filesExpected: t.expose('filesExpected', {
      type: 'SafeInt',
      nullable: true,
      description: 'Files of the whole job; null until the server has calculated it.',
    }),
    averageRateKbps: t.exposeFloat('averageRateKbps', {
      nullable: true,
      description: 'Average rate in kilobits per second; null before bytes have moved.',
    }),
    startedAt: t.expose('startedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When its first session began; null while it waits.',
    }),
    endedAt: t.expose('endedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When it ended; null while it goes on.',
    }),
    elapsedMs: t.expose('elapsedMs', {
      type: 'SafeInt',
      nullable: true,
      description: 'Milliseconds that it has run; null when the server does not tell.',
    }),
  }),
});

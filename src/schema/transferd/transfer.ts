import { joinId } from '../../resolvers/global-id.ts';
import { localTransferByNodeId, type TransferdTransferNode } from '../../resolvers/transferd/transfer.ts';
import { builder } from '../builder.ts';
import { transferError } from '../node/transfer-session.ts';
import { needs } from '../scope.ts';
import { transfer } from '../transfer.ts';

const ref = builder.objectRef<TransferdTransferNode>('TransferdTransfer');

/** A transfer that a transfer daemon runs. */
export const transferdTransfer = builder.node(ref, {
  name: 'TransferdTransfer',
  description: 'A transfer that a transfer daemon runs, with the files of its machine.',
  interfaces: [transfer],
  ...needs('transfer.read'),
  id: { resolve: (value) => joinId(value.sourceName, value.transferId) },
  isTypeOf: (value) => (value as { __typename?: unknown }).__typename === 'TransferdTransfer',
  loadOne: (id, context) => localTransferByNodeId(id, context),
  fields: (t) => ({
    bytesWritten: t.expose('bytesWritten', {
      type: 'SafeInt',
      nullable: true,
      description: 'Bytes written at the destination; null when the daemon does not tell.',
    }),
    bytesLost: t.expose('bytesLost', {
      type: 'SafeInt',
      nullable: true,
      description: 'Bytes lost on the way and sent again; null when the daemon does not tell.',
    }),
    filesSkipped: t.expose('filesSkipped', {
      type: 'SafeInt',
      nullable: true,
      description: 'Files that were there already and not sent again; null until the daemon has told an event of it.',
    }),
    currentRateKbps: t.exposeFloat('currentRateKbps', {
      nullable: true,
      description: 'Rate of this moment in kilobits per second; null when it does not run, or outside of events.',
    }),
    targetRateKbps: t.exposeInt('targetRateKbps', {
      nullable: true,
      description: 'Wanted rate in kilobits per second, 0 while it is paused; null when the daemon does not tell.',
    }),
    error: t.expose('error', {
      type: transferError,
      nullable: true,
      description: 'Why it failed; null when it did not.',
    }),
    tags: t.expose('tags', {
      type: 'JSON',
      description: 'Free-form labels of whoever made the transfer spec, without secrets.',
    }),
  }),
});

import { bandwidthOf, bandwidthOfTransfer } from '../../resolvers/node/bandwidth.ts';
import type { BandwidthPoint, NodeBandwidth, TransferBandwidth } from '../../sources/node/types.ts';
import { builder } from '../builder.ts';
import { needs } from '../scope.ts';
import { asperaNode } from './node.ts';
import { nodeTransfer } from './transfer.ts';

const point = builder.objectRef<BandwidthPoint>('BandwidthPoint').implement({
  description: 'How fast a transfer was at a moment.',
  fields: (t) => ({
    at: t.expose('at', { type: 'DateTime', description: 'When, by the clock of the node, right to about a second.' }),
    rateKbps: t.exposeFloat('rateKbps', { description: 'Rate in kilobits per second.' }),
  }),
});

const transferBandwidth = builder.objectRef<TransferBandwidth>('TransferBandwidth').implement({
  description: 'The rates that one transfer had over time.',
  ...needs('transfer.read'),
  fields: (t) => ({
    transferId: t.exposeString('transferId', { description: 'Id that the node gave to the transfer.' }),
    maxRateKbps: t.exposeFloat('maxRateKbps', {
      nullable: true,
      description: 'Highest rate in kilobits per second; null when not told.',
    }),
    points: t.expose('points', { type: [point], description: 'The rates, oldest first.' }),
  }),
});

const nodeBandwidth = builder.objectRef<NodeBandwidth>('NodeBandwidth').implement({
  description: 'The rates that the transfers of a node had over time.',
  ...needs('transfer.read'),
  fields: (t) => ({
    from: t.expose('from', {
      type: 'DateTime',
      nullable: true,
      description: 'Where the data begin; null when not told.',
    }),
    to: t.expose('to', { type: 'DateTime', nullable: true, description: 'Where the data end; null when not told.' }),
    send: t.expose('send', {
      type: [transferBandwidth],
      description: 'Transfers whose direction is SEND, seen from the client that started them.',
    }),
    receive: t.expose('receive', { type: [transferBandwidth], description: 'Transfers whose direction is RECEIVE.' }),
  }),
});

builder.objectField(asperaNode, 'bandwidth', (t) =>
  t.field({
    type: nodeBandwidth,
    nullable: true,
    description:
      'How fast the transfers were that you may see. One upstream call; at most six more where you see only your own, of which the latest hundred are looked at.',
    args: {
      seconds: t.arg.int({
        defaultValue: 600,
        description: 'How much of each transfer, from its start, in seconds: up to 3600.',
      }),
      startedAfter: t.arg({
        type: 'DateTime',
        description: 'Only transfers that started after this; an hour ago when left out.',
      }),
    },
    ...needs('transfer.read'),
    resolve: (node, args, context) => bandwidthOf(node, args, context),
  }),
);

builder.objectField(nodeTransfer, 'bandwidth', (t) =>
  t.field({
    type: transferBandwidth,
    nullable: true,
    description:
      'How fast it was over its first hour; null when the node has no rates of it. One upstream call to each node for all transfers of a list.',
    ...needs('transfer.read'),
    resolve: (value, _args, context) => bandwidthOfTransfer(value, context),
  }),
);

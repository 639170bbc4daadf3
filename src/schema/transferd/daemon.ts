import type { BoundTransferd } from '../../context/context.ts';
import { canReachPeer, checkSpec, daemonInfo, daemonOf } from '../../resolvers/transferd/daemon.ts';
import { listLocalTransfers } from '../../resolvers/transferd/list-transfers.ts';
import { transferOfDaemon } from '../../resolvers/transferd/transfer.ts';
import type { SpecCheck, TransferdInfo } from '../../sources/transferd/types.ts';
import { builder } from '../builder.ts';
import { connectionOf, pageArguments } from '../connection.ts';
import { transferSpecInput } from '../node/control.ts';
import { needs } from '../scope.ts';
import { transferdTransfer } from './transfer.ts';

const info = builder.objectRef<TransferdInfo>('TransferdInfo').implement({
  description: 'What a transfer daemon says of itself.',
  fields: (t) => ({
    apiVersion: t.exposeString('apiVersion', {
      nullable: true,
      description: 'Version of its interface; null when it does not say.',
    }),
    ascpVersion: t.exposeString('ascpVersion', {
      nullable: true,
      description: 'Version of the transfer program (ascp) that it uses; null when it does not say.',
    }),
    operatingSystem: t.exposeString('operatingSystem', {
      nullable: true,
      description: 'Operating system of its machine; null when it does not say.',
    }),
    licenseMaxRate: t.exposeString('licenseMaxRate', {
      nullable: true,
      description: 'Highest rate that its license allows, in its own words; null when it does not say.',
    }),
    problem: t.exposeString('problem', {
      nullable: true,
      description: 'Why it cannot run its transfer program; null when it can.',
    }),
  }),
});

const specCheck = builder.objectRef<SpecCheck>('TransferSpecCheck').implement({
  description: 'What a transfer daemon says of a transfer spec without starting anything.',
  fields: (t) => ({
    valid: t.exposeBoolean('valid', { description: 'Whether it would take the spec.' }),
    unknownMembers: t.stringList({
      description: 'Members of the spec that the daemon does not know and would ignore.',
      resolve: ({ unknownMembers }) => [...unknownMembers],
    }),
    problem: t.exposeString('problem', {
      nullable: true,
      description: 'What is wrong, in the words of the daemon; null when nothing is.',
    }),
  }),
});

const transferConnection = connectionOf('TransferdTransfer', transferdTransfer, 'transfers of a transfer daemon');

const specArgument = (description: string) =>
  builder.args((t) => ({ spec: t.field({ type: transferSpecInput, required: true, description }) }));

const daemon = builder.objectRef<BoundTransferd>('TransferDaemon').implement({
  description: 'A transfer daemon (transferd): it runs transfers with the files of the machine that it is on.',
  fields: (t) => ({
    name: t.string({ description: 'Its name in the configuration.', resolve: ({ source }) => source.name }),
    info: t.field({
      type: info,
      nullable: true,
      description: 'What it says of itself; null when it cannot be asked. One upstream call.',
      ...needs('transfer.read'),
      resolve: daemonInfo,
    }),
    since: t.field({
      type: 'DateTime',
      description: 'Since when this gateway notes the transfers of the daemon, which has no list of them itself.',
      ...needs('transfer.read'),
      resolve: ({ source }) => source.seen.since,
    }),
    transfers: t.field({
      type: transferConnection,
      nullable: true,
      description:
        'Transfers that this gateway has seen since `since` and that you may see, latest first: those that it started, ' +
        'and those that the daemon told of while somebody watched. One upstream call for each that goes on.',
      args: {
        ...pageArguments,
        activeOnly: t.arg.boolean({ defaultValue: false, description: 'Only transfers that go on.' }),
      },
      ...needs('transfer.read'),
      resolve: (parent, args, context) => listLocalTransfers(parent, args, context),
    }),
    transfer: t.field({
      type: transferdTransfer,
      nullable: true,
      description:
        'One transfer by the id of the daemon; null when it is not there or not yours to see. One upstream call.',
      args: { transferId: t.arg.string({ required: true, description: 'Id that the daemon gave to the transfer.' }) },
      ...needs('transfer.read'),
      resolve: (parent, { transferId }, context) => transferOfDaemon(parent, transferId, context),
    }),
    checkSpec: t.field({
      type: specCheck,
      nullable: true,
      description: 'Whether it would take a transfer spec; null when it cannot be asked. One upstream call.',
      args: specArgument('The spec to check.'),
      ...needs('transfer.start'),
      resolve: (parent, { spec }, context) => checkSpec(parent, spec, context),
    }),
    isPeerReachable: t.boolean({
      nullable: true,
      description: 'Whether it reaches the server of a transfer spec; null when it cannot be asked. One upstream call.',
      args: specArgument('The spec that names the server.'),
      ...needs('transfer.start'),
      resolve: (parent, { spec }, context) => canReachPeer(parent, spec, context),
    }),
  }),
});

builder.queryField('transferd', (t) =>
  t.field({
    type: daemon,
    nullable: true,
    description: 'A transfer daemon: it runs transfers with the files of its own machine.',
    args: {
      source: t.arg.string({ description: 'Name of the daemon; may be left out when there is one.' }),
    },
    resolve: daemonOf,
  }),
);

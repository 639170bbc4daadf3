import { type StartTransferResult, startTransfer } from '../../resolvers/node/start-transfer.ts';
import { builder } from '../builder.ts';
import { resultUnion } from '../errors.ts';
import { needs } from '../scope.ts';
import { transferPathInput } from './authorize.ts';
import { nodeTransfer } from './transfer.ts';

const transferSpecInput = builder.inputType('TransferSpecInput', {
  description: 'A transfer spec, in one of the forms in which one may be at hand.',
  isOneOf: true,
  fields: (t) => ({
    json: t.field({
      type: 'JSON',
      description: 'A spec as `TransferSpec.json` gives it, or as a server or SDK made it.',
    }),
  }),
});

const startTransferInput = builder.inputType('StartTransferInput', {
  description: 'Which node is to run which transfer.',
  fields: (t) => ({
    source: t.string({
      description:
        'Name of the node that starts the transfer: the other end than the one that made the spec. May be left out when only one node is configured.',
    }),
    spec: t.field({ type: transferSpecInput, required: true, description: 'The spec, made by the serving end.' }),
    paths: t.field({
      type: [transferPathInput],
      description:
        'What is transferred, in place of the `paths` of the spec. For an upload: files on the node that starts it.',
    }),
    destination: t.string({
      description:
        'Where the files go, in place of the `destination_root` of the spec. For a download: a folder on the node that starts it.',
    }),
  }),
});

const startTransferSuccess = builder.objectRef<StartTransferResult>('StartTransferSuccess').implement({
  description: 'The node has accepted the transfer.',
  fields: (t) => ({
    transfer: t.expose('transfer', {
      type: nodeTransfer,
      description: 'The transfer as the node sees it now. Watch it with `transferProgress`.',
    }),
  }),
});

builder.mutationFields((t) => ({
  startTransfer: t.field({
    type: startTransferSuccess,
    nullable: true,
    description: 'Makes a node run a transfer as the client, with a spec that the other end has made.',
    args: {
      input: t.arg({ type: startTransferInput, required: true, description: 'Which node is to run which transfer.' }),
    },
    errors: resultUnion('StartTransfer'),
    ...needs('transfer.start'),
    resolve: (_root, { input }, context) => startTransfer(input, context),
  }),
}));

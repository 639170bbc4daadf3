import {
  type TransferBetweenNodesInput,
  type TransferBetweenNodesResult,
  transferBetweenNodes,
} from '../../resolvers/node/transfer-between-nodes.ts';
import { builder } from '../builder.ts';
import { describedValues } from '../describe-enum.ts';
import { resultUnion } from '../errors.ts';
import { needs } from '../scope.ts';
import { transferOptionsInput, transferPathInput } from './authorize.ts';
import { nodeTransfer } from './transfer.ts';

const initiator = builder.enumType('TransferInitiator', {
  description: 'Which of two nodes starts a transfer between them. The other one must be reachable from it.',
  values: describedValues<NonNullable<TransferBetweenNodesInput['initiator']>>({
    SOURCE: 'The sending node: the receiving one authorizes an upload, the sending one runs it.',
    DESTINATION: 'The receiving node: the sending one authorizes a download, the receiving one runs it.',
  }),
});

const input = builder.inputType('TransferBetweenNodesInput', {
  description: 'What goes from which node to which.',
  fields: (t) => ({
    from: t.string({ required: true, description: 'Name of the node that has the files.' }),
    to: t.string({ required: true, description: 'Name of the node that gets them; another one than `from`.' }),
    paths: t.field({
      type: [transferPathInput],
      required: true,
      description: 'Files and folders on `from`, and names under which they arrive.',
    }),
    destination: t.string({ required: true, description: 'Folder on `to`.' }),
    initiator: t.field({
      type: initiator,
      defaultValue: 'SOURCE',
      description: 'Which of the two starts it, and so controls it. Matters where a firewall lets only one through.',
    }),
    options: t.field({ type: transferOptionsInput, description: 'Wishes for the spec.' }),
  }),
});

const success = builder.objectRef<TransferBetweenNodesResult>('TransferBetweenNodesSuccess').implement({
  description: 'The node that starts it has accepted the transfer.',
  fields: (t) => ({
    transfer: t.expose('transfer', {
      type: nodeTransfer,
      description: 'The transfer as the node that started it sees it. Watch it with `transferProgress`.',
    }),
  }),
});

builder.mutationField('transferBetweenNodes', (t) =>
  t.field({
    type: success,
    nullable: true,
    description:
      'Moves files from one node to another: one authorizes and serves, the other starts it. The token does not leave the gateway. Two upstream calls.',
    args: { input: t.arg({ type: input, required: true, description: 'What goes from which node to which.' }) },
    errors: resultUnion('TransferBetweenNodes'),
    ...needs('transfer', 'transfer.start'),
    resolve: (_root, args, context) => transferBetweenNodes(args.input, context),
  }),
);

import { type TransfersEvent, watchTransfers } from '../../resolvers/node/watch-transfers.ts';
import { builder } from '../builder.ts';
import { declares } from '../declare.ts';
import { needs } from '../scope.ts';
import { skipped } from '../skipped.ts';
import { transfer } from '../transfer.ts';

const transfersEvent = builder.objectRef<TransfersEvent>('TransfersEvent').implement({
  description: 'One of the transfers of a node after something about it has changed.',
  ...needs('transfer.read'),
  fields: (t) => ({
    transfer: t.expose('transfer', {
      type: transfer,
      nullable: true,
      description: 'The transfer as it is now; null on a gap.',
    }),
    cursor: t.exposeString('cursor', {
      description: 'Hand this in as `after` when you come back, and you miss nothing that the gateway still holds.',
    }),
    gap: t.exposeBoolean('gap', {
      description: 'Whether something may have happened unseen before this: read `asperaNode.transfers` again.',
    }),
    skipped: t.boolean(skipped),
  }),
});

builder.subscriptionField('transfers', (t) =>
  t.field({
    type: transfersEvent,
    description:
      'Everything that changes among the transfers of a node and that you may see, from now on: for dashboards. ' +
      'The gateway polls the node once, however many watch. When you do not keep up you get the newest state of each transfer.',
    args: {
      node: t.arg.string({ description: 'Name of the node; may be left out when there is one.' }),
      activeOnly: t.arg.boolean({
        defaultValue: false,
        description:
          'Only transfers that go on, and the end of those that went on since you or others who see the same have watched.',
      }),
      after: t.arg.string({
        description: '`cursor` of the last event that you have seen; tells what changes from now on when left out.',
      }),
    },
    ...declares({
      scopes: ['transfer.read'],
      shared: {
        placesOf: ({ node }) => [{ kind: 'node', ...(typeof node === 'string' ? { name: node } : {}) }],
        resumeArgument: 'after',
        tellsPresent: false,
        afterSkips: { skipped: true },
        afterLoss: { transfer: null, gap: true, skipped: true },
      },
    }),
    subscribe: (_root, args, context) => watchTransfers(args, context),
    resolve: (event, _args, context) => {
      context.beginEvent();
      return event;
    },
  }),
);

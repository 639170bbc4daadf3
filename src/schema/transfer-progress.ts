import { type TransferEvent, watchTransfer } from '../resolvers/transfer-progress.ts';
import { builder } from './builder.ts';
import { declares, placesOfId } from './declare.ts';
import { needs } from './scope.ts';
import { skipped } from './skipped.ts';
import { transfer } from './transfer.ts';

const transferEvent = builder.objectRef<TransferEvent>('TransferEvent').implement({
  description: 'A transfer after something about it has changed.',
  ...needs('transfer.read'),
  fields: (t) => ({
    transfer: t.expose('transfer', { type: transfer, description: 'The transfer as it is now.' }),
    cursor: t.exposeString('cursor', {
      description: 'Hand this in as `after` when you come back, and you miss nothing that the gateway still holds.',
    }),
    gap: t.exposeBoolean('gap', {
      description: 'Whether something may have happened unseen before this event; it shows the present state.',
    }),
    skipped: t.boolean(skipped),
  }),
});

builder.subscriptionField('transferProgress', (t) =>
  t.field({
    type: transferEvent,
    description:
      'The life of one transfer: its present state, every change, and its end, after which the subscription completes. ' +
      'When you do not keep up you get the newest state.',
    args: {
      id: t.arg.globalID({ required: true, description: 'Global id of the transfer.' }),
      after: t.arg.string({
        description: '`cursor` of the last event that you have seen; starts with the present state when left out.',
      }),
    },
    ...declares({
      scopes: ['transfer.read'],
      shared: {
        placesOf: ({ id }) => placesOfId(id),
        resumeArgument: 'after',
        tellsPresent: true,
        afterSkips: { skipped: true },
      },
    }),
    subscribe: (_root, { id, after }, context) => watchTransfer(id, after, context),
    resolve: (event, _args, context) => {
      context.beginEvent();
      return event;
    },
  }),
);

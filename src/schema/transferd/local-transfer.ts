import {
  changeLocalTransfer,
  type LocalTransferAction,
  stopLocalTransfer,
} from '../../resolvers/transferd/change-transfer.ts';
import { type LocalTransferResult, startLocalTransfer } from '../../resolvers/transferd/start-transfer.ts';
import { builder } from '../builder.ts';
import { describedValues } from '../describe-enum.ts';
import { resultUnion } from '../errors.ts';
import { ratePolicy, transferPathInput } from '../node/authorize.ts';
import { transferSpecInput } from '../node/control.ts';
import { needs } from '../scope.ts';
import { transferdTransfer } from './transfer.ts';

const success = (name: string, description: string) =>
  builder.objectRef<LocalTransferResult>(name).implement({
    description,
    fields: (t) => ({
      transfer: t.expose('transfer', {
        type: transferdTransfer,
        description: 'The transfer as the daemon sees it now. Watch it with `transferProgress`.',
      }),
    }),
  });

const idDescription = 'Global id of the transfer, of a TransferdTransfer.';

const startInput = builder.inputType('StartLocalTransferInput', {
  description: 'Which transfer daemon is to run which transfer.',
  fields: (t) => ({
    source: t.string({ description: 'Name of the daemon. May be left out when only one is configured.' }),
    spec: t.field({
      type: transferSpecInput,
      required: true,
      description: 'The spec, made by the server at the other end, e.g. by `authorizeUpload`.',
    }),
    paths: t.field({
      type: [transferPathInput],
      description:
        'What is transferred, in place of the `paths` of the spec. For an upload: files on the machine of the daemon.',
    }),
    destination: t.string({
      description:
        'Where the files go, in place of the `destination_root` of the spec. For a download: a folder on the machine of the daemon.',
    }),
  }),
});

const stopInput = builder.inputType('StopLocalTransferInput', {
  description: 'A transfer to end for good.',
  fields: (t) => ({ id: t.globalID({ required: true, description: idDescription }) }),
});

const action = builder.enumType('LocalTransferAction', {
  description: 'What is to be done with a transfer that goes on.',
  values: describedValues<LocalTransferAction>({
    PAUSE: 'Hold it, by a wanted rate of 0, so that it can be resumed.',
    RESUME: 'Go on where it was, at the rate that it had or at `targetRateKbps`.',
  }),
});

const changeInput = builder.inputType('ChangeLocalTransferInput', {
  description: 'What is to change of a transfer that goes on; what is left out stays as it is.',
  fields: (t) => ({
    id: t.globalID({ required: true, description: idDescription }),
    action: t.field({ type: action, description: 'Pause it, or go on with a paused one.' }),
    targetRateKbps: t.int({ description: 'Wanted rate in kilobits per second, above 0.' }),
    minRateKbps: t.int({ description: 'Lowest rate in kilobits per second; 0 for none.' }),
    ratePolicy: t.field({ type: ratePolicy, description: 'How it behaves beside other traffic.' }),
  }),
});

builder.mutationFields((t) => ({
  startLocalTransfer: t.field({
    type: success('StartLocalTransferSuccess', 'The daemon has accepted the transfer.'),
    nullable: true,
    description:
      'Has a transfer daemon run a transfer with the files of its machine, with a spec that the server at the other end has made. One upstream call.',
    args: {
      input: t.arg({ type: startInput, required: true, description: 'Which daemon is to run which transfer.' }),
    },
    errors: resultUnion('StartLocalTransfer'),
    ...needs('transfer.start'),
    resolve: (_root, { input }, context) => startLocalTransfer(input, context),
  }),
  stopLocalTransfer: t.field({
    type: success('StopLocalTransferSuccess', 'The daemon has ended the transfer.'),
    nullable: true,
    description: 'Ends a transfer of a daemon for good; what has arrived stays. Three upstream calls.',
    args: { input: t.arg({ type: stopInput, required: true, description: 'Which transfer.' }) },
    errors: resultUnion('StopLocalTransfer'),
    ...needs('transfer.start'),
    resolve: (_root, { input }, context) => stopLocalTransfer(input, context),
  }),
  changeLocalTransfer: t.field({
    type: success('ChangeLocalTransferSuccess', 'The daemon has taken up the change.'),
    nullable: true,
    description:
      'Pauses a transfer of a daemon, goes on with it, or changes how fast it goes, at once. Three upstream calls.',
    args: { input: t.arg({ type: changeInput, required: true, description: 'Which transfer, and what.' }) },
    errors: resultUnion('ChangeLocalTransfer'),
    ...needs('transfer.start'),
    resolve: (_root, { input }, context) => changeLocalTransfer(input, context),
  }),
}));

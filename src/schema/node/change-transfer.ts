import {
  type ControlTransferResult,
  cancelTransfer,
  changeTransferRate,
  pauseTransfer,
  resumeTransfer,
} from '../../resolvers/node/control-transfer.ts';
import { builder } from '../builder.ts';
import { resultUnion } from '../errors.ts';
import { needs } from '../scope.ts';
import { ratePolicy } from './authorize.ts';
import { nodeTransfer } from './transfer.ts';

const idDescription =
  'Global id of the transfer: that of its record on the node that started it (`side: CLIENT`, `controllable`).';

const controlInput = (name: string, description: string) =>
  builder.inputType(name, {
    description,
    fields: (t) => ({ id: t.globalID({ required: true, description: idDescription }) }),
  });

const success = (name: string, description: string) =>
  builder.objectRef<ControlTransferResult>(name).implement({
    description,
    fields: (t) => ({
      transfer: t.expose('transfer', { type: nodeTransfer, description: 'The transfer as the node sees it now.' }),
    }),
  });

const cancelInput = controlInput('CancelTransferInput', 'A transfer to end for good.');
const pauseInput = controlInput('PauseTransferInput', 'A transfer to stop for now.');
const resumeInput = controlInput('ResumeTransferInput', 'A paused transfer to go on with.');

const rateInput = builder.inputType('ChangeTransferRateInput', {
  description: 'How fast a transfer is to go from now on; what is left out stays as it is.',
  fields: (t) => ({
    id: t.globalID({ required: true, description: idDescription }),
    targetRateKbps: t.int({ description: 'Wanted rate in kilobits per second, above 0.' }),
    minRateKbps: t.int({ description: 'Lowest rate in kilobits per second; 0 for none.' }),
    ratePolicy: t.field({ type: ratePolicy, description: 'How it behaves beside other traffic.' }),
  }),
});

const calls = 'Two upstream calls.';

builder.mutationFields((t) => ({
  cancelTransfer: t.field({
    type: success('CancelTransferSuccess', 'The node has ended the transfer.'),
    nullable: true,
    description: `Ends a transfer for good; what has arrived stays. ${calls}`,
    args: { input: t.arg({ type: cancelInput, required: true, description: 'Which transfer.' }) },
    errors: resultUnion('CancelTransfer'),
    ...needs('transfer.start'),
    resolve: (_root, { input }, context) => cancelTransfer(input, context),
  }),
  pauseTransfer: t.field({
    type: success('PauseTransferSuccess', 'The node has stopped the transfer.'),
    nullable: true,
    description: `Stops a transfer so that it can be resumed. ${calls}`,
    args: { input: t.arg({ type: pauseInput, required: true, description: 'Which transfer.' }) },
    errors: resultUnion('PauseTransfer'),
    ...needs('transfer.start'),
    resolve: (_root, { input }, context) => pauseTransfer(input, context),
  }),
  resumeTransfer: t.field({
    type: success('ResumeTransferSuccess', 'The node goes on with the transfer.'),
    nullable: true,
    description: `Goes on with a paused transfer where it was. ${calls}`,
    args: { input: t.arg({ type: resumeInput, required: true, description: 'Which transfer.' }) },
    errors: resultUnion('ResumeTransfer'),
    ...needs('transfer.start'),
    resolve: (_root, { input }, context) => resumeTransfer(input, context),
  }),
  changeTransferRate: t.field({
    type: success('ChangeTransferRateSuccess', 'The node has taken up the new rate.'),
    nullable: true,
    description: `Changes how fast a transfer goes, at once. ${calls}`,
    args: { input: t.arg({ type: rateInput, required: true, description: 'Which transfer, and how fast.' }) },
    errors: resultUnion('ChangeTransferRate'),
    ...needs('transfer.start'),
    resolve: (_root, { input }, context) => changeTransferRate(input, context),
  }),
}));

import { type StartTransferResult, startTransfer } from '../../resolvers/node/start-transfer.ts';
import { builder } from '../builder.ts';
import { resultUnion } from '../errors.ts';
import { needs } from '../scope.ts';
import { specDirection } from '../transfer-spec.ts';
import { transferPathInput } from './authorize.ts';
import { nodeTransfer } from './transfer.ts';

const sshOnly = 'A secret: needs the scope `transfer.ssh`, and is never shown again.';

const typedSpecInput = builder.inputType('TypedTransferSpecInput', {
  description: 'A transfer spec written member by member, as far as these members go. For the rest there is `json`.',
  fields: (t) => ({
    direction: t.field({
      type: specDirection,
      required: true,
      description: 'Which way the bytes go, seen from the client.',
    }),
    remoteHost: t.string({ required: true, description: 'The server to connect to.' }),
    remoteUser: t.string({ description: 'User to log in as; what the server takes by default when left out.' }),
    sshPort: t.int({ description: 'TCP port for the session; 33001 when left out.' }),
    faspPort: t.int({ description: 'UDP port for the data; 33001 when left out.' }),
    token: t.string({ description: 'What proves that the transfer is allowed. Treat it as a secret.' }),
    remotePassword: t.string({
      description: `Password of \`remoteUser\` at the server, in place of a token. ${sshOnly}`,
    }),
    sshPrivateKey: t.string({
      description: `Private SSH key of \`remoteUser\` (PEM), in place of a token. ${sshOnly}`,
    }),
    sshPrivateKeyPassphrase: t.string({ description: `Passphrase of \`sshPrivateKey\`. ${sshOnly}` }),
    localPassword: t.string({
      description: `Password of the transfer user of the node that starts it, where that is Windows. ${sshOnly}`,
    }),
    paths: t.field({ type: [transferPathInput], required: true, description: 'What is transferred.' }),
    sourceRoot: t.string({ description: 'Folder that the sources are relative to; the top when left out.' }),
    destinationRoot: t.string({ description: 'Folder that is written to.' }),
    targetRateKbps: t.int({ description: 'Wanted rate in kilobits per second; left to the node when left out.' }),
    cookie: t.string({ description: 'Text that both sides record with the transfer.' }),
    tags: t.field({ type: 'JSON', description: 'Free-form labels, an object; the gateway adds its own.' }),
  }),
});

export const transferSpecInput = builder.inputType('TransferSpecInput', {
  description: 'A transfer spec, in one of the forms in which one may be at hand.',
  isOneOf: true,
  fields: (t) => ({
    json: t.field({
      type: 'JSON',
      description:
        'A spec as `TransferSpec.json` gives it, or as a server or SDK made it. With a password or key of a system user in it, it needs the scope `transfer.ssh`.',
    }),
    typed: t.field({ type: typedSpecInput, description: 'A spec written member by member.' }),
    specId: t.string({
      description:
        'A spec that this gateway gave you within the last hour, by its `specId`: its token does not travel.',
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
    description:
      'Makes a node run a transfer as the client, with a spec that the other end has made. A spec with errors, as ' +
      '`validateTransferSpec` finds them, is refused before the node is asked.',
    args: {
      input: t.arg({ type: startTransferInput, required: true, description: 'Which node is to run which transfer.' }),
    },
    errors: resultUnion('StartTransfer'),
    ...needs('transfer.start'),
    resolve: (_root, { input }, context) => startTransfer(input, context),
  }),
}));

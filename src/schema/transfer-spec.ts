import { gatewayRequestOf } from '../resolvers/http-gateway.ts';
import { ascpInvocation } from '../resolvers/transfer-spec.ts';
import { renderAscli } from '../transfer-spec/ascli.ts';
import type { AuthorizationKind, TransferPath, TransferSpec } from '../transfer-spec/transfer-spec.ts';
import { transferdRequest } from '../transfer-spec/transferd-request.ts';
import { ascpType } from './ascp.ts';
import { builder } from './builder.ts';
import { describedValues } from './describe-enum.ts';
import { httpGatewayRequest, httpGatewayVersion } from './http-gateway.ts';
import { needs } from './scope.ts';

export const authorizationKind = builder.enumType('AuthorizationKind', {
  description: 'What proves to the serving node that a transfer is allowed.',
  values: describedValues<AuthorizationKind>({
    TRANSFER_TOKEN: 'A token made by the serving node for exactly these paths.',
    BASIC: 'An access key and its secret: everything that the key reaches.',
    BEARER: 'A signed token of one person, checked against their permissions.',
    SSH: 'No token: a password or key of a user of the server.',
  }),
});

export const specDirection = builder.enumType('TransferDirection', {
  description: 'Which way the bytes go, seen from the client that runs the transfer.',
  values: describedValues<TransferSpec['direction']>({
    SEND: 'From the client to the server: an upload.',
    RECEIVE: 'From the server to the client: a download.',
  }),
});

const transferPath = builder.objectRef<TransferPath>('TransferPath').implement({
  description: 'One path of a transfer spec.',
  fields: (t) => ({
    source: t.exposeString('source', {
      nullable: true,
      description: 'What is sent; null where the server left it to the client to fill in.',
    }),
    destination: t.exposeString('destination', {
      nullable: true,
      description: 'Name under which it arrives; null keeps the name that it has.',
    }),
  }),
});

export const transferSpec = builder.objectRef<TransferSpec>('TransferSpec').implement({
  description:
    'Everything that a client (ascp, IBM Aspera for desktop, transferd, a browser SDK) needs to run one transfer. ' +
    'It contains a token: treat it as a secret. The gateway does not log it, and keeps it only if you ask for `specId`.',
  ...needs('transfer'),
  fields: (t) => ({
    json: t.expose('json', {
      type: 'JSON',
      description: 'The spec exactly as a client SDK wants it, without `null` members. Hand it over unchanged.',
    }),
    specId: t.string({
      nullable: true,
      description:
        'Names this spec in `startTransfer`, so that its token need not travel. Asking for it makes the gateway keep the spec in memory for you alone: for an hour, or until its token ends; the oldest go when you have 200. Null when it is too large to be kept, or its token has ended.',
      resolve: (spec, _args, { keptSpecs, viewer }) => keptSpecs.keep(viewer.id, spec) ?? null,
    }),
    httpGateway: t.field({
      type: httpGatewayRequest,
      nullable: true,
      description:
        'For browsers without Aspera software: what they send to an HTTP Gateway to begin this transfer. Null where the spec has no token, which is all that an HTTP Gateway takes.',
      args: {
        url: t.arg.string({
          required: true,
          description: 'Address of the HTTP Gateway as browsers reach it, e.g. https://host/aspera/http-gwy.',
        }),
        version: t.arg({
          type: httpGatewayVersion,
          required: true,
          defaultValue: 'V3',
          description: 'Its generation.',
        }),
      },
      resolve: (spec, args) => gatewayRequestOf(spec, args),
    }),
    transferdRequest: t.field({
      type: 'JSON',
      description:
        'The message `TransferRequest` for `StartTransfer` of a transfer daemon (transferd) of your own: the same spec, ' +
        'with what the daemon spells differently. Fill in `paths` in its `transferSpec`, which is JSON text, where they are yours to choose.',
      resolve: ({ json }) => transferdRequest(json),
    }),
    direction: t.expose('direction', {
      type: specDirection,
      description: 'Which way the bytes go, seen from the client.',
    }),
    remoteHost: t.exposeString('remoteHost', { description: 'The server to connect to.' }),
    remoteUser: t.exposeString('remoteUser', {
      nullable: true,
      description: 'User to log in as; null when the server did not say.',
    }),
    sshPort: t.exposeInt('sshPort', {
      nullable: true,
      description: 'TCP port for the session.',
    }),
    faspPort: t.exposeInt('faspPort', {
      nullable: true,
      description: 'UDP port for the data.',
    }),
    paths: t.expose('paths', { type: [transferPath], description: 'What is transferred.' }),
    sourceRoot: t.exposeString('sourceRoot', {
      nullable: true,
      description: 'Folder that the sources are relative to; null when there is none.',
    }),
    destinationRoot: t.string({
      nullable: true,
      description: 'Folder that is written to; null where the client chooses it.',
      resolve: (spec) => spec.destinationRoot ?? null,
    }),
    targetRateKbps: t.exposeInt('targetRateKbps', {
      nullable: true,
      description: 'Wanted rate in kilobits (1000 bits) per second; null leaves it to the server.',
    }),
    authorizationKind: t.expose('authorizationKind', {
      type: authorizationKind,
      description: 'What proves that the transfer is allowed.',
    }),
    expiresAt: t.expose('expiresAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When the token stops being valid; null unless you set its life, because servers do not tell.',
    }),
    ascp: t.field({
      type: ascpType,
      nullable: true,
      description:
        'How `ascp`, IBM’s transfer program, is started to run this spec on your machine. ' +
        'Null, with an error that says why, when ascp could not run it: where the spec has no `paths`, for example.',
      args: {
        listFile: t.arg.string({
          defaultValue: 'aspera-files.txt',
          description: 'Name of the file on your machine that `command` writes the list of files to.',
        }),
        keyFile: t.arg.string({
          description:
            'Path of the SSH private key on your machine to log in with; the one that the gateway is configured with when left out.',
        }),
        destination: t.arg.string({
          description:
            'Folder to write to, in place of the `destination_root` of the spec. For a download, a folder on your machine.',
        }),
      },
      resolve: (spec, args, context) => ascpInvocation(spec, args, context),
    }),
    ascliCommand: t.string({
      nullable: true,
      description:
        'A command line of `ascli`, IBM’s command-line client, that runs this spec. It holds no secret: give it `json` on ' +
        'standard input. Without a token in the spec, it reads the password from the variable ASPERA_SCP_PASS, or the ' +
        'name of your key file from ASPERA_SSH_KEY_FILE. Null where the spec has no `paths`.',
      resolve: (spec) => renderAscli(spec) ?? null,
    }),
  }),
});

/** A success of a mutation whose point is a transfer spec. */
export const specSuccess = (name: string, description: string) =>
  builder.objectRef<{ readonly spec: TransferSpec }>(name).implement({
    description,
    fields: (t) => ({
      spec: t.expose('spec', {
        type: transferSpec,
        description: 'The spec to hand to a client.',
      }),
    }),
  });

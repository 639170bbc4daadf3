import { createBearerSpec } from '../../resolvers/node/bearer-spec.ts';
import type { OwnTokenKind } from '../../sources/node/types.ts';
import { builder } from '../builder.ts';
import { describedValues } from '../describe-enum.ts';
import { resultUnion } from '../errors.ts';
import { needs } from '../scope.ts';
import { specDirection, specSuccess } from '../transfer-spec.ts';
import { transferOptionsInput, transferPathInput } from './authorize.ts';

const kind = builder.enumType('OwnTokenKind', {
  description: 'A token that the gateway makes or has by itself.',
  values: describedValues<OwnTokenKind>({
    BEARER:
      'A signed token in your name, for a while; the node lets it do what your permissions allow, also outside of transfers. Needs the scope `transfer.bearer`, and a source that acts as the viewer.',
    BASIC:
      'The access key of the source with its secret, which opens its whole storage and does not end. Only for programs that you trust with it. Needs the scope `transfer.secret`, and a source with an access key.',
  }),
});

const folderInput = builder.inputType('SpecFolderInput', {
  description: 'A folder in the storage of the access key.',
  isOneOf: true,
  fields: (t) => ({
    fileId: t.string({ description: 'Its id, as `folder` and `files` of an access key give it. One upstream call.' }),
    path: t.string({
      description:
        'Its path from the root of the access key, walked folder by folder: one upstream call, and one for each name. For a download it may also be that of one file, without `paths`.',
    }),
  }),
});

const input = builder.inputType('CreateBearerSpecInput', {
  description: 'What is to be transferred with which kind of token.',
  fields: (t) => ({
    source: t.string({
      description: 'Name of the node that serves the transfer; may be left out when only one node is configured.',
    }),
    kind: t.field({ type: kind, required: true, description: 'What proves to the node that it is allowed.' }),
    direction: t.field({
      type: specDirection,
      required: true,
      description: 'Which way the bytes go, seen from the client.',
    }),
    folder: t.field({
      type: folderInput,
      description: 'Folder that all paths are relative to; the root of the access key when left out.',
    }),
    paths: t.field({
      type: [transferPathInput],
      description:
        'What is transferred. For a download: files and folders of the folder, required. For an upload: what the client will send; may be left to the client.',
    }),
    accessKey: t.string({
      description: 'Id of the access key that you expect; it is refused when the source has another one.',
    }),
    options: t.field({
      type: transferOptionsInput,
      description:
        'Wishes for the spec. A bearer token lives as long as the source is configured to, or shorter with `tokenLifeSeconds`; a secret has no life.',
    }),
  }),
});

builder.mutationField('createBearerSpec', (t) =>
  t.field({
    type: specSuccess('CreateBearerSpecSuccess', 'The spec has been made.'),
    nullable: true,
    description:
      'Makes a transfer spec whose token no node is asked for: a bearer token in your name, or the secret of an access key. The node decides when the transfer begins. One upstream call, and those that find the folder.',
    args: { input: t.arg({ type: input, required: true, description: 'What is to be transferred, and how.' }) },
    errors: resultUnion('CreateBearerSpec'),
    ...needs('transfer'),
    resolve: (_root, args, context) => createBearerSpec(args.input, context),
  }),
);

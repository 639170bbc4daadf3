import type { BoundNode, OperationContext } from '../../context/context.ts';
import type { OwnTokenKind } from '../../sources/node/types.ts';
import { answering, InvalidInputError } from '../errors.ts';
import { demandScope } from '../forbidden.ts';
import { given, type PathInput, readPaths, type SpecOptionsInput, type SpecResult, specOptions } from './authorize.ts';
import { findPlace, folderWithId, type StoragePlace } from './storage-path.ts';

type Optional<T> = T | null | undefined;

/** Where the paths of a spec are relative to. */
export interface SpecFolderInput {
  readonly fileId?: Optional<string>;
  readonly path?: Optional<string>;
}

export interface CreateBearerSpecInput {
  readonly source?: Optional<string>;
  readonly kind: OwnTokenKind;
  readonly direction: 'SEND' | 'RECEIVE';
  readonly folder?: Optional<SpecFolderInput>;
  readonly paths?: Optional<readonly PathInput[]>;
  readonly accessKey?: Optional<string>;
  readonly options?: Optional<SpecOptionsInput>;
}

const scopeOf = { BEARER: 'transfer.bearer', BASIC: 'transfer.secret' } as const;

const placeOf = (node: BoundNode, { fileId, path }: SpecFolderInput): Promise<StoragePlace> =>
  fileId == null ? findPlace(node, path ?? '/') : folderWithId(node, fileId);

/** What is transferred, relative to the folder: a download must say it, an upload may leave it to the client. */
function pathsOf({ paths, direction }: CreateBearerSpecInput, { fileName }: StoragePlace) {
  const named = readPaths(paths ?? []);
  if (fileName === undefined) {
    if (direction === 'SEND' || named.length > 0) return named;
    throw new InvalidInputError('`paths` is empty: name at least one file or folder of the folder.', {
      code: 'BAD_INPUT',
    });
  }
  if (direction === 'RECEIVE' && named.length === 0) return [{ source: fileName }];
  throw new InvalidInputError(`\`path\` leads to the file ${fileName}: name its folder, and files in \`paths\`.`, {
    code: 'BAD_INPUT',
  });
}

/**
 * Makes a spec whose token is not asked for: a bearer token in the viewer's name, which the node checks against their
 * permissions, or the secret of an access key. Each kind needs a scope of its own, because both open more than one
 * transfer: the Node API takes them as well.
 */
export const createBearerSpec = answering(
  async (input: CreateBearerSpecInput, context: OperationContext): Promise<SpecResult> => {
    demandScope(context, scopeOf[input.kind]);
    const node = context.node(input.source);
    const options = specOptions(context, input.options);
    const token = { kind: input.kind, accessKey: input.accessKey ?? undefined };
    node.client.demandOwnToken({ ...options, ...token });
    const place = await placeOf(node, input.folder ?? {});
    const spec = await node.client.makeSpec({
      ...options,
      ...token,
      direction: input.direction,
      folderId: place.folderId,
      paths: pathsOf(input, place),
    });
    return given(context, node, spec);
  },
);

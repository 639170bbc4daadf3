import type { OperationContext } from '../../context/context.ts';
import type { NewFile, PathResult } from '../../sources/node/types.ts';
import { answering, InvalidInputError, MutationError, toMutationError } from '../errors.ts';

type Optional<T> = T | null | undefined;

interface OnNode {
  readonly source?: Optional<string>;
}

export interface CreateFolderInput extends OnNode {
  readonly path: string;
}

export interface CreateFileInput extends OnNode {
  readonly path: string;
  readonly contentsBase64?: Optional<string>;
}

export interface CreateSymlinkInput extends OnNode {
  readonly path: string;
  readonly targetPath: string;
}

export interface RenameFileInput extends OnNode {
  readonly path: string;
  readonly newName: string;
}

export interface DeleteFilesInput extends OnNode {
  readonly paths: readonly string[];
  readonly recursive?: Optional<boolean>;
}

/** What became of one path. */
export interface PathOutcome {
  readonly path: string;
  readonly error: MutationError | undefined;
}

export interface PathOutcomes {
  readonly results: readonly PathOutcome[];
}

const invalid = (message: string) => new InvalidInputError(message, { code: 'BAD_INPUT' });

/** The error of a path in the words of mutations; what is no failure at the source stays hidden. */
function outcome({ path, error }: PathResult): PathOutcome {
  if (error === undefined) return { path, error: undefined };
  const typed = toMutationError(error);
  if (typed instanceof MutationError) return { path, error: typed };
  throw typed;
}

async function create(source: Optional<string>, file: NewFile, context: OperationContext): Promise<PathOutcomes> {
  const results = await context.node(source).client.createFiles([file]);
  return { results: results.map(outcome) };
}

/** Makes a folder; the folder above it must be there. */
export const createFolder = answering(({ source, path }: CreateFolderInput, context: OperationContext) =>
  create(source, { path, type: 'DIRECTORY' }, context),
);

const base64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}(?:==)?|[A-Za-z0-9+/]{3}=?)?$/;

/** Makes a small file; never over another one. */
export const createFile = answering(
  async ({ source, path, contentsBase64 }: CreateFileInput, context: OperationContext) => {
    const contents = contentsBase64 ?? '';
    if (!base64.test(contents)) throw invalid('`contentsBase64` is not base64 (RFC 4648, without line breaks).');
    return create(source, { path, type: 'FILE', contentsBase64: contents }, context);
  },
);

/** Makes a link. */
export const createSymlink = answering(({ source, path, targetPath }: CreateSymlinkInput, context: OperationContext) =>
  create(source, { path, type: 'SYMBOLIC_LINK', targetPath }, context),
);

/** Gives a file or folder another name in its folder; never over another one. */
export const renameFile = answering(
  async ({ source, path, newName }: RenameFileInput, context: OperationContext): Promise<PathOutcomes> => {
    const [, folder, name] = /^(.*)\/([^/]+)\/*$/s.exec(path.startsWith('/') ? path : `/${path}`) ?? [];
    if (name === undefined) throw invalid('`path` names no file or folder that could be renamed.');
    if (newName === '' || newName.includes('/')) {
      throw invalid('`newName` must be a name without a slash: a file stays in its folder.');
    }
    const results = await context.node(source).client.renameFiles([{ folder: folder || '/', name, newName }]);
    return { results: results.map(outcome) };
  },
);

/** Deletes files and folders, each for itself: one that cannot be deleted does not keep the others. */
export const deleteFiles = answering(
  async ({ source, paths, recursive }: DeleteFilesInput, context: OperationContext): Promise<PathOutcomes> => {
    if (paths.length === 0) throw invalid('`paths` is empty: name at least one file or folder.');
    const deletions = paths.map((path) => ({ path, recursive: recursive ?? false }));
    const results = await context.node(source).client.deleteFiles(deletions);
    return { results: results.map(outcome) };
  },
);

import { type NodeConnection, sendPaths } from '../connection.ts';
import { badAnswer, embeddedRefusal } from '../errors.ts';
import { parseAnswer } from '../parse.ts';
import { compact } from '../request-shape.ts';
import type { FileDeletion, FileRename, NewFile, PathResult } from '../types.ts';
import { pathList } from '../wire/path-entry.ts';
import { nodeErrorOf } from '../wire.ts';

/** Changing files by path (gen3). A failure of one path comes inside an answer of status 200 (§1.5). */

interface PathChange {
  readonly operation: string;
  readonly route: string;
  /** One element per path, as the node spells it. */
  readonly elements: readonly Readonly<Record<string, unknown>>[];
  /** The paths that the results are named by, in the same order. */
  readonly paths: readonly string[];
}

async function changePaths(connection: NodeConnection, change: PathChange): Promise<PathResult[]> {
  const { source } = connection;
  const { body } = await sendPaths(connection, {
    operation: change.operation,
    method: 'POST',
    path: change.route,
    json: { paths: change.elements },
    repeat: 'never',
  });
  const results = parseAnswer(source, 'a result per path', pathList, body);
  return change.paths.map((path, index) => {
    const result = results[index];
    if (result === undefined) return { path, error: badAnswer(source, `no result for ${JSON.stringify(path)}`) };
    const error = nodeErrorOf(result);
    return { path, error: error && embeddedRefusal(source, error) };
  });
}

/** `POST /files/create`: files, folders and links. Never overwrites. */
export const createFiles = (connection: NodeConnection, files: readonly NewFile[]): Promise<PathResult[]> =>
  changePaths(connection, {
    operation: 'node.createFiles',
    route: '/files/create',
    elements: files.map((file) =>
      compact({
        path: file.path,
        type: file.type.toLowerCase(),
        contents: file.contentsBase64,
        target: file.targetPath === undefined ? undefined : { path: file.targetPath },
      }),
    ),
    paths: files.map(({ path }) => path),
  });

/** `POST /files/delete`. */
export const deleteFiles = (connection: NodeConnection, deletions: readonly FileDeletion[]): Promise<PathResult[]> =>
  changePaths(connection, {
    operation: 'node.deleteFiles',
    route: '/files/delete',
    elements: deletions.map(({ path, recursive }) => ({ path, recursive_delete: recursive })),
    paths: deletions.map(({ path }) => path),
  });

const joinPath = (folder: string, name: string) => `${folder.replace(/\/+$/, '')}/${name}`;

/** `POST /files/rename`: inside one folder, never over another file. The result has the new path. */
export const renameFiles = (connection: NodeConnection, renames: readonly FileRename[]): Promise<PathResult[]> =>
  changePaths(connection, {
    operation: 'node.renameFiles',
    route: '/files/rename',
    elements: renames.map(({ folder, name, newName }) => ({ path: folder, source: name, destination: newName })),
    paths: renames.map(({ folder, newName }) => joinPath(folder, newName)),
  });

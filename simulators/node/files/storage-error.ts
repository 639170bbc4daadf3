import * as z from 'zod';
import { Refusal } from '../../kit/message.ts';
import { type NodeError, nodeError, refusal } from '../errors.ts';

/** What the file system says, in the words of the Node API (openapi 4.4.6: samples of files-create and files-delete). */
const sayings: Readonly<Record<string, readonly [status: number, message: string]>> = {
  ENOENT: [404, 'No such file or directory'],
  ENOTDIR: [404, 'No such file or directory'],
  EEXIST: [409, 'Path already exists'],
  ENOTEMPTY: [409, 'Directory not empty'],
  EACCES: [403, 'Permission denied'],
  EPERM: [403, 'Permission denied'],
  EBUSY: [403, 'Path is in use'],
  EISDIR: [400, 'Path is a directory'],
  EINVAL: [400, 'Invalid path'],
  ELOOP: [400, 'Too many levels of symbolic links'],
  ENAMETOOLONG: [400, 'Path is too long'],
  ENOSPC: [500, 'No space left on device'],
};

export function errnoOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

/** The refusal that tells a file system's error; any other error comes back as it is. */
export function refusalFrom(error: unknown): unknown {
  const [status, message] = sayings[errnoOf(error) ?? ''] ?? [];
  return status === undefined || message === undefined ? error : refusal(status, message);
}

const errorBody = z.object({ error: z.object({ code: z.number(), reason: z.string(), user_message: z.string() }) });

/** The error object for one path of several; throws on what is no refusal and no file system error. */
export function pathError(error: unknown): NodeError {
  const refused = refusalFrom(error);
  if (!(refused instanceof Refusal)) throw error;
  const body = errorBody.safeParse(refused.response.json);
  return body.success ? body.data.error : nodeError(refused.response.status, 'The request failed');
}

/**
 * Does one thing to each path, in their order. A path that fails is echoed with its `error`, and the answer stays 200
 * (aspera-node-api.md §1.5, per-path errors).
 */
export async function eachPath<P extends object, R extends object>(
  paths: readonly P[],
  echo: (path: P) => object,
  act: (path: P) => Promise<R>,
): Promise<object[]> {
  const results: object[] = [];
  for (const path of paths) {
    try {
      results.push(await act(path));
    } catch (error) {
      results.push({ ...echo(path), error: pathError(error) });
    }
  }
  return results;
}

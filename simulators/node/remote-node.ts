import { posix } from 'node:path';
import type * as z from 'zod';
import { AscpError } from './ascp-error.ts';
import { type Fields, fieldsOf, listOf, textOf, valueAt } from './fields.ts';
import { transferSpecShape } from './transfers/transfer-spec.ts';
import type { WatchedFile } from './watch-folders/watched-file.ts';

/** Another node as a watch folder knows it: where its Node API is, and who calls it (`NODE_BASIC`). */
export interface RemoteNode {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly pass: string;
}

const TIMEOUT_MS = 10_000;
const FILES_PER_CALL = 1000;

/** Simulators speak plain HTTP among themselves; real nodes would be called over HTTPS. */
async function post(remote: RemoteNode, path: string, body: Fields): Promise<Fields> {
  const authorization = `Basic ${Buffer.from(`${remote.user}:${remote.pass}`).toString('base64')}`;
  const response = await fetch(`http://${remote.host}:${remote.port}${path}`, {
    method: 'POST',
    headers: { authorization, 'content-type': 'application/json' },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(TIMEOUT_MS),
  }).catch((cause: unknown) => {
    throw new AscpError(14, 'The remote node could not be reached', { cause });
  });
  const answer = fieldsOf(await response.json().catch(() => undefined));
  if (response.status === 401) throw new AscpError(19, 'Unable to authenticate');
  if (!response.ok) {
    throw new AscpError(
      2,
      textOf(valueAt(answer, 'error', 'user_message')) ?? `The remote node said ${response.status}`,
    );
  }
  return answer;
}

/** A spec without its paths, which are the client's to say. */
const authorizedShape = transferSpecShape.omit({ paths: true });

export type AuthorizedSpec = z.output<typeof authorizedShape>;

/** The spec that the remote node gives for an upload or a download. */
export async function authorizeAt(
  remote: RemoteNode,
  kind: 'upload' | 'download',
  request: Fields,
): Promise<AuthorizedSpec> {
  const body = { transfer_requests: [{ transfer_request: request }] };
  const { transfer_specs } = await post(remote, `/files/${kind}_setup`, body);
  const { paths: _, ...spec } = fieldsOf(fieldsOf(listOf(transfer_specs)[0]).transfer_spec);
  const parsed = authorizedShape.safeParse(spec);
  if (parsed.success) return parsed.data;
  throw new AscpError(37, textOf(valueAt(spec, 'error', 'user_message')) ?? 'The remote node gave no transfer spec');
}

/** The files below a folder of the remote node, at any depth. */
export async function listAt(remote: RemoteNode, folder: string): Promise<WatchedFile[]> {
  const files: WatchedFile[] = [];
  for (;;) {
    const { items, total_count } = await post(remote, '/files/search', {
      ...{ path: folder, filters: { types: ['file'] }, skip: files.length, count: FILES_PER_CALL },
    });
    const page = listOf(items).map(fieldsOf);
    for (const { path, size, mtime } of page) {
      const name = posix.relative(folder, String(path));
      files.push({ name, size: Number(size), modifiedMs: Date.parse(String(mtime)) });
    }
    if (page.length === 0 || files.length >= Number(total_count)) return files;
  }
}

import { mkdir, readFile, stat } from 'node:fs/promises';
import { dirname, join, posix } from 'node:path';
import * as z from 'zod';
import type { SimulatorRequest } from '../../kit/message.ts';
import { refusal } from '../errors.ts';
import { type Access, demandLevel, type FileHandler, type FileState, pathOfId } from './access.ts';
import { createFile, deleteEntry, isThere, LARGEST_CONTENTS, renameEntry } from './change-paths.ts';
import type { DeleteJob } from './delete-jobs.ts';
import { contentTypeOf, fileInfo, mountKey } from './file-info.ts';
import { type FileNode, fileNodeAt, linkFileName, linkFileText } from './file-node.ts';
import { isVersion4 } from './list-folder.ts';
import { queryList, readBody } from './request-fields.ts';
import { childPath, resolveEntryInRoot, resolveInRoot } from './resolve-in-root.ts';

const idOf = ({ params }: SimulatorRequest): string => params.id ?? '';

async function nodeAt({ storage }: Access, path: string): Promise<FileNode> {
  const node = await fileNodeAt(storage.root, path);
  if (!node) throw refusal(404, 'Invalid file ID');
  return node;
}

function jobAnswer(state: FileState, access: Access, request: SimulatorRequest, jobId: string) {
  const job = state.jobs.find(jobId);
  if (job?.accessKeyId !== access.accessKeyId || job.fileId !== idOf(request)) throw refusal(404, 'Invalid job ID');
  const stop = request.query.get('stop');
  if (stop === 'cancel' || stop === 'abort') state.jobs.stop(job);
  else if (stop !== null) throw refusal(400, 'Invalid parameter stop');
  return { status: 202, json: { status: job.status, elapsed: String(job.elapsedMs / 1000) } };
}

/**
 * GET /files/{id}. Any permission shows metadata ("With any permission, the user can access file metadata", openapi
 * 4.4.6); with version 4.0 and `ajq_id` it tells how a background delete stands, also when the file is gone.
 */
export const showFile: FileHandler = async (state, access, request) => {
  const jobId = isVersion4(request) ? request.query.get('ajq_id') : null;
  if (jobId !== null) return jobAnswer(state, access, request, jobId);
  const path = pathOfId(state, access, idOf(request));
  demandLevel(state, access, path);
  const include = new Set(queryList(request.query, 'include'));
  return { status: 200, json: await fileInfo({ state, access, include }, await nodeAt(access, path)) };
};

const fileName = z.string().refine((name) => name !== '' && name !== '.' && name !== '..' && !/[/\0]/.test(name), {
  message: 'is no file name',
});

const createRequest = z.object({
  name: fileName,
  type: z.enum(['file', 'folder', 'link']),
  contents: z.string().optional(),
  target_id: z.string().min(1).optional(),
  target_node_id: z.string().min(1).optional(),
  mount_point: z.boolean().default(false),
});
type CreateRequest = z.infer<typeof createRequest>;

/** A link and another entry of the same name exclude each other, although their files differ (§10, 15). */
function refuseTaken(folder: string, name: string): void {
  const isTaken = isThere(join(folder, name)) || isThere(join(folder, linkFileName(name)));
  if (isTaken) throw refusal(409, 'File already exists');
}

/** Makes the entry in `folder` and answers the name it has on disk. */
async function make(folder: string, asked: CreateRequest): Promise<string> {
  const { name, type, contents, target_id, target_node_id } = asked;
  refuseTaken(folder, name);
  if (type === 'folder') await mkdir(join(folder, name));
  else if (type === 'file') await createFile(join(folder, name), contents);
  else {
    if (!target_id || !target_node_id) throw refusal(400, 'A link needs target_id and target_node_id');
    const text = Buffer.from(linkFileText({ target_id, target_node_id })).toString('base64');
    await createFile(join(folder, linkFileName(name)), text);
    return linkFileName(name);
  }
  return name;
}

function setMountPoint(state: FileState, access: Access, id: string, isMountPoint: boolean | undefined): void {
  if (isMountPoint === undefined) return;
  if (access.caller.kind !== 'accessKey') throw refusal(403, 'Permission denied');
  if (isMountPoint) state.mountPoints.add(mountKey(access, id));
  else state.mountPoints.delete(mountKey(access, id));
}

/** POST /files/{id}/files: `mkdir` for a folder, `write` for a file or link (openapi 4.4.6). */
export const createInFolder: FileHandler = async (state, access, request) => {
  const path = pathOfId(state, access, idOf(request));
  const asked = readBody(request, createRequest);
  demandLevel(state, access, path, asked.type === 'folder' ? 'mkdir' : 'write');
  const folder = await nodeAt(access, path);
  if (folder.type !== 'folder') throw refusal(400, 'The file ID is not that of a folder');
  const created = childPath(path, await make(resolveInRoot(access.storage.root, path), asked));
  const id = state.ids.fileIdOf(access.storage, created);
  if (asked.type === 'folder' && asked.mount_point) setMountPoint(state, access, id, true);
  const include = new Set<string>();
  return { status: 200, json: await fileInfo({ state, access, include }, await nodeAt(access, created)) };
};

const changeRequest = z.object({ name: fileName.optional(), mount_point: z.boolean().optional() });

/** PUT /files/{id}: a new name in the same folder, or the mount point flag of a folder. */
export const changeFile: FileHandler = async (state, access, request) => {
  const path = pathOfId(state, access, idOf(request));
  const { name, mount_point } = readBody(request, changeRequest);
  demandLevel(state, access, path, 'rename');
  const node = await nodeAt(access, path);
  if (mount_point !== undefined && node.type !== 'folder') throw refusal(400, 'Only a folder can be a mount point');
  setMountPoint(state, access, idOf(request), mount_point);
  if (name !== undefined) {
    if (path === '/') throw refusal(403, 'The root folder cannot be renamed');
    refuseTaken(dirname(node.location), name);
    const renamed = childPath(posix.dirname(path), node.type === 'link' ? linkFileName(name) : name);
    const destined = resolveEntryInRoot(access.storage.root, renamed);
    renameEntry(node.location, destined);
    state.ids.moved(node.location, destined);
  }
  return { status: 204 };
};

const jobBody = ({ status, fileId, id }: DeleteJob) => ({ status, url: `/files/${fileId}`, job_id: id });

/** DELETE /files/{id}: at once, or with version 4.0 in the background behind a job. */
export const deleteFile: FileHandler = async (state, access, request) => {
  const path = pathOfId(state, access, idOf(request));
  demandLevel(state, access, path, 'delete');
  if (path === '/') throw refusal(403, 'The root folder cannot be deleted');
  const location = resolveEntryInRoot(access.storage.root, path);
  const work = async () => {
    await deleteEntry(location, true);
    state.ids.removed(location);
  };
  if (isVersion4(request)) {
    return { status: 202, json: jobBody(state.jobs.submit(access.accessKeyId, idOf(request), work)) };
  }
  await work();
  return { status: 204 };
};

/** GET /files/{id}/content: a whole file, up to the size that the server may create by request (openapi 4.4.6). */
export const readContent: FileHandler = async (state, access, request) => {
  const path = pathOfId(state, access, idOf(request));
  demandLevel(state, access, path, 'read');
  const { type, name } = await nodeAt(access, path);
  if (type !== 'file') throw refusal(400, 'Only the content of a file can be read');
  const location = resolveInRoot(access.storage.root, path);
  if ((await stat(location)).size > LARGEST_CONTENTS) throw refusal(400, 'The file is larger than the server allows');
  return { status: 200, body: await readFile(location), headers: { 'content-type': contentTypeOf(name) } };
};

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Json, listAt, objectAt } from '../openapi/json.ts';
import { type Call, type FaspexWorld, MANY } from './faspex-world.ts';
import { sendPackage } from './send-package.ts';

/** Who and what of our simulator stands for the people and things of the recording. */
export interface Cast {
  /** Sends and receives in every command. */
  readonly self: Json;
  /** bob@example.com */
  readonly bob: Json;
  /** Inbox A as shared inbox, and as workgroup. */
  readonly inbox: Json;
  readonly workgroup: Json;
  /** The shared folder Server Files. */
  readonly folder: Json;
  /** Package 1, to the sender itself, and package 4, to the inbox: each with two files. */
  readonly own: string;
  readonly toInbox: string;
  /** The same two for commands that browse: with more files than fit on a page. */
  readonly fullOwn: string;
  readonly fullToInbox: string;
}

export const names = { self: 'ava.lindqvist', bob: 'jonas.weber', folder: 'Server Files' };

const files = ['/local/a.txt', '/local/b.txt'];

async function only(call: Call, path: string, key: string): Promise<Json> {
  const [first] = listAt((await call('GET', path)).json, key);
  return first ?? {};
}

/** Puts files beside those that were uploaded, as many as `MANY` in all. */
async function fill({ storage }: FaspexWorld, call: Call, id: string): Promise<string> {
  const folder = join(storage.docroot, await contentFolderOf(call, id));
  const more = Array.from({ length: MANY - files.length }, (_, index) => writeFile(join(folder, `${index}.dpx`), '1'));
  await Promise.all(more);
  return id;
}

/** Where the node keeps the files of a package. */
async function contentFolderOf(call: Call, id: string): Promise<string> {
  const place = `/api/v5/packages/${id}/transfer_spec/download?transfer_type=connect&type=sent`;
  const [path] = listAt((await call('POST', place, {})).json, 'paths');
  return String(path?.source);
}

/** Finds the cast, and sends the packages of the recording. */
export async function castPlay(world: FaspexWorld): Promise<Cast> {
  const call = await world.signIn(names.self);
  const inbox = await only(call, '/api/v5/shared_inboxes', 'shared_inboxes');
  const send = (request: Json) => sendPackage(world, call, { note: 'from the desk', ...request }, files);
  const toSelf = { title: 'To myself', recipients: [{ name: names.self }] };
  const toInbox = {
    title: 'To an inbox',
    recipients: [{ name: inbox.name, recipient_type: 'shared_inbox' }, { name: names.bob }],
    metadata: { Outlet: 'The Daily', Language: 'English' },
  };
  return {
    self: objectAt((await call('GET', '/api/v5/account')).json),
    bob: await only(call, `/api/v5/accounts?q=${names.bob}`, 'accounts'),
    inbox,
    workgroup: await only(call, '/api/v5/workgroups', 'workgroups'),
    folder: await only(call, `/api/v5/shared_folders?q=${encodeURIComponent(names.folder)}`, 'shared_folders'),
    own: await send(toSelf),
    toInbox: await send(toInbox),
    fullOwn: await fill(world, call, await send({ ...toSelf, title: 'Much to myself' })),
    fullToInbox: await fill(world, call, await send({ ...toInbox, title: 'Much to an inbox' })),
  };
}

import { randomUUID } from 'node:crypto';
import { expect } from 'vitest';
import type { Answer } from '../openapi/contract.ts';
import { type Json, listAt, objectAt } from '../openapi/json.ts';
import { type Cast, names } from './cast.ts';
import { type Call, type FaspexWorld, MANY } from './faspex-world.ts';
import { moveFiles } from './send-package.ts';
import type { Stage } from './stage.ts';
import type { RecordedRequest } from './wire-trace.ts';

/** One command of IBM's client while it is replayed. */
export interface Replay {
  readonly world: FaspexWorld;
  readonly cast: Cast;
  readonly call: Call;
  /** Recorded package ids and ours. */
  readonly packages: Map<string, string>;
  /** The package that was last created. */
  created: string | undefined;
  /** The first recipient of the package that was last shown: it decides the parameter of what follows. */
  recipient: Json;
  /** Items of the folder that is browsed, and where it goes on. */
  browsed: Json[];
  next: string | null;
}

export function startReplay(stage: Stage, call: Call, command: string): Replay {
  const { own, toInbox, fullOwn, fullToInbox } = stage.cast;
  const [first, fourth] = command.startsWith('packages browse') ? [fullOwn, fullToInbox] : [own, toInbox];
  const packages = { 1: first, 4: fourth, 99: '999999' };
  return {
    ...{ ...stage, call, created: undefined, recipient: {}, browsed: [], next: null },
    packages: new Map(Object.entries(packages)),
  };
}

function ourPath({ cast, packages, created }: Replay, path: string): string {
  const inOrder = [
    ...[[/\/packages\/(\d+)/, (id: string) => `/packages/${packages.get(id) ?? created ?? 'none'}`]],
    [/\/shared_inboxes\/9/, () => `/shared_inboxes/${cast.inbox.id}`],
    [/\/workgroups\/9/, () => `/workgroups/${cast.workgroup.id}`],
    [/\/accounts\/7/, () => `/accounts/${cast.bob.id}`],
    [/\/nodes\/1\/shared_folders\/2/, () => `/nodes/${cast.folder.node_id}/shared_folders/${cast.folder.id}`],
  ] as const;
  return inOrder.reduce((text, [pattern, make]) => text.replace(pattern, (_, id) => make(id)), path);
}

function ourValue(replay: Replay, path: string, name: string, value: string): string {
  const { cast, recipient, browsed, next } = replay;
  if (name === 'recipient_user_id' || name === 'recipient_workgroup_id') {
    const isUser = recipient.recipient_type === 'user' || recipient.recipient_type === 'external_user';
    expect(name).toBe(isUser ? 'recipient_user_id' : 'recipient_workgroup_id');
    return String(recipient.id);
  }
  if (name === 'iteration_token') return String(next);
  if (name === 'offset' && value !== '0') return String(browsed.length);
  if (value === 'bob@example.com') return names.bob;
  if (value === 'Inbox A') return String((path.includes('workgroups') ? cast.workgroup : cast.inbox).name);
  return value;
}

function ourBody({ cast, packages }: Replay, body: Json | undefined): unknown {
  if (body === undefined) return undefined;
  const text = JSON.stringify(body)
    .replaceAll('bob@example.com', names.bob)
    .replaceAll('"shared_folder_id":"2"', `"shared_folder_id":"${cast.folder.id}"`)
    .replaceAll('/folder/file', '/reel.mov.txt')
    .replaceAll('"/sub"', '"/stills"')
    .replaceAll('"/dir/b.txt"', '"/b.txt"')
    .replaceAll('"ids":["1"]', `"ids":["${packages.get('1')}"]`);
  return JSON.parse(text);
}

/** Sends a recorded request with our ids and names in it. */
export function send(replay: Replay, request: RecordedRequest): Promise<Answer> {
  const { method, path, query, body } = request;
  const ours = new URLSearchParams([...query].map(([name, value]) => [name, ourValue(replay, path, name, value)]));
  const text = ours.size === 0 ? '' : `?${ours}`;
  return replay.call(method, `${ourPath(replay, path)}${text}`, ourBody(replay, body));
}

type Check = (replay: Replay, answer: Answer, request: RecordedRequest) => unknown;

const isPage =
  (key: string): Check =>
  (_, { json }, { query }) => {
    const { total_count, [key]: rows } = objectAt(json);
    expect(Number.isInteger(total_count)).toBe(true);
    expect(Array.isArray(rows)).toBe(true);
    // One page of 1000 has them all: otherwise the client would go on.
    if (query.has('limit')) expect(listAt(json, key)).toHaveLength(Number(total_count));
  };

const keepsRecipient: Check = (replay, { json }) => {
  const [first] = listAt(json, 'recipients');
  expect(first).toMatchObject({ id: expect.any(String), recipient_type: expect.any(String) });
  replay.recipient = first ?? {};
};

const spec = { token: expect.any(String), remote_host: expect.any(String), remote_user: expect.any(String) };
const ports = { ssh_port: expect.any(Number), fasp_port: expect.any(Number) };
const marks = {
  tags: { aspera: { faspex: expect.any(Object) } },
  cookie: expect.stringMatching(/^aspera\.faspex20:[ud]:/),
};

const uploads: Check = async ({ world }, { json }, { body }) => {
  expect(json).toMatchObject({ ...spec, ...ports, ...marks, direction: 'send' });
  const paths = Array.isArray(body?.paths) ? body.paths.map((source) => ({ source })) : [];
  await moveFiles(world, objectAt(json), { paths });
};

const downloads: Check = async ({ world }, { json }) => {
  expect(json).toMatchObject({ ...spec, ...ports, ...marks, direction: 'receive', paths: expect.any(Array) });
  const done = await moveFiles(world, objectAt(json), { destination_root: `/local/${randomUUID()}`, create_dir: true });
  expect(done.files_completed).toBe(2);
};

const pagesByToken: Check = (replay, { json, headers }) => {
  const items = listAt(json, 'items');
  expect(objectAt(json).item_count).toBe(items.length);
  replay.browsed.push(...items);
  replay.next = headers.get('x-aspera-next-iteration-token') || null;
};

const pagesByOffset: Check = (replay, { json }) => {
  const { item_count, total_count } = objectAt(json);
  expect([item_count, total_count]).toEqual([listAt(json, 'items').length, MANY]);
  replay.browsed.push(...listAt(json, 'items'));
  replay.next = item_count === 0 ? null : String(replay.browsed.length);
};

const waitsForUpload: Check = async (replay, _, request) => {
  const status = async () => objectAt((await send(replay, request)).json).upload_status;
  await expect.poll(status, { timeout: 10_000, interval: 50 }).toBe('completed');
};

/** What IBM's client needs of each answer (aspera-apps-api.md §10, §10.1), by recorded method and path. */
const checks: readonly (readonly [RegExp, Check])[] = [
  [/^GET .*\/(inbox_all|outbox|v5|9)\/packages$/, isPage('packages')],
  [/^GET .*\/shared_inboxes$/, isPage('shared_inboxes')],
  [/^GET .*\/workgroups$/, isPage('workgroups')],
  [/^GET .*\/accounts$/, isPage('accounts')],
  [/^GET .*\/shared_folders$/, isPage('shared_folders')],
  [/^GET .*\/members$/, isPage('members')],
  [/^GET .*\/metadata_profiles$/, isPage('profiles')],
  [/^GET .*\/distribution_lists$/, isPage('distribution_lists')],
  [/^GET .*\/file_statuses$/, isPage('files')],
  [/^GET .*\/packages\/(1|4)$/, keepsRecipient],
  [
    /^GET .*\/packages\/1\/upload_details$/,
    (_, { json }) => expect(json).toMatchObject({ upload_status: 'completed' }),
  ],
  [/^GET .*\/packages\/8\/upload_details$/, waitsForUpload],
  [
    /^GET .*\/contacts$/,
    (_, { json }) => expect(listAt(json, 'contacts')).toMatchObject([{ name: names.bob, type: 'user' }]),
  ],
  [
    /^POST .*\/packages$/,
    (replay, { status, json }) => {
      expect([status, typeof objectAt(json).id]).toEqual([201, 'string']);
      replay.created = String(objectAt(json).id);
    },
  ],
  [/^POST .*\/transfer_spec\/upload$/, uploads],
  [/^POST .*\/transfer_spec\/download$/, downloads],
  [/^POST .*\/packages\/\d+\/files\/(received|sent)\/page$/, pagesByToken],
  [/^POST .*\/packages\/\d+\/files\/(received|sent)$/, pagesByOffset],
  [
    /^POST .*\/browse\/page$/,
    (_, { json }) => expect(listAt(json, 'items')).toMatchObject([{ basename: 'day 1.txt' }]),
  ],
  [/^POST .*\/remote_transfer$/, (_, { status }) => expect(status).toBe(201)],
  [/^DELETE .*\/packages$/, (_, { status }) => expect(status).toBe(204)],
  [/^GET \/health$/, (_, { headers }) => expect(headers.get('x-ibm-aspera')).toMatch(/^F5\.\d+\.\d+$/)],
  [/^GET .*\/version$/, (_, { json }) => expect(json).toEqual({ version: expect.stringMatching(/^5\.\d+\.\d+$/) })],
  [/^GET .*\/account$/, ({ cast }, { json }) => expect(json).toMatchObject({ id: cast.self.id, gateway_url: '' })],
  [/^GET .*\/account\/preferences$/, (_, { json }) => expect(json).toHaveProperty('public_key')],
  [/^GET .*\/accounts\/7$/, ({ cast }, { json }) => expect(json).toMatchObject({ id: cast.bob.id, name: names.bob })],
];

/** Whether a recorded request goes on with the listing of the one before. */
const goesOn = ({ query }: RecordedRequest) => query.has('iteration_token') || /^[1-9]/.test(query.get('offset') ?? '');

/** Replays one request, and holds the answer against what the client needs of it. */
export async function replayRequest(replay: Replay, request: RecordedRequest): Promise<void> {
  if (!goesOn(request)) Object.assign(replay, { browsed: [], next: null });
  // The stub had one page fewer or more: like the client, go on until the listing says that it has ended.
  else expect(replay.next).not.toBe(null);
  do {
    const answer = await send(replay, request);
    const isMissing = request.path.endsWith('/packages/99');
    expect(answer.status < 300).toBe(!isMissing);
    if (isMissing) return;
    const found = checks.find(([pattern]) => pattern.test(`${request.method} ${request.path}`));
    expect(found, `no check for ${request.method} ${request.path}`).toBeDefined();
    await found?.[1](replay, answer, request);
  } while (goesOn(request) && replay.next !== null);
}

/** After a command that browsed: every entry came, and came once. */
export function expectWholeListing({ browsed, next }: Replay): void {
  if (browsed.length === 0) return;
  expect(next).toBe(null);
  expect(new Set(browsed.map(({ path }) => path)).size).toBe(MANY);
  expect(browsed).toHaveLength(MANY);
}

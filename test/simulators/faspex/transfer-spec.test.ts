import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type Api,
  AVA,
  JONAS,
  type Json,
  MINA,
  type PackageJson,
  type PackagePage,
  type Running,
  startFaspex,
  TOMAS,
} from './start-faspex.ts';

let running: Running;
let ava: Api;
let tomas: Api;
let mina: Api;
let jonas: Api;
/** A released package from Mina or Jonas to Tomás. */
let received: PackageJson;

beforeAll(async () => {
  running = await startFaspex();
  const { signIn } = running;
  [ava, tomas, mina, jonas] = await Promise.all([signIn(AVA), signIn(TOMAS), signIn(MINA), signIn(JONAS)]);
  const { json } = await tomas.get<PackagePage>('/inbox/packages?status=completed');
  received = json.packages[0] as PackageJson;
});
afterAll(() => running.stop());

interface Spec extends Json {
  readonly cookie: string;
  readonly token: string;
  readonly tags: { readonly aspera: { readonly faspex: Json } };
  readonly paths: readonly { readonly source: string }[];
}

const upload = (api: Api, id: string, query = 'transfer_type=connect', body: Json = { paths: ['/a.mov'] }) =>
  api.post<Spec>(`/packages/${id}/transfer_spec/upload?${query}`, body);
const download = (api: Api, id: string, query: string, body: Json = {}) =>
  api.post<Spec>(`/packages/${id}/transfer_spec/download?${query}`, body);
const asRecipient = 'transfer_type=connect&type=received&recipient_user_id=2';
const codeOf = ({ status, json }: { status: number; json: Json }) => `${status}/${json.code}`;
const decode = (text: string | undefined) => Buffer.from(text ?? '', 'base64url').toString('utf8');

describe('an upload spec', () => {
  it("is flat, has the token of the node, and Faspex's cookie, tags and folder", async () => {
    const id = await tomas.send(MINA, { title: 'Day 1: rushes' });
    const { package_uuid } = (await tomas.get(`/packages/${id}`)).json;
    const { status, json } = await upload(tomas, id);
    expect(status).toBe(200);
    expect(json).toMatchObject({
      ...{
        authentication: 'token',
        direction: 'send',
        create_dir: true,
        remote_user: 'xfer',
        remote_host: '127.0.0.1',
      },
      ...{ ssh_port: running.storage.sshPort, lock_min_rate: true, lock_rate_policy: true, multi_session: 0 },
      token: expect.stringMatching(/^AT.*TA$/),
      destination_root: `/Day 1_ rushes - ${package_uuid}.aspera-package/PKG - Day 1_ rushes/`,
      paths: [{ source: '/a.mov' }],
    });
    const { faspex } = json.tags.aspera;
    expect(json.tags.aspera).toMatchObject({ xfer_retry: 3600 });
    expect(faspex).toMatchObject({ num_recipients: 1, recipients: {}, _pkg_id: Number(id) });
    expect(faspex.metadata).toMatchObject({ _pkg_uuid: package_uuid, _pkg_name: 'Day 1: rushes' });
    const [product, letter, xferId, user, metadata, title] = json.cookie.split(':');
    expect([product, letter, xferId]).toEqual(['aspera.faspex20', 'u', faspex.f5_xfer_id]);
    expect([decode(user), decode(title)]).toEqual([TOMAS, 'Day 1: rushes']);
    expect(JSON.parse(decode(metadata))).toEqual(faspex.metadata);
  });

  it('names the shared inbox that the package goes to', async () => {
    const metadata = { Outlet: 'Daily', Language: 'English' };
    const recipients = [{ name: 'Press Deliveries', recipient_type: 'shared_inbox' }];
    const { json } = await upload(tomas, await tomas.send('', { recipients, metadata }));
    expect(json.tags.aspera.faspex).toMatchObject({
      dropbox: 'Press Deliveries',
      metadata: { Outlet: 'Daily', _dropbox_name: 'Press Deliveries' },
    });
  });

  it('is given for paths that are objects too, as the Faspex 4 bridge of ascli sends them', async () => {
    const id = await tomas.send(MINA);
    expect((await upload(tomas, id, 'transfer_type=http_gateway', { paths: [{ destination: '/' }] })).status).toBe(200);
  });

  it.each([
    ['without a transfer type', '', { paths: ['/a'] }, '400/1232'],
    ['with an unknown transfer type', 'transfer_type=ftp', { paths: ['/a'] }, '400/1225'],
    ['without paths', 'transfer_type=connect', {}, '400/1003'],
    ['with empty paths', 'transfer_type=connect', { paths: [] }, '400/1003'],
    ['with paths that are numbers', 'transfer_type=connect', { paths: [1] }, '400/1003'],
  ])('is refused %s', async (_case, query, body, code) => {
    expect(codeOf(await upload(tomas, await tomas.send(MINA), query, body))).toBe(code);
  });

  it('is for the sender alone', async () => {
    const id = await tomas.send(MINA);
    for (const api of [mina, ava, jonas]) expect(codeOf(await upload(api, id))).toBe('403/1112');
  });

  it('is not given for what has completed, was deleted, or does not exist', async () => {
    const { json } = await tomas.get<PackagePage>('/outbox/packages?status=completed');
    expect(codeOf(await upload(tomas, String(json.packages[0]?.id)))).toBe('400/1113');
    const id = await tomas.send(MINA);
    await tomas.call('DELETE', `/packages/${id}`);
    expect(codeOf(await upload(tomas, id))).toBe('400/1114');
    expect(codeOf(await upload(tomas, '4711'))).toBe('404/1224');
    expect(codeOf(await upload(tomas, 'first'))).toBe('400/1223');
  });

  it('fails with 400/1237 when the node refuses or cannot be reached', async () => {
    const id = await tomas.send(MINA);
    for (const kind of ['status', 'drop', 'notJson'] as const) {
      running.storage.faults.add({ kind, path: '/files/upload_setup', times: 1 });
      expect(codeOf(await upload(tomas, id))).toBe('400/1237');
    }
    expect((await upload(tomas, id)).status).toBe(200);
  });

  it('fails the same way when the node cannot tell its time', async () => {
    const fresh = await startFaspex();
    try {
      const sender = await fresh.signIn(TOMAS);
      const id = await sender.send(MINA);
      fresh.storage.faults.add({ kind: 'drop', path: '/info', times: 1 });
      expect(codeOf(await upload(sender, id))).toBe('400/1237');
      expect((await upload(sender, id)).status).toBe(200);
    } finally {
      await fresh.stop();
    }
  });
});

describe('a download spec', () => {
  it('is flat and covers the whole package when no paths are asked for', async () => {
    const { status, json } = await download(tomas, received.id, asRecipient);
    const name = received.title.replace(':', '_');
    const root = `/${name} - ${received.package_uuid}.aspera-package/PKG - ${name}`;
    expect(status).toBe(200);
    expect(json).toMatchObject({
      ...{ authentication: 'token', direction: 'receive', source_root: '', zip_required: false },
      download_name: received.title,
      paths: [{ source: root }],
      cookie: expect.stringMatching(/^aspera\.faspex20:d:[0-9a-f-]{36}:/),
      tags: { aspera: { faspex: { _pkg_id: Number(received.id) } } },
    });
    expect(json.destination_root).toBeUndefined();
  });

  it('takes paths in the spelling of the document and in that of ascli', async () => {
    const files = await tomas.post(`/packages/${received.id}/files/received?recipient_user_id=2`, { path: '/' });
    const [{ path }] = files.json.items as [{ path: string }];
    for (const paths of [[{ source: path }], [{ path, basename: 'x', type: 'file', size: 1 }]]) {
      const { json } = await download(tomas, received.id, asRecipient, { paths });
      expect(json.paths[0]?.source).toMatch(new RegExp(`/PKG - .*${path.replace(/[().+]/g, '\\$&')}$`));
    }
  });

  it.each([
    ['no transfer type', 'type=received&recipient_user_id=2', {}, '400/1232'],
    ['an unknown transfer type', 'transfer_type=x&type=received', {}, '400/1225'],
    ['no type', 'transfer_type=connect&recipient_user_id=2', {}, '400/1233'],
    ['no recipient', 'transfer_type=connect&type=received', {}, '403/2088'],
    ['a recipient id that is no number', 'transfer_type=connect&type=received&recipient_user_id=tomas', {}, '400/1235'],
    ['a group id that is no number', 'transfer_type=connect&type=received&recipient_workgroup_id=-1', {}, '400/1236'],
    ['somebody who is no recipient', 'transfer_type=connect&type=received&recipient_user_id=4711', {}, '400/1235'],
    ['a group that is no recipient', 'transfer_type=connect&type=received&recipient_workgroup_id=2', {}, '400/1236'],
    ["a side that is not one's own", 'transfer_type=connect&type=sent', {}, '403/2088'],
    ['a path out of the package', asRecipient, { paths: [{ source: '/../x' }] }, '400/1003'],
    ['a path that is no path', asRecipient, { paths: [7] }, '400/1003'],
  ])('is refused for %s', async (_case, query, body, code) => {
    expect(codeOf(await download(tomas, received.id, query, body))).toBe(code);
  });

  it('is for recipients and, as sent, for the sender', async () => {
    expect(codeOf(await download(ava, received.id, asRecipient))).toBe('403/2088');
    const sender = await running.signIn(String((received.sender as Json).name));
    const query = 'transfer_type=connect&type=sent&recipient_user_id=2';
    expect((await download(sender, received.id, query)).status).toBe(200);
  });

  it('waits for the upload and for the release', async () => {
    const query = 'transfer_type=connect&type=received&recipient_user_id=3';
    expect(codeOf(await download(mina, await tomas.send(MINA), query))).toBe('400/1054');
    const later = await tomas.send(MINA, { release_policy: 'later' });
    expect(codeOf(await download(mina, later, query))).toBe('400/1040');
    const deleted = await tomas.send(MINA);
    await tomas.call('DELETE', `/packages/${deleted}`);
    expect(codeOf(await download(mina, deleted, query))).toBe('403/1051');
  });
});

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type Api, AVA, JONAS, MINA, type PackagePage, type Running, startFaspex, TOMAS } from './start-faspex.ts';

let running: Running;
let ava: Api;
let tomas: Api;
let mina: Api;
let jonas: Api;
/** A released package that Tomás has received, with its folder. */
let received: { readonly id: string; readonly uuid: string };

beforeAll(async () => {
  running = await startFaspex();
  const { signIn } = running;
  [ava, tomas, mina, jonas] = await Promise.all([signIn(AVA), signIn(TOMAS), signIn(MINA), signIn(JONAS)]);
  const { json } = await tomas.get<PackagePage>('/inbox/packages?status=completed');
  received = { id: String(json.packages[0]?.id), uuid: String(json.packages[0]?.package_uuid) };
});
afterAll(() => running.stop());

const show = async (api: Api, id: string) => (await api.get(`/packages/${id}`)).json;

/** The folders of the storage node that belong to a package. */
const isOnNode = (pkg: Record<string, unknown>) =>
  existsSync(
    join(running.storage.docroot, `${String(pkg.title).replace(':', '_')} - ${pkg.package_uuid}.aspera-package`),
  );

describe('deleting', () => {
  it('takes one id, ids in the query, and ids in a JSON body as ascli sends them', async () => {
    const [first, second, third, fourth] = await Promise.all([1, 2, 3, 4].map(() => tomas.send(MINA)));
    expect((await tomas.call('DELETE', `/packages/${first}`)).status).toBe(204);
    expect((await tomas.call('DELETE', `/packages?ids=${second},${third}`)).status).toBe(204);
    expect((await tomas.call('DELETE', '/packages', { ids: [fourth] })).status).toBe(204);
    for (const id of [first, second, third, fourth]) {
      await vi.waitFor(async () => expect((await show(tomas, String(id))).status).toBe('deleted'));
    }
  });

  it('removes the files from the node', async () => {
    const id = await tomas.send(MINA, { title: 'Doomed' });
    const pkg = await show(tomas, id);
    expect(isOnNode(pkg)).toBe(true);
    await tomas.call('DELETE', `/packages/${id}`);
    expect(await show(tomas, id)).toMatchObject({ files_on_server: expect.stringMatching(/^delet/) });
    await vi.waitFor(() => expect(isOnNode(pkg)).toBe(false));
  });

  it('is for the sender and admins', async () => {
    const id = await tomas.send(MINA);
    const refused = await mina.call('DELETE', `/packages/${id}`);
    expect([refused.status, refused.json.code]).toEqual([403, '2088']);
    expect((await ava.call('DELETE', `/packages/${id}`)).status).toBe(204);
    expect((await ava.call('DELETE', `/packages/${id}`)).status).toBe(204);
  });

  it('of several tells which it could not delete, and deletes the others', async () => {
    const id = await tomas.send(MINA);
    const { status, json } = await tomas.call('DELETE', `/packages?ids=${id},9999`);
    expect(status).toBe(400);
    expect(json).toMatchObject({
      errors: [{ id: '9999', code: '2088' }],
      details: { failed: ['9999'], succeeded: [id] },
    });
    expect((await show(tomas, id)).state).toMatch(/deleted$/);
  });

  it('wants between one id and 25', async () => {
    expect((await tomas.call('DELETE', '/packages')).json.code).toBe('1025');
    const ids = Array.from({ length: 26 }, (_, index) => String(index + 1));
    expect((await tomas.call('DELETE', '/packages', { ids })).json.code).toBe('1016');
  });
});

describe('changing', () => {
  it('is for the sender, and not for what is released already', async () => {
    const later = { release_policy: 'later' };
    const id = await tomas.send(MINA, later);
    expect((await mina.call('PUT', `/packages/${id}`, later)).json.code).toBe('2088');
    expect((await tomas.call('PUT', `/packages/${id}`, { release_policy: 'now' })).json).toMatchObject({
      release_policy: 'now',
    });
    const refused = await ava.call('PUT', `/packages/${received.id}`, { release_policy: 'later' });
    expect([refused.status, refused.json.code]).toEqual([400, '1035']);
  });

  it('sets an expiration date, after which the package expires and is deleted', async () => {
    const { faspex, signIn, stop } = await startFaspex();
    try {
      const admin = await signIn(AVA);
      const { json } = await admin.get<PackagePage>('/packages?status=completed&limit=1');
      const id = String(json.packages[0]?.id);
      const expiration_date = new Date(faspex.clock.now() + 3_600_000).toISOString();
      const change = { expiration_policy: 'delete_after_expiration_date', expiration_date };
      expect((await admin.call('PUT', `/packages/${id}`, change)).status).toBe(200);
      faspex.clock.advance(3_600_000 + 100);
      expect(await show(admin, id)).toMatchObject({ state: 'expired', status: 'expiring', files_on_server: 'yes' });
      expect((await admin.call('PUT', `/packages/${id}`, change)).json.code).toBe('1036');
      faspex.clock.advance(3_600_000 + 100);
      expect(await show(admin, id)).toMatchObject({ state: 'deleted', status: 'deleted' });
    } finally {
      await stop();
    }
  });

  it('is written into the audit trail of the package', async () => {
    const id = await tomas.send(JONAS);
    await tomas.call('PUT', `/packages/${id}`, { file_processing_msg: 'checked' });
    await jonas.post(`/packages/${id}/archive/received`);
    const { json } = await tomas.get(`/packages/${id}/application_events?sort=-id`);
    expect(json.application_events).toMatchObject([
      { event_type: 'package_archived', user: [{ name: JONAS }], package_id: id },
      { event_type: 'package_updated' },
      { event_type: 'package_sent', application: 'packages' },
    ]);
    const sent = await tomas.get(
      `/packages/${id}/application_events?event_type[]=package_sent&created_at_start=2020-01-01`,
    );
    expect(sent.json.total_count).toBe(1);
  });
});

describe('archiving', () => {
  it('of a delivery to a workgroup must be asked for', async () => {
    const id = await ava.send('', { recipients: [{ name: 'Editorial', recipient_type: 'workgroup' }] });
    const refused = await mina.post(`/packages/${id}/archive/received`);
    expect([refused.status, refused.json.code]).toEqual([403, '1053']);
    const { json } = await mina.post(`/packages/${id}/archive/received?archive_all=true`);
    expect(json).toMatchObject({ id, archived: true });
  });

  it('is not for strangers, and sent packages are archived by their sender', async () => {
    const id = await tomas.send(MINA);
    expect((await jonas.post(`/packages/${id}/archive/received`)).json.code).toBe('2088');
    expect((await mina.post(`/packages/${id}/archive/sent`)).json.code).toBe('2088');
    expect((await tomas.post(`/packages/${id}/archive/received`)).json.code).toBe('2088');
  });
});

describe('forwarding', () => {
  it('gives the files of a released package to somebody else, without a transfer', async () => {
    const fields = { title: 'Passed on', recipients: [{ name: JONAS }] };
    const { status, json } = await tomas.post(`/packages/${received.id}/forward`, fields);
    expect([status, json.title]).toEqual([201, 'Passed on']);
    const id = String(json.id);
    await vi.waitFor(async () => expect((await show(jonas, id)).status).toBe('completed'));
    const original = await show(tomas, received.id);
    expect(await show(jonas, id)).toMatchObject({ total_bytes: original.total_bytes, sender: { name: TOMAS } });
    const files = await jonas.post(`/packages/${id}/files/received?recipient_user_id=4`, { path: '/' });
    expect(files.json.item_count).toBeGreaterThan(0);
    await tomas.call('DELETE', `/packages/${id}`);
    await vi.waitFor(async () => expect((await show(jonas, id)).status).toBe('deleted'));
    expect(isOnNode(original)).toBe(true);
  });

  it("does not work for what is not released, deleted or not one's own", async () => {
    const fields = { title: 'Passed on', recipients: [{ name: JONAS }] };
    const id = await tomas.send(MINA);
    expect((await mina.post(`/packages/${id}/forward`, fields)).json.code).toBe('2089');
    expect((await jonas.post(`/packages/${id}/forward`, fields)).json.code).toBe('2088');
    await tomas.call('DELETE', `/packages/${id}`);
    expect((await mina.post(`/packages/${id}/forward`, fields)).json.code).toBe('1036');
  });
});

import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Api, AVA, JONAS, MINA, type Running, startFaspex, TOMAS } from './start-faspex.ts';

let running: Running;

beforeAll(async () => {
  running = await startFaspex({ seed: 'full' });
});
afterAll(() => running.stop());

const send = (api: Api, recipient: object, more: object = {}) =>
  api.post('/packages', { title: 'Rushes', recipients: [recipient], ...more });

it.each([
  ['yoko.tanaka', { name: MINA }, '1059'],
  ['jose.alvarez', { name: MINA }, '1056'],
  ['lukasz.nowak', { name: 'somebody@studio.example', recipient_type: 'external_user' }, '1058'],
  ['lukasz.nowak', { name: 'quentin@studio-marsh.example' }, '1058'],
  ['lukasz.nowak', { name: JONAS }, '1060'],
])('%s may not send to %o', async (username, recipient, code) => {
  const { status, json } = await send(await running.signIn(username), recipient);
  expect([status, json.code]).toEqual([400, code]);
});

it('someone who may not forward is told so, and someone without remote rights sees no shared folders', async () => {
  const zoe = await running.signIn('zoe.mueller');
  const id = await (await running.signIn(AVA)).send('zoe.mueller');
  expect((await zoe.post(`/packages/${id}/forward`, { title: 'x' })).json.code).toBe('2087');
  const jose = await running.signIn('jose.alvarez');
  expect((await jose.get('/shared_folders')).json.total_count).toBe(0);
  expect((await jose.post('/nodes/1/shared_folders/1/browse', { path: '/' })).json.code).toBe('4531');
});

it('an inbox that requires encryption at rest takes no package without it', async () => {
  const recipient = { name: 'Legal Intake', recipient_type: 'shared_inbox' };
  const ava = await running.signIn(AVA);
  expect((await send(ava, recipient)).json.code).toBe('1073');
  expect((await send(ava, recipient, { ear_enabled: true })).json).toMatchObject({ ear_enabled: true });
});

it('the admin sees more than sixty packages in inbox_all, the second user a handful', async () => {
  const count = async (username: string) => (await (await running.signIn(username)).get('/inbox_all/packages')).json;
  expect((await count(AVA)).total_count).toBeGreaterThanOrEqual(60);
  expect((await count(TOMAS)).total_count).toBe(5);
});

it('the full seed has thirty people who can sign in and 500 packages in every status', async () => {
  expect(running.faspex.users).toHaveLength(30);
  expect(running.faspex.users.slice(0, 2)).toMatchObject([{ role: 'admin' }, { role: 'user' }]);
  const fresh = await startFaspex({ seed: 'full' });
  try {
    const { json } = await (await fresh.signIn(AVA)).get('/packages?limit=1000');
    const packages = json.packages as { status: string; title: string; total_bytes: number }[];
    expect(packages).toHaveLength(500);
    expect(new Set(packages.map(({ status }) => status)).size).toBe(17);
    const other = (await (await running.signIn(AVA)).get('/packages?limit=1000')).json.packages as typeof packages;
    expect(other.slice(-500).map(({ title }) => title)).toEqual(packages.map(({ title }) => title));
  } finally {
    await fresh.stop();
  }
});

it('packages in file processing tell the status of each file to admins', async () => {
  const ava = await running.signIn(AVA);
  const { json } = await ava.get('/packages?status=file_processing_failed&limit=1');
  const [pkg] = json.packages as { id: string; total_files: number; package_uuid: string }[];
  expect(pkg).toMatchObject({ file_processing_status: 'processing_failed', file_processing_reqd: true });
  const files = await ava.get(`/packages/${pkg?.id}/file_statuses?limit=1000&offset=0`);
  expect(files.json.total_count).toBe(pkg?.total_files);
  const [file] = files.json.files as object[];
  expect(file).toMatchObject({ status: 'processing_failed', package_id: pkg?.id, package_uuid: pkg?.package_uuid });
});

it('the files of the seed are on the node, with the sizes that their packages tell', async () => {
  const tomas = await running.signIn(TOMAS);
  const { json } = await tomas.get('/inbox/packages?status=completed');
  for (const pkg of json.packages as { id: string; total_bytes: number; total_files: number }[]) {
    const before = { total_bytes: pkg.total_bytes, total_files: pkg.total_files };
    const { status } = await (await running.signIn(AVA)).post(`/packages/${pkg.id}/update_stats`);
    expect(status).toBe(200);
    expect((await tomas.get(`/packages/${pkg.id}`)).json).toMatchObject(before);
    expect(pkg.total_files).toBeGreaterThan(0);
  }
});

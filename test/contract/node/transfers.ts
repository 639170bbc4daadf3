import { expect, it } from 'vitest';
import { type Json, listAt, objectAt, valueAt } from '../openapi/json.ts';
import { BIG_BYTES, type NodeWorld } from './node-world.ts';
import { authorize, followed, passedOn, posted, slowUpload } from './run-transfer.ts';

/** Authorizing, starting and watching transfers (aspera-node-api.md §3 setups, §5). */
export function judgeTransfers(world: () => NodeWorld): void {
  judgeSetups(world);
  judgeRuns(world);
  judgeControl(world);
}

function judgeSetups(world: () => NodeWorld): void {
  const setup: NodeWorld['london']['user'] = (...parameters) => world().tokyo.user(...parameters);
  const token = /^AT[A-Z]\d_[\w-]+_\d[A-Z]TA$/;

  it('authorizes an upload below a folder, seen from the client', async () => {
    const spec = await authorize(setup, 'upload', { paths: [{ destination: '/up' }] });
    expect(spec).toMatchObject({
      direction: 'send',
      destination_root: '/up',
      remote_user: 'xfer',
      token: expect.stringMatching(token),
    });
    expect(spec).toMatchObject({
      cipher: 'aes-128',
      rate_policy: 'fair',
      rate_policy_allowed: 'fixed',
      min_rate_kbps: 0,
    });
    for (const number of ['ssh_port', 'fasp_port', 'target_rate_kbps']) expect(spec[number]).toBeTypeOf('number');
    expect(spec.tags ?? null).toBe(null);
  });

  it('authorizes a download of named files and gives the paths back', async () => {
    const spec = await authorize(setup, 'download', { paths: [{ source: '/a.txt' }], tags: { colour: 'red' } });
    expect(spec).toMatchObject({
      direction: 'receive',
      paths: [{ source: '/a.txt' }],
      tags: { colour: 'red' },
      source_root: '',
    });
  });

  it('answers requests in their order, each with its own error inside a 200', async () => {
    const requests = [{ paths: [{ source: '/nowhere' }] }, { paths: [{ source: '/a.txt' }] }, {}];
    const body = { transfer_requests: requests.map((transfer_request) => ({ transfer_request })) };
    const { status, json } = await setup('POST', '/files/download_setup', body);
    const specs = listAt(json, 'transfer_specs').map((one) => objectAt(one, 'transfer_spec'));
    expect(status).toBe(200);
    expect(specs[0]).toMatchObject({ error: { code: 404, reason: 'Not Found', user_message: expect.any(String) } });
    expect(specs[1]).toMatchObject({ token: expect.stringMatching(token) });
    expect(specs[2]).toMatchObject({ error: { code: 400 } });
  });

  it('authorizes everything below a root with a star, and syncs under both names', async () => {
    const all = await authorize(setup, 'upload', { paths: [{ destination: '*' }], destination_root: '/in' });
    expect(all).toMatchObject({ destination_root: '/in', token: expect.stringMatching(token) });
    for (const kind of ['sync', 'async']) {
      const spec = await authorize(setup, kind, { type: 'sync_upload', paths: [{ path: '/in' }] });
      expect(spec).toMatchObject({ direction: 'send', token: expect.stringMatching(token) });
    }
    const told = { ...{ https_fallback_port: 443, http_fallback: true }, tags: { xfer_retry: 150, usage_id: 'told' } };
    const pair = { source: '/rushes/big.bin', destination: '/in/pair' };
    expect(await authorize(setup, 'upload', { paths: [pair], ...told })).toMatchObject({ paths: [pair], ...told });
    expect(await authorize(setup, 'download', { paths: [pair], ...told })).toMatchObject({ paths: [pair], ...told });
    const lasting = await authorize(setup, 'upload', { paths: [{}], destination_root: '/in', token_life_seconds: 60 });
    expect(lasting.token).toMatch(token);
  });

  it('refuses requests of another shape, and bearers', async () => {
    for (const kind of ['upload', 'download']) {
      expect((await setup('POST', `/files/${kind}_setup`, {})).status).toBe(400);
      expect((await world().tokyo.bearer()('POST', `/files/${kind}_setup`, {})).status).toBe(403);
    }
  });
}

const counters = [
  'bytes_transferred',
  'bytes_written',
  'bytes_lost',
  'avg_rate_kbps',
  'files_completed',
  'files_skipped',
];
const times = ['directories_completed', 'start_time_usec', 'end_time_usec', 'elapsed_usec'];

function expectFinished(transfer: Json): void {
  expect(transfer).toMatchObject({ status: 'completed', error_code: 0, error_desc: '', bytes_lost: 0 });
  for (const name of [...counters, ...times]) expect([name, typeof transfer[name]]).toEqual([name, 'number']);
  const elapsed = Number(transfer.end_time_usec) - Number(transfer.start_time_usec);
  expect(transfer.elapsed_usec).toBe(elapsed);
  // Microseconds since 1970, not milliseconds.
  expect(Math.abs(Number(transfer.end_time_usec) / 1_000 - Date.now())).toBeLessThan(60_000);
  expect(transfer.precalc).toMatchObject({ status: 'ready', bytes_expected: transfer.bytes_transferred });
  const [session] = listAt(transfer, 'sessions');
  expect(session).toMatchObject({ status: 'completed', error_code: 0, bytes_transferred: transfer.bytes_transferred });
  for (const name of [
    'retry_timeout',
    'retry_count',
    'start_time_usec',
    'end_time_usec',
    'target_rate_kbps',
    'network_delay_usec',
  ]) {
    expect([name, typeof session?.[name]]).toEqual([name, 'number']);
  }
  expect(Object.keys(objectAt(session, 'source_statistics'))).toHaveLength(13);
}

/** Members of a spec that `start_spec` shows under the same names (aspera-node-api.md §5.3). */
const shownAsGiven = {
  ...{ cookie: 'c', dgram_size: 1_400, read_block_size: 65_536, write_block_size: 65_536 },
  ...{
    http_fallback: false,
    http_fallback_port: 8080,
    https_fallback_port: 8443,
    resume_policy: 'none',
    create_dir: true,
  },
  ...{
    target_rate_percentage: 50,
    lock_target_rate: true,
    lock_min_rate: true,
    lock_rate_policy: true,
    cipher: 'aes-128',
  },
  ...{ preserve_xattrs: 'none', remote_preserve_xattrs: 'none', preserve_acls: 'none', remote_preserve_acls: 'none' },
  ...{ source_root_id: '1', destination_root_id: '1' },
  ...{ tags: { aspera: { xfer_id: 'whole', xfer_retry: 1, usage_id: 'whole' } } },
};

const wholeSpec = {
  ...shownAsGiven,
  ...{ title: 'Whole', remote_access_key: 'theirs', overwrite: 'always', symlink_policy: 'follow', use_ascp4: false },
  ...{ content_protection: 'encrypt', precalculate_job_size: true, delete_source: false, remove_after_transfer: false },
  ...{
    remove_empty_directories: false,
    multi_session: 1,
    multi_session_threshold: 0,
    file_checksum: 'md5',
    src_base: '/',
  },
  ...{ delete_before_transfer: false, preserve_access_time: false, preserve_modification_time: true },
  ...{ preserve_creation_time: false, preserve_file_owner_uid: false, preserve_file_owner_gid: false },
  ...{ target_rate_kbps: 2_000 },
};

const wholeStartSpec = {
  ...shownAsGiven,
  ...{ overwrite_policy: 'always', precalc_enabled: true, client_token_user_id: 'starter' },
};

function judgeRuns(world: () => NodeWorld): void {
  it('shows an upload at both ends, file by file', async () => {
    const { london, tokyo } = world();
    const spec = await authorize(tokyo.key, 'upload', { paths: [{}], destination_root: '/in/both' });
    const tags = { aspera: { xfer_id: 'at-both-ends', usage_id: 'counted' } };
    const { id } = await posted(
      london.user,
      passedOn(spec, { paths: [{ source: '/rushes' }], tags, title: 'A title', create_dir: true }),
    );
    const done = await followed(london.user, id);
    expectFinished(done);
    expect(done).toMatchObject({ bytes_transferred: BIG_BYTES + 2_000, files_completed: 2 });
    expect(listAt(done, 'files')).toHaveLength(2);
    expect(listAt(done, 'files')[0]).toMatchObject({
      ...{ status: 'completed', type: 'file', error_code: 0, checksum_type: 'none', checksum: null, start_byte: 0 },
      id: expect.stringMatching(/^[\da-f]{8}(-[\da-f]{8}){4}$/),
      session_id: listAt(done, 'sessions')[0]?.id,
    });
    expect(done.start_spec).toMatchObject({
      ...{ source_paths: ['/rushes'], destination_path: '/in/both', direction: 'send', endpoint: 'client' },
      ...{
        tags,
        token_type: expect.stringMatching(/auth_token$/),
        resume_policy: expect.any(String),
        overwrite_policy: 'diff',
      },
    });
    const served = listAt((await tokyo.key('GET', '/ops/transfers?tag=aspera.xfer_id%3Dat-both-ends')).json)[0] ?? {};
    expectFinished(served);
    expect(served.start_spec).toMatchObject({
      endpoint: 'server',
      direction: 'send',
      tags,
      token_type: 'access_key_auth_token',
    });
  });

  it('takes a download with a basic token of an access key, and none of a node user', async () => {
    const { london, tokyo } = world();
    const { accessKeyId, accessKeySecret, username, password, sshPort } = tokyo.simulator;
    const spec = {
      direction: 'receive',
      remote_host: '127.0.0.1',
      ssh_port: sshPort,
      remote_user: 'xfer',
      destination_root: '/in/basic',
    };
    const tokenOf = (name: string, secret: string) => `Basic ${Buffer.from(`${name}:${secret}`).toString('base64')}`;
    const paths = [{ source: '/a.txt' }];
    const good = await posted(london.user, { ...spec, paths, token: tokenOf(accessKeyId, accessKeySecret) });
    expectFinished(await followed(london.user, good.id));
    const bad = await posted(london.user, { ...spec, paths, token: tokenOf(username, password) });
    expect(await followed(london.user, bad.id)).toMatchObject({ status: 'failed', error_code: expect.any(Number) });
  });

  it('fails with ascp’s code and a sentence when the token is for other paths', async () => {
    const { london, tokyo } = world();
    const spec = await authorize(tokyo.user, 'download', { paths: [{ source: '/a.txt' }] });
    const other = passedOn(spec, { paths: [{ source: '/two words.txt' }], destination_root: '/in/other' });
    const { id } = await posted(london.user, other);
    const failed = await followed(london.user, id);
    expect(failed.status).toBe('failed');
    expect(failed.error_code).toBeGreaterThan(0);
    expect(failed.error_desc).toMatch(/token/i);
  });

  it('repeats the whole spec that it has accepted, without its passwords', async () => {
    const { london, tokyo } = world();
    const caller = london.bearer({ userId: 'starter', scope: 'admin:all' });
    const spec = await authorize(tokyo.user, 'upload', { paths: [{}], destination_root: '/in/whole' });
    const secrets = { content_protection_password: 'p', proxy: 'dnat://p:p@proxy:9091' };
    const accepted = await posted(
      caller,
      passedOn(spec, { paths: [{ source: '/rushes/big.bin' }], ...wholeSpec, ...secrets }),
    );
    expect(accepted).toMatchObject(wholeSpec);
    for (const secret of Object.keys(secrets)) expect(accepted).not.toHaveProperty(secret);
    const changed = await caller('PUT', `/ops/transfers/${accepted.id}`, { target_rate_kbps: 3_000 });
    expect(changed.json).toMatchObject({ ...wholeSpec, target_rate_kbps: 3_000 });
    const shown = objectAt((await caller('GET', `/ops/transfers/${accepted.id}`)).json, 'start_spec');
    expect(shown).toMatchObject(wholeStartSpec);
    const listed = listAt((await caller('GET', '/ops/transfers?active_only=true')).json);
    expect(listed).toMatchObject([{ start_spec: wholeStartSpec }]);
    expect((await caller('DELETE', `/ops/transfers/${accepted.id}`)).status).toBe(204);
  });

  it('refuses specs that say too little', async () => {
    for (const spec of [
      {},
      { direction: 'send', paths: [{ source: '/a.txt' }] },
      { direction: 'up', remote_host: 'h', paths: [] },
    ]) {
      expect((await world().london.user('POST', '/ops/transfers', spec)).status).toBe(400);
    }
    expect((await world().london.anyone('POST', '/ops/transfers', {})).status).toBe(401);
  });
}

function judgeControl(world: () => NodeWorld): void {
  it('changes rates, pauses, resumes and cancels what runs', async () => {
    const { london } = world();
    const { id } = await slowUpload(world());
    const put = (body: Json) => london.user('PUT', `/ops/transfers/${id}`, body);
    const status = async () => objectAt((await london.user('GET', `/ops/transfers/${id}`)).json).status;
    expect(await status()).toBe('running');
    expect((await put({ target_rate_kbps: 4_000 })).status).toBe(200);
    expect((await put({ status: 'paused' })).status).toBe(200);
    await expect.poll(status).toBe('paused');
    expect((await put({ status: 'resume' })).status).toBe(200);
    await expect.poll(status).toBe('running');
    expect((await put({ status: 'sleeping' })).status).toBe(400);
    expect((await put({ status: 'canceled' })).status).toBe(200);
    await expect.poll(status).toBe('canceled');
    expect((await put({ target_rate_kbps: 1 })).status).toBe(400);
    expect((await london.user('GET', '/ops/transfers/unknown')).status).toBe(404);
  });

  it('lists what is active apart from what is over, by direction, tag, view and time', async () => {
    const { london } = world();
    const { id } = await slowUpload(world(), { tags: { colour: 'blue' } });
    const list = async (query: string) => listAt((await london.user('GET', `/ops/transfers?${query}`)).json);
    expect((await list('active_only=true')).map((one) => one.id)).toEqual([id]);
    expect((await list('active_only=false')).every(({ status }) => status !== 'running')).toBe(true);
    expect((await list('tag=colour%3Dblue')).map((one) => one.id)).toEqual([id]);
    expect(
      (await list('direction=receive')).every((one) => valueAt(one, 'start_spec', 'direction') === 'receive'),
    ).toBe(true);
    expect((await list('view=summary'))[0]).not.toHaveProperty('files');
    expect((await list('view=short_summary'))[0]).not.toHaveProperty('files');
    expect((await list('view=id&count=1'))[0]).toHaveProperty('id');
    expect(await list('after_time=2100-01-01T00:00:00Z')).toEqual([]);
    const origin = { origin: 'https://dashboard.example.com' };
    const { headers } = await london.user('GET', '/ops/transfers?count=1', undefined, origin);
    expect(headers.get('access-control-expose-headers')).toContain('Link');
    expect((await london.user('DELETE', `/ops/transfers/${id}`)).status).toBe(204);
    expect((await london.user('DELETE', '/ops/transfers/unknown')).status).toBe(404);
  });

  it('draws the bandwidth of past transfers', async () => {
    const { london } = world();
    const { id } = await slowUpload(world());
    const series = async () => {
      const { json } = await london.user('GET', '/ops/transfers/bandwidth?duration=60');
      return listAt(json, 'send', 'transfers').find((one) => one.id === id);
    };
    await expect.poll(series).toMatchObject({ data: [{ time: expect.any(Number), rate: expect.any(Number) }] });
    expect(await series()).toMatchObject({ last_time: expect.any(String), max_rate: expect.any(Number) });
    expect((await world().london.user('GET', '/ops/transfers/bandwidth?duration=3601')).status).toBe(400);
  });
}

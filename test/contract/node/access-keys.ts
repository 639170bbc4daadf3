import { expect, it } from 'vitest';
import { createSshKey } from '../../helpers/ssh-key.ts';
import { listAt, objectAt } from '../openapi/json.ts';
import type { NodeWorld } from './node-world.ts';

/** Every setting that an access key may have (aspera-node-api.md §2 /access_keys). */
const configuration = {
  transfer: {
    ...{ aggressiveness: 0.5, bandwidth_flow_network_rc_module: 'delay', byok_enabled: false, cipher: 'aes-256' },
    ...{ content_protection_secret: 'hidden', file_checksum_type: 'md5', policy: 'fair', preserve_timestamps: true },
    ...{ target_rate_kbps: 50_000, target_rate_cap_kbps: 90_000, token_encryption_key: 'also hidden' },
    client_password_requirements: {
      ...{ min_length: 8, max_length: 64, min_uppercase_count: 1, min_lowercase_count: 1 },
      ...{ min_digit_count: 1, min_special_count: 0 },
    },
  },
  server: {
    ...{ activity_event_logging: true, recursive_counts: true, aej_logging: false, activity_files_max: 1_000 },
    ...{ access_key_credentials_encryption_type: 'aes-128-gcm', wss_enabled: false, ftsearch: false },
    ...{ activity_transfer_ignore_skipped_files: true, activity_file_event_logging: true },
    ...{ allow: ['10.0.0.0/8'], deny: ['192.168.0.0/16'] },
  },
};

/** Who the node and its access keys are (aspera-node-api.md §2). */
export function judgeNodeAndAccessKeys(world: () => NodeWorld): void {
  const key: NodeWorld['london']['key'] = (...parameters) => world().london.key(...parameters);

  it('answers a ping without credentials and without a body', async () => {
    const { status, text } = await world().london.anyone('GET', '/ping');
    expect([status, text]).toEqual([200, '']);
  });

  it('tells about itself, to bearers as well', async () => {
    for (const call of [world().london.user, world().london.key, world().london.bearer()]) {
      const { json } = await call('GET', '/info');
      expect(json).toMatchObject({ application: 'node', transfer_user: 'xfer', node_id: expect.any(String) });
      expect(objectAt(json).current_time).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
      expect(objectAt(json).version).toMatch(/^\d+\.\d+\.\d+\.\d+$/);
      const settings = listAt(json, 'settings').map(({ name }) => name);
      expect(settings).toEqual(expect.arrayContaining(['wss_enabled', 'wss_port', 'ssh_fingerprint']));
    }
    expect((await world().london.anyone('GET', '/info')).status).toBe(401);
  });

  it('shows a key to itself under three names, without its secret', async () => {
    const { accessKeyId } = world().london.simulator;
    for (const path of ['/access_keys/self', `/access_keys/${accessKeyId}`, '/self']) {
      const { json } = await key('GET', path);
      expect(json).toMatchObject({ id: accessKeyId, root_file_id: '1', storage: { type: 'local' } });
      expect(json).not.toHaveProperty('secret');
      expect(json).not.toHaveProperty('storage.credentials');
    }
    expect((await world().london.bearer()('GET', '/self')).json).toMatchObject({ id: accessKeyId });
    expect((await world().london.bearer()('GET', '/access_keys/self')).status).toBe(403);
  });

  it('registers SSH keys of its transfer user, for bearers as well', async () => {
    const { publicKey: public_key } = createSshKey('rsa');
    for (const call of [world().london.user, key, world().london.bearer()]) {
      const { status, json } = await call('POST', '/public_keys', { username: 'xfer', public_key });
      expect([status, json]).toEqual([201, { public_key }]);
    }
  });

  it('makes sub keys below the own root, changes and deletes them', async () => {
    const made = await key('POST', '/access_keys', { storage: { type: 'local', path: '/spare' } });
    const { id, secret } = objectAt(made.json);
    expect(made.json).toMatchObject({ storage: { type: 'local', path: '/spare' }, secret: expect.any(String) });
    const again = await key('POST', '/access_keys', { id, storage: { type: 'local', path: '/spare' } });
    expect(again.status).toBe(409);
    const authorization = `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`;
    const browsed = await world().london.anyone('POST', '/files/browse', { path: '/' }, { authorization });
    expect(listAt(browsed.json, 'items').map(({ basename }) => basename)).not.toContain('rushes');
    const place = `/access_keys/${id}`;
    const configuration = { transfer: { cipher: 'aes-256' }, server: { recursive_counts: true } };
    expect((await key('PUT', place, { configuration })).status).toBe(204);
    expect((await key('GET', place)).json).toMatchObject({ configuration });
    expect((await key('PUT', place, { id: 'other' })).status).toBe(400);
    expect((await key('DELETE', place)).status).toBe(204);
    for (const method of ['GET', 'PUT', 'DELETE']) {
      const answer = await key(method, place, method === 'PUT' ? {} : undefined);
      expect([method, answer.status]).toEqual([method, 404]);
    }
  });

  it('keeps a whole configuration and shows it wherever it shows a key', async () => {
    const { accessKeyId } = world().london.simulator;
    const { token_verification_key } = objectAt((await key('GET', `/access_keys/${accessKeyId}`)).json);
    const whole = { token_verification_key, license: { customer_id: '1', entitlement_id: '2' }, configuration };
    const made = await key('POST', '/access_keys', {
      ...whole,
      secret: 'known',
      storage: { type: 'local', path: '/spare' },
    });
    expect(made.json).toMatchObject(whole);
    const { id } = objectAt(made.json);
    const authorization = `Basic ${Buffer.from(`${id}:known`).toString('base64')}`;
    expect((await world().london.anyone('GET', '/self', undefined, { authorization })).json).toMatchObject(whole);
    expect((await key('GET', `/access_keys/${id}`)).json).toMatchObject(whole);
    expect(listAt((await key('GET', '/access_keys')).json)).toContainEqual(expect.objectContaining(whole));
    await key('DELETE', `/access_keys/${id}`);
  });

  it('gives back a secret only when it made it up, and demands a storage', async () => {
    const made = await world().london.user('POST', '/access_keys', {
      ...{ id: 'chosen', secret: 'chosen too', storage: { type: 'local', path: '/spare' } },
      license: { customer_id: '1', entitlement_id: '2' },
    });
    expect(made.json).toMatchObject({ id: 'chosen', license: { customer_id: '1' } });
    expect(made.json).not.toHaveProperty('secret');
    expect((await world().london.user('POST', '/access_keys', { id: 'no storage' })).status).toBe(400);
    const { json } = await world().london.user('GET', '/access_keys');
    expect(listAt(json).map(({ id }) => id)).toContain('chosen');
    expect((await world().london.user('DELETE', '/access_keys/chosen')).status).toBe(204);
  });
}

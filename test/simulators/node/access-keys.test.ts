import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { basicOf, type Json, startNode } from './start-nodes.ts';

describe('access keys', () => {
  it('are shown without their secret, by id and as self', async () => {
    const london = await startNode();
    const key = await london.json('GET', `/access_keys/${london.node.accessKeyId}`);
    expect(key).toMatchObject({ id: london.node.accessKeyId, root_file_id: '1', storage: { type: 'local' } });
    expect(key.token_verification_key).toMatch(/^-----BEGIN PUBLIC KEY-----/);
    for (const path of ['/self', '/access_keys/self']) {
      expect(await london.json('GET', path, undefined, london.keyHeaders)).toEqual(key);
    }
    expect(await london.json('GET', '/access_keys')).toEqual([key]);
    expect(JSON.stringify(key)).not.toContain(london.node.accessKeySecret);
    expect((await london.call('GET', '/access_keys/unknown')).status).toBe(404);
    expect((await london.call('GET', '/self')).status).toBe(403);
  });

  it('can be made below another key, changed and deleted, and open only their folder', async () => {
    const london = await startNode();
    const storage = { type: 'local', path: '/team' };
    const made = await london.json('POST', '/access_keys', { id: 'team', storage }, london.keyHeaders);
    expect(made).toMatchObject({ id: 'team', storage, secret: expect.any(String) });
    expect((await london.call('POST', '/access_keys', { id: 'team', storage })).status).toBe(409);
    expect((await london.call('POST', '/access_keys', { id: 'two' })).status).toBe(400);
    await writeFile(join(london.node.docroot, 'team/a'), 'a');
    const team = { authorization: basicOf('team', String(made.secret)) };
    const browsed = await london.json('POST', '/files/browse', { path: '/' }, team);
    expect(browsed.items).toMatchObject([{ path: '/a' }]);
    expect(((await london.json('GET', '/access_keys', undefined, team)) as unknown as Json[]).length).toBe(1);
    expect((await london.call('GET', `/access_keys/${london.node.accessKeyId}`, undefined, team)).status).toBe(404);

    expect((await london.call('GET', '/permissions', undefined, team)).status).toBe(403);
    expect((await london.call('GET', '/permissions', undefined, london.keyHeaders)).status).toBe(200);

    const configuration = { transfer: { target_rate_kbps: 5 } };
    expect((await london.call('PUT', '/access_keys/team', { configuration, secret: 'new-secret' })).status).toBe(204);
    expect((await london.call('PUT', '/access_keys/team', { id: 'other' })).status).toBe(400);
    expect((await london.call('GET', '/self', undefined, team)).status).toBe(401);
    const renewed = { authorization: basicOf('team', 'new-secret') };
    expect(await london.json('GET', '/self', undefined, renewed)).toMatchObject({ configuration });
    expect((await london.call('DELETE', '/access_keys/team')).status).toBe(204);
    expect((await london.call('GET', '/self', undefined, renewed)).status).toBe(401);
  });
});

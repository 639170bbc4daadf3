import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { isJson, type Json, listAt, objectAt } from '../openapi/json.ts';
import { readReference } from '../openapi/reference.ts';
import type { NodeWorld } from './node-world.ts';

export const wfVersion = { 'X-aspera-WF-version': '2017_10_23' };

const count = expect.any(Number);
const statistics = {
  ...{ files_transferred: count, files_succeeded: count, files_failed: count, files_skipped: count },
  ...{ files_ignored: count, files_disappeared_before_cool_off: count, files_unsatisfied_dependency: count },
  ...{ files_never_appeared: count, bytes_completed: count, bytes_written: count },
};

/** A watch folder of london that sends to tokyo. */
export function watchFolderOf({ tokyo }: NodeWorld, changes: Json = {}): Json {
  const { url, username: user, password: pass } = tokyo.simulator;
  const authentication = { type: 'NODE_BASIC', user, pass };
  const location = { type: 'REMOTE', host: '127.0.0.1', port: Number(new URL(url).port), authentication };
  return {
    ...{ source: { path: '/spare' }, target: { path: '/in/watched', location } },
    ...{ cool_off: '30s', snapshot_creation_period: '10s', watchd: { scan_period: '30m', identifier: 'root' } },
    ...changes,
  };
}

/** A sync of london with tokyo. */
export function syncOf({ tokyo }: NodeWorld, name: string): Json {
  const { username: user, password: pass, sshPort: port } = tokyo.simulator;
  return { name, local: { path: '/spare' }, remote: { host: '127.0.0.1', port, user, pass, path: '/in/synced' } };
}

/** Whether a configuration is what the vendor's own schema says (data/sync-conf.schema.yaml). */
function isSyncConfiguration(configuration: unknown): boolean {
  const { $schema: _, ...schema } = objectAt(parse(readReference('sync-conf.schema.yaml')));
  return new Ajv2020({ strict: false }).compile(schema)(configuration);
}

/** What a node does by itself; the OpenAPI document leaves it out (aspera-node-api.md §6). */
export function judgeServices(world: () => NodeWorld): void {
  it('keeps watch folders, as they were sent, and tells their state with every counter', async () => {
    const { user } = world().london;
    const sent = watchFolderOf(world());
    const { id } = objectAt((await user('POST', '/v3/watchfolders', sent, wfVersion)).json);
    expect(id).toBeTypeOf('string');
    const one = `/v3/watchfolders/${id}`;
    expect((await user('GET', one, undefined, wfVersion)).json).toEqual({ ...sent, id });
    const state = objectAt((await user('GET', `${one}/state`, undefined, wfVersion)).json);
    expect(state).toMatchObject({ state: 'HEALTHY', statistics });
    expect(Object.keys(objectAt(state, 'components'))).toEqual(['watch', 'transport', 'watchfolderd']);
    for (const part of Object.values(objectAt(state, 'components'))) {
      expect(part).toMatchObject({ state: expect.any(String), state_changed_at: expect.any(String) });
    }
    expect((await user('PUT', one, { ...sent, cool_off: '5s' }, wfVersion)).status).toBe(200);
    expect((await user('DELETE', one, undefined, wfVersion)).status).toBe(204);
    expect((await user('GET', one, undefined, wfVersion)).status).toBe(404);
    expect((await user('GET', '/v3/watchfolders')).status).toBe(400);
  });

  it('keeps syncs with a configuration that the vendor’s schema allows', async () => {
    const { user } = world().london;
    const configuration = syncOf(world(), 'judged');
    expect(isSyncConfiguration(configuration)).toBe(true);
    expect(isSyncConfiguration({ ...configuration, direction: 'sideways' })).toBe(false);
    const { id } = objectAt((await user('POST', '/asyncs', { configuration })).json);
    const shown = objectAt((await user('GET', `/asyncs/${id}`)).json);
    expect(isSyncConfiguration(shown.configuration)).toBe(true);
    const wrong = { configuration: { ...configuration, name: 'other', direction: 'sideways' } };
    expect((await user('POST', '/asyncs', wrong)).status).toBe(400);
    for (const what of ['state', 'summary', 'counters', 'bandwidth', 'files']) {
      expect(isJson((await user('GET', `/asyncs/${id}/${what}`)).json)).toBe(true);
    }
    for (const verb of ['start', 'stop']) expect((await user('POST', `/asyncs/${id}/${verb}`)).status).toBe(204);
    expect((await user('DELETE', `/asyncs/${id}`)).status).toBe(204);
    expect((await user('GET', `/asyncs/${id}`)).status).toBe(404);
  });

  it('tells statistics of syncs by number', async () => {
    const { user } = world().london;
    const { id } = objectAt((await user('POST', '/asyncs', { configuration: syncOf(world(), 'counted') })).json);
    const { snid } = objectAt((await user('GET', `/asyncs/${id}/summary`)).json);
    const ask = async (what: string, more: Json = {}) =>
      objectAt((await user('POST', `/async/${what}`, { syncs: [String(snid)], ...more })).json);
    const perSync = { bandwidth: 'bandwidth_data', files: 'sync_files', counters: 'sync_counters' };
    for (const [what, member] of Object.entries(perSync)) {
      expect(listAt(await ask(what), member).map((one) => Object.keys(one))).toEqual([[String(snid)]]);
    }
    expect((await user('POST', '/async/delete', { syncs: [snid] })).status).toBe(204);
    expect((await user('GET', '/async/list')).json).toEqual({ sync_ids: [] });
  });
}

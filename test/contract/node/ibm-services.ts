import { expect, it } from 'vitest';
import { listAt, objectAt } from '../openapi/json.ts';
import type { NodeWorld } from './node-world.ts';
import { syncOf, watchFolderOf, wfVersion } from './services.ts';

/** `node watch_folder …`, `node async …` and `node ssync …`. */
export function judgeServiceCommands(world: () => NodeWorld): void {
  it('node watch_folder create, list and state: needs id, ids, and any object', async () => {
    const { user } = world().london;
    const { id } = objectAt((await user('POST', '/v3/watchfolders', watchFolderOf(world()), wfVersion)).json);
    expect(objectAt((await user('GET', '/v3/watchfolders', undefined, wfVersion)).json).ids).toEqual([id]);
    const state = await user('GET', `/v3/watchfolders/${id}/state`, undefined, wfVersion);
    expect(objectAt(state.json).state).toBe('HEALTHY');
    expect((await user('DELETE', `/v3/watchfolders/${id}`, undefined, wfVersion)).status).toBe(204);
  });

  it('node async list and show, ssync list: needs sync_ids, sync_summaries and ids', async () => {
    const { user } = world().london;
    const { id } = objectAt((await user('POST', '/asyncs', { configuration: syncOf(world(), 'ibm') })).json);
    expect(objectAt((await user('GET', '/asyncs')).json).ids).toEqual([id]);
    const { sync_ids } = objectAt((await user('GET', '/async/list')).json);
    expect(sync_ids).toEqual([expect.any(Number)]);
    const { json } = await user('POST', '/async/summary', { syncs: sync_ids });
    expect(listAt(json, 'sync_summaries')).toMatchObject([
      { name: 'ibm', local_dir: '/spare', remote_dir: '/in/synced' },
    ]);
    expect((await user('DELETE', `/asyncs/${id}`)).status).toBe(204);
  });
}

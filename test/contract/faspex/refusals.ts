import { expect, it } from 'vitest';
import { objectAt } from '../openapi/json.ts';
import { names } from './cast.ts';
import type { Stage } from './stage.ts';

const codeOf = (answer: { status: number; json: unknown }) => `${answer.status} ${objectAt(answer.json).code}`;

/** What is done with one package, below `/packages/{id}`. */
const onPackage: readonly { readonly method: string; readonly path: string; readonly body?: unknown }[] = [
  { method: 'GET', path: '' },
  { method: 'PUT', path: '', body: { expiration_policy: 'none' } },
  { method: 'DELETE', path: '' },
  { method: 'GET', path: '/upload_details' },
  { method: 'GET', path: '/download_details' },
  { method: 'GET', path: '/application_events' },
  { method: 'GET', path: '/file_statuses' },
  { method: 'POST', path: '/update_stats' },
  { method: 'POST', path: '/archive/sent' },
  { method: 'POST', path: '/archive/received' },
  { method: 'POST', path: '/forward', body: { title: 'On', recipients: [{ name: names.bob }] } },
  { method: 'POST', path: '/files/sent', body: { path: '/' } },
  { method: 'POST', path: '/files/sent/page', body: { path: '/' } },
  { method: 'POST', path: '/files/received?recipient_user_id=1', body: { path: '/' } },
  { method: 'POST', path: '/files/received/page?recipient_user_id=1', body: { path: '/' } },
];

const lists = [
  ...['accounts', 'contacts', 'packages', 'outbox/packages', 'shared_folders', 'shared_inboxes', 'workgroups'],
  ...['account/distribution_lists', 'configuration/metadata_profiles'],
];

/** What Faspex refuses, with which kind of error (aspera-apps-api.md §1.1, §1.3). */
export function judgeRefusals(stage: () => Stage): void {
  const title = '$method /packages/{id}$path is for those who have to do with the package';
  it.each(onPackage)(title, async ({ method, path, body }) => {
    const { world, cast } = stage();
    const bob = await world.signIn(names.bob);
    expect(codeOf(await bob(method, `/api/v5/packages/${cast.own}${path}`, body))).toBe('403 2088');
    expect(codeOf(await bob(method, `/api/v5/packages/one${path}`, body))).toBe('400 1223');
    expect(codeOf(await world.anyone(method, `/api/v5/packages/${cast.own}${path}`, body))).toBe('401 2002');
  });

  it.each(lists)('GET /%s takes no other numbers than those from 0', async (path) => {
    const call = await stage().world.signIn(names.self);
    expect(codeOf(await call('GET', `/api/v5/${path}?offset=x`))).toBe('400 1004');
    expect(codeOf(await call('GET', `/api/v5/${path}?limit=-1`))).toBe('400 1005');
  });

  it.each([
    ['shared_inboxes', 'inbox', 'workgroup'],
    ['workgroups', 'workgroup', 'inbox'],
  ] as const)('%s are for their members, and are no other kind of group', async (kind, own, other) => {
    const { world, cast } = stage();
    const [call, bob] = [await world.signIn(names.self), await world.signIn(names.bob)];
    for (const below of ['', '/members', '/packages']) {
      expect(codeOf(await bob('GET', `/api/v5/${kind}/${cast[own].id}${below}`))).toBe('403 1504');
      expect((await call('GET', `/api/v5/${kind}/${cast[other].id}${below}`)).status).toBe(403);
      expect((await call('GET', `/api/v5/${kind}/999999${below}`)).status).toBe(404);
    }
  });
}

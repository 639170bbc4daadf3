import { createPublicKey } from 'node:crypto';
import type { SimulatorRequest } from '../../kit/message.ts';
import { refusal } from '../errors.ts';
import { booleanField, type Fields, positiveIntegerField, readFields, stringField } from '../fields.ts';
import { listParameter, matchesSearch, pageOf } from '../listing.ts';
import type { GroupKind, User } from '../model.ts';
import type { Routes } from '../route.ts';
import type { World } from '../world.ts';
import { basicUser, expandedUser } from './user-view.ts';

const adminAccess = { shared_inbox: 'shared_inbox_admin', workgroup: 'workgroup_admin' } as const;

function managesAny(world: World, user: User, kind: GroupKind): boolean {
  if (user.role === 'admin') return true;
  return [...world.groups.values()].some(
    (group) => group.kind === kind && group.members.get(user.id)?.access === adminAccess[kind],
  );
}

const selfUser = (world: World, user: User, expanded: boolean) => ({
  ...(expanded ? expandedUser(user) : basicUser(user)),
  slug: user.username,
  can_have_public_url: 'default',
  can_invite: 'default',
  uploads_allowed: user.uploadsAllowed,
  forwards_allowed: user.forwardingAllowed,
  manages_shared_inboxes: managesAny(world, user, 'shared_inbox'),
  manages_workgroups: managesAny(world, user, 'workgroup'),
  obfuscation_optional: true,
  encryption_at_rest: 'optional',
  connect_enabled: true,
  gateway_enabled: false,
  gateway_url: '',
  public_url: '',
  allow_send_to_email: user.sendsToExternal,
});

const preferences = (user: User) => ({
  can_have_public_url: 'default',
  can_create_from_remote: user.createsFromRemote,
  can_disable_connect: true,
  can_change_password: user.type === 'local_user',
  can_edit_email: false,
  email: user.email,
  client_settings: '',
  table_data: '',
  ...user.preferences,
});

/** A pasted key is used to verify assertions, so it must be a PEM public key. Null takes it away. */
function readPublicKey(fields: Fields): string | null {
  const pem = stringField(fields, 'public_key') ?? null;
  if (pem === null) return null;
  try {
    createPublicKey(pem);
    return pem;
  } catch {
    throw refusal(400, 1003, 'public_key must be a public key in PEM format.');
  }
}

function updatePreferences(user: User, fields: Fields): void {
  const current = user.preferences;
  if ('public_key' in fields) current.public_key = readPublicKey(fields);
  current.rows_per_page = positiveIntegerField(fields, 'rows_per_page') ?? current.rows_per_page;
  current.locale = stringField(fields, 'locale') ?? current.locale;
  for (const name of ['show_only_completed_packages', 'connect_disabled', 'public_url_enabled'] as const) {
    if (name in fields) current[name] = booleanField(fields, name);
  }
}

function listAccounts(world: World, { query }: SimulatorRequest) {
  const types = listParameter(query, 'type');
  const role = query.get('role');
  const active = query.get('active');
  const rows = [...world.users.values()].filter(
    (user) =>
      (types.length === 0 || types.includes(user.type)) &&
      (role === null || user.role === role) &&
      (active === null || String(user.active) === active) &&
      matchesSearch(query, [user.username, user.email, `${user.firstName} ${user.lastName}`]),
  );
  return pageOf(query, 'accounts', rows, query.get('expand') === 'true' ? expandedUser : basicUser);
}

function showAccount(world: World, { params, query }: SimulatorRequest) {
  const id = params.id ?? '';
  if (!/^[1-9]\d*$/.test(id)) throw refusal(400, 1004, 'The id must be a positive integer.');
  const user = world.users.get(id);
  if (!user) throw refusal(404, 1004, 'The user could not be found.');
  return { status: 200, json: query.get('expand') === 'true' ? expandedUser(user) : basicUser(user) };
}

/** The logged-in user, their preferences, and the admin's view on all users (aspera-apps-api.md §3). */
export function registerAccountRoutes(routes: Routes, world: World): void {
  routes.user('GET', '/api/v5/account', ({ query }, user) => ({
    status: 200,
    json: selfUser(world, user, query.get('expand') === 'true'),
  }));
  routes.user('GET', '/api/v5/account/preferences', (_request, user) => ({ status: 200, json: preferences(user) }));
  routes.user('PUT', '/api/v5/account/preferences', (request, user) => {
    updatePreferences(user, readFields(request));
    return { status: 200, json: preferences(user) };
  });
  routes.manager('GET', '/api/v5/accounts', (request) => listAccounts(world, request));
  routes.manager('GET', '/api/v5/accounts/:id', (request) => showAccount(world, request));
}

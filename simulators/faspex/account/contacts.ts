import type { SimulatorRequest } from '../../kit/message.ts';
import { refusal } from '../errors.ts';
import { listParameter, matchesSearch, pageOf } from '../listing.ts';
import type { DistributionList, Group, User } from '../model.ts';
import type { Routes } from '../route.ts';
import type { World } from '../world.ts';
import { listsOf } from './distribution-lists.ts';
import { personNames } from './user-view.ts';

const CONTACT_TYPES = ['workgroup', 'shared_inbox', 'distribution_list', 'user', 'external_user'];

interface Contact {
  readonly id: string;
  readonly name: string;
  readonly type: string;
  readonly first_name?: string;
  readonly last_name?: string;
  readonly email?: string;
  readonly require_encryption_at_rest?: Group['encryption'];
  readonly metadata_profile_id?: string;
  readonly submitters_instructions?: string;
}

const userContact = (user: User): Contact => ({
  ...personNames(user),
  type: user.type === 'external_user' ? 'external_user' : 'user',
});

const groupContact = (group: Group): Contact => ({
  id: group.id,
  name: group.name,
  type: group.kind,
  ...(group.kind === 'shared_inbox' ? { require_encryption_at_rest: group.encryption } : {}),
  ...(group.profileId === undefined ? {} : { metadata_profile_id: group.profileId }),
  ...(group.instructions === '' ? {} : { submitters_instructions: group.instructions }),
});

const listContact = (list: DistributionList): Contact => ({ id: list.id, name: list.name, type: 'distribution_list' });

/** Ids of the users that share a group with this user. */
function colleagues(world: World, user: User): ReadonlySet<string> {
  const ids = new Set([user.id]);
  for (const group of world.groups.values()) {
    if (group.members.has(user.id)) for (const id of group.members.keys()) ids.add(id);
  }
  return ids;
}

/** Whether `sender` may address `recipient` directly: everybody, or only people of the same groups. */
export const maySendTo = (world: World, sender: User, recipient: User): boolean =>
  sender.sendsToAllUsers || recipient.type === 'external_user' || colleagues(world, sender).has(recipient.id);

/** Whether `sender` may send to this group: its members (submit-only ones too) and admins. */
export const maySubmitTo = (sender: User, group: Group): boolean =>
  sender.role === 'admin' || group.members.has(sender.id);

function allContacts(world: World, user: User): readonly Contact[] {
  return [
    ...[...world.users.values()].filter((other) => other.active && maySendTo(world, user, other)).map(userContact),
    ...[...world.groups.values()].filter((group) => maySubmitTo(user, group)).map(groupContact),
    ...listsOf(world, user).map(listContact),
  ];
}

const texts = ({ name, email, first_name, last_name }: Contact) => [
  name,
  email ?? '',
  `${first_name ?? ''} ${last_name ?? ''}`,
];

function listContacts(world: World, { query }: SimulatorRequest, user: User) {
  const types = listParameter(query, 'type');
  const unknown = types.find((type) => !CONTACT_TYPES.includes(type));
  if (unknown !== undefined) throw refusal(400, 1013, `${unknown} is no contact type.`);
  const rows = allContacts(world, user).filter(
    (contact) => (types.length === 0 || types.includes(contact.type)) && matchesSearch(query, texts(contact)),
  );
  return pageOf(query, 'contacts', rows, (contact) => contact);
}

/** Recipient look-up: `q` is a case-insensitive substring, so several contacts may match (aspera-apps-api.md §4). */
export function registerContactRoutes(routes: Routes, world: World): void {
  routes.user('GET', '/api/v5/contacts', (request, user) => listContacts(world, request, user));
}

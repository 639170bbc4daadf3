import type { Random } from '../../kit/random.ts';
import type { Access, Group, GroupKind, ProfileField, User } from '../model.ts';
import type { World } from '../world.ts';

interface GroupPlan {
  readonly kind: GroupKind;
  readonly name: string;
  readonly instructions?: string;
  readonly encryption?: Group['encryption'];
  readonly hasProfile?: boolean;
}

const plans: readonly GroupPlan[] = [
  { kind: 'shared_inbox', name: 'Press Deliveries', instructions: 'One package per outlet.', hasProfile: true },
  { kind: 'workgroup', name: 'Editorial' },
  { kind: 'shared_inbox', name: 'Dailies', instructions: 'Camera originals only.' },
  { kind: 'shared_inbox', name: 'Legal Intake', encryption: 'yes' },
  { kind: 'shared_inbox', name: 'Scans' },
  { kind: 'shared_inbox', name: 'Archivsichtung Köln' },
  { kind: 'workgroup', name: 'Colour & Grading' },
  { kind: 'workgroup', name: 'Marketing' },
  { kind: 'workgroup', name: 'Sound' },
];

function addProfile(
  world: World,
  name: string,
  isDefault: boolean,
  fields: readonly Omit<ProfileField, 'id'>[],
): string {
  const id = world.nextId('profile');
  world.profiles.set(id, {
    id,
    name,
    isDefault,
    titleMaxLength: 255,
    titleIllegalCharacters: [],
    noteMaxLength: 4000,
    fields: fields.map((field) => ({ ...field, id: world.nextId('field') })),
    createdAt: world.clock.now() - 400 * 86_400_000,
  });
  return id;
}

/** The default profile asks for nothing, so that a plain package needs no metadata; that of the press inbox does. */
function seedProfiles(world: World): string {
  addProfile(world, 'Standard', true, [
    { name: 'Project', type: 'text_field', required: false, maxLength: 100 },
    { name: 'Comment', type: 'text_area', required: false, maxLength: 2000 },
  ]);
  return addProfile(world, 'Press', false, [
    { name: 'Outlet', type: 'text_field', required: true, maxLength: 80 },
    { name: 'Language', type: 'option_list', required: true, choices: ['English', 'Deutsch', '日本語'] },
    { name: 'Embargo until', type: 'date_field', required: false, dateFormat: 'MM/DD/YY' },
  ]);
}

function addMember(world: World, group: Group, user: User, access: Access): void {
  const member = { id: world.nextId('member'), userId: user.id, access, since: user.createdAt };
  group.members.set(user.id, member);
}

function addGroup(world: World, plan: GroupPlan, profileId: string): Group {
  const { kind, name, instructions = '', encryption = 'server', hasProfile = false } = plan;
  const id = world.nextId('group');
  const group: Group = {
    id,
    kind,
    name,
    instructions,
    encryption,
    profileId: hasProfile ? profileId : undefined,
    members: new Map(),
  };
  world.groups.set(id, group);
  return group;
}

/**
 * The admin is in every group, the second user may only submit to the press inbox, and the third belongs to all; the
 * others are in some.
 */
function fillGroup(world: World, random: Random, group: Group, users: readonly User[]): void {
  const [admin, plain, third, ...others] = users;
  if (admin) addMember(world, group, admin, `${group.kind}_admin`);
  if (plain && group.name === 'Press Deliveries') addMember(world, group, plain, 'submit_only');
  if (third) addMember(world, group, third, 'standard');
  for (const user of others.slice(1)) if (random.next() < 0.3) addMember(world, group, user, 'standard');
}

function seedLists(world: World, users: readonly User[]): void {
  const add = (name: string, owner: User | undefined, contacts: readonly User[]) => {
    const id = world.nextId('list');
    const type = owner ? ('personal' as const) : ('global' as const);
    world.lists.set(id, { id, name, type, ownerId: owner?.id, contactIds: contacts.map((user) => user.id) });
  };
  add('Post-production', undefined, users.slice(2, 4));
  add('My reviewers', users[0], users.slice(2, 3));
}

function seedSharedFolders(world: World): void {
  const add = (name: string, readPermission: 'private' | 'public') => {
    const id = world.nextId('sharedFolder');
    const directory = `/${name}`;
    world.sharedFolders.set(id, { id, nodeId: '1', name, directory, readPermission, isDefaultInbox: false });
  };
  add('Server Files', 'public');
  add('Archive Vault', 'private');
}

/** Makes profiles, the first `count` groups (9 at most), distribution lists and shared folders. Gives the groups. */
export function seedGroups(world: World, random: Random, users: readonly User[], count: number): readonly Group[] {
  const profileId = seedProfiles(world);
  const groups = plans.slice(0, count).map((plan) => addGroup(world, plan, profileId));
  for (const group of groups) fillGroup(world, random, group, users);
  seedLists(world, users);
  seedSharedFolders(world);
  return groups;
}

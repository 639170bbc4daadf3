import type { SimulatorRequest } from '../../kit/message.ts';
import { stamp } from '../dates.ts';
import { refusal } from '../errors.ts';
import { listParameter, matchesSearch, pageOf, sorted } from '../listing.ts';
import type { Group, GroupKind, Member, User } from '../model.ts';
import type { Routes } from '../route.ts';
import type { World } from '../world.ts';

/** What differs between shared inboxes and workgroups on the wire. */
interface GroupWire {
  readonly kind: GroupKind;
  readonly path: string;
  readonly notFoundCode: number;
  readonly wrongKindCode: number;
  readonly membersStatus: number;
}

export const groupWires: readonly GroupWire[] = [
  { kind: 'shared_inbox', path: 'shared_inboxes', notFoundCode: 1500, wrongKindCode: 1502, membersStatus: 200 },
  { kind: 'workgroup', path: 'workgroups', notFoundCode: 1501, wrongKindCode: 1503, membersStatus: 201 },
];

const isStaff = (user: User) => user.role !== 'user';
const manages = (group: Group, user: User) =>
  isStaff(user) || group.members.get(user.id)?.access === `${group.kind}_admin`;

/** Finds the group of a path that the user may know of, or throws 404, 403 (other kind) or 403/1504. */
export function groupOf(world: World, wire: GroupWire, id: string, user: User): Group {
  const group = world.groups.get(id);
  if (!group) throw refusal(404, wire.notFoundCode, `There is no such ${wire.kind}.`);
  if (group.kind !== wire.kind) throw refusal(403, wire.wrongKindCode, `This id is not that of a ${wire.kind}.`);
  if (!isStaff(user) && !group.members.has(user.id)) throw refusal(403, 1504, 'The user does not have access.');
  return group;
}

function groupView(group: Group, user: User) {
  const common = {
    id: group.id,
    name: group.name,
    ...(group.instructions === '' ? {} : { submitters_instructions: group.instructions }),
    user_can_manage: manages(group, user),
  };
  if (group.kind === 'workgroup') return common;
  return {
    ...common,
    allow_public_url: 'default',
    require_encryption_at_rest: group.encryption,
    ...(group.profileId === undefined ? {} : { metadata_profile_id: group.profileId }),
  };
}

function memberView(world: World, member: Member) {
  const user = world.users.get(member.userId);
  return {
    id: member.id,
    user_id: member.userId,
    type: 'user',
    name: user?.username,
    first_name: user?.firstName,
    last_name: user?.lastName,
    email: user?.email,
    member_since: stamp(member.since),
    expiration: 'never',
    status: user?.active ? 'active' : 'inactive',
    access: member.access,
    is_wg_admin: member.access === 'workgroup_admin',
  };
}

function listGroups(world: World, wire: GroupWire, { query }: SimulatorRequest, user: User) {
  const ofUser = query.get('user_id');
  const rows = [...world.groups.values()].filter(
    (group) =>
      group.kind === wire.kind &&
      (isStaff(user) || group.members.has(user.id)) &&
      (ofUser === null || group.members.has(ofUser)) &&
      (query.get('user_can_manage') !== 'true' || manages(group, user)) &&
      matchesSearch(query, [group.name]),
  );
  const columns = {
    id: ({ id }: Group) => Number(id),
    name: ({ name }: Group) => name,
    submitters_instructions: ({ instructions }: Group) => instructions,
  };
  return pageOf(query, wire.path, sorted(query, rows, columns), (group) => groupView(group, user));
}

/** The members of a workgroup come with 201, as documented, although nothing is created (aspera-apps-api.md part F). */
function listMembers(world: World, wire: GroupWire, group: Group, { query }: SimulatorRequest) {
  const access = query.get('access');
  const types = listParameter(query, 'type');
  const rows = [...group.members.values()].filter((member) => {
    const user = world.users.get(member.userId);
    const texts = user ? [user.username, user.email, `${user.firstName} ${user.lastName}`] : [];
    const hasType = types.length === 0 || types.includes('user');
    return hasType && (access === null || member.access === access) && matchesSearch(query, texts);
  });
  const page = pageOf(query, 'members', rows, (member) => memberView(world, member));
  return { ...page, status: wire.membersStatus };
}

/** Shared inboxes and workgroups, read only (aspera-apps-api.md §6). Staff see all, others those they are members of. */
export function registerGroupRoutes(routes: Routes, world: World): void {
  for (const wire of groupWires) {
    const path = `/api/v5/${wire.path}`;
    routes.user('GET', path, (request, user) => listGroups(world, wire, request, user));
    routes.user('GET', `${path}/:id`, ({ params }, user) => ({
      status: 200,
      json: groupView(groupOf(world, wire, params.id ?? '', user), user),
    }));
    routes.user('GET', `${path}/:id/members`, (request, user) =>
      listMembers(world, wire, groupOf(world, wire, request.params.id ?? '', user), request),
    );
  }
}

import type { BoundFaspex, OperationContext } from '../../context/context.ts';
import type { FaspexGroup, FaspexGroupKind, FaspexMember } from '../../sources/faspex/types.ts';
import type { Connection, PageArguments } from '../connection.ts';
import { listByOffset } from './list-by-offset.ts';
import { type FaspexPackageNode, toPackageNode } from './package.ts';

/** A shared inbox or a workgroup, together with the Faspex server that it is on. */
export interface FaspexGroupNode extends FaspexGroup {
  readonly groupType: FaspexGroupKind;
  readonly sourceName: string;
}

export interface SearchArguments extends PageArguments {
  readonly search?: string | null | undefined;
}

export interface GroupPackagesArguments extends SearchArguments {
  readonly vendorStatus?: string | null | undefined;
  readonly includeArchived?: boolean | null | undefined;
}

/** A page of the shared inboxes or workgroups that the viewer belongs to; administrators see all. One upstream call. */
export function listGroups(
  { client, source, identity }: BoundFaspex,
  groupType: FaspexGroupKind,
  args: SearchArguments,
): Promise<Connection<FaspexGroupNode>> {
  const search = args.search ?? undefined;
  return listByOffset({
    binding: ['faspex.groups', source.name, identity.key, groupType, search ?? null],
    args,
    read: (part) => client.groups(groupType, { search, ...part }),
    idOf: ({ groupId }) => groupId,
    toNode: (group) => ({ ...group, groupType, sourceName: source.name }),
  });
}

/** A page of the members of a group. One upstream call for each group. */
export function groupMembers(
  { groupType, groupId, sourceName }: FaspexGroupNode,
  args: PageArguments,
  context: OperationContext,
): Promise<Connection<FaspexMember>> {
  const { client, identity } = context.faspex(sourceName);
  return listByOffset({
    binding: ['faspex.members', sourceName, identity.key, groupType, groupId],
    args,
    read: (part) => client.groupMembers(groupType, groupId, part),
    idOf: ({ memberId }) => memberId,
    toNode: (member) => member,
  });
}

/** A page of the packages that a group has received. One upstream call for each group. */
export function groupPackages(
  { groupType, groupId, sourceName }: FaspexGroupNode,
  args: GroupPackagesArguments,
  context: OperationContext,
): Promise<Connection<FaspexPackageNode>> {
  const { client, identity } = context.faspex(sourceName);
  const search = args.search ?? undefined;
  const vendorStatus = args.vendorStatus || undefined;
  const history = args.includeArchived ?? false;
  const filter = [search ?? null, vendorStatus ?? null, history];
  return listByOffset({
    binding: ['faspex.groupPackages', sourceName, identity.key, groupType, groupId, ...filter],
    args,
    read: (part) => client.groupPackages(groupType, groupId, { search, vendorStatus, history, ...part }),
    idOf: ({ packageId }) => packageId,
    toNode: (pkg) => toPackageNode(sourceName, pkg),
  });
}

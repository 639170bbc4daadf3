import type { SimulatorRequest } from '../../kit/message.ts';
import { refusal } from '../errors.ts';
import { groupOf, groupWires } from '../groups/group-routes.ts';
import { pageOf } from '../listing.ts';
import type { Group, User } from '../model.ts';
import type { Package } from '../package.ts';
import { type Routes, scopeTooSmall } from '../route.ts';
import type { World } from '../world.ts';
import { type Sight, sightOf } from './access.ts';
import { packageFilter } from './filters.ts';
import { isMailbox, type Mailbox, mailboxes } from './mailboxes.ts';
import { packageView } from './package-view.ts';
import { isRevealed } from './status.ts';

/** Newest first: by creation, and by id where two were made in the same millisecond. */
const newestFirst = (left: Package, right: Package) =>
  right.createdAt - left.createdAt || Number(right.id) - Number(left.id);

function listWhere(sight: Sight, { query }: SimulatorRequest, mailbox: Mailbox, holds: (pkg: Package) => boolean) {
  const passes = packageFilter(sight.world, query);
  const rows = [...sight.world.packages.values()].filter((pkg) => holds(pkg) && passes(pkg)).sort(newestFirst);
  return pageOf(query, 'packages', rows, (pkg) => packageView(sight, pkg, mailbox));
}

function listMailbox(world: World, request: SimulatorRequest, user: User) {
  const name = request.params.mailbox ?? '';
  if (!isMailbox(name)) throw refusal(400, 1025, 'Check the type of the mailbox.');
  if (name === 'global' && user.role !== 'admin') throw scopeTooSmall();
  const sight = sightOf(world, user);
  return listWhere(sight, request, name, (pkg) => mailboxes[name](sight, pkg));
}

function listGroup(world: World, request: SimulatorRequest, user: User, group: Group) {
  const isMember = (group.members.get(user.id)?.access ?? 'submit_only') !== 'submit_only';
  if (!isMember && user.role === 'user') throw refusal(403, 1504, 'The user does not have access.');
  const sight = sightOf(world, user);
  const showsHistory = request.query.get('view_history') === 'true';
  return listWhere(sight, request, 'inbox_all', (pkg) => {
    const delivery = pkg.deliveries.find(({ kind, id }) => kind === group.kind && id === group.id);
    if (!delivery || !isRevealed(pkg, sight.now)) return false;
    return showsHistory || !delivery.archivedBy.has(user.id);
  });
}

/** Every list of packages (aspera-apps-api.md §5.1). */
export function registerPackageLists(routes: Routes, world: World): void {
  routes.user('GET', '/api/v5/:mailbox/packages', (request, user) => listMailbox(world, request, user));
  routes.admin('GET', '/api/v5/packages', (request, user) =>
    listWhere(sightOf(world, user), request, 'global', () => true),
  );
  for (const wire of groupWires) {
    routes.user('GET', `/api/v5/${wire.path}/:id/packages`, (request, user) =>
      listGroup(world, request, user, groupOf(world, wire, request.params.id ?? '', user)),
    );
  }
}

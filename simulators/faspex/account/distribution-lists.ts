import { refusal } from '../errors.ts';
import { matchesSearch, pageOf } from '../listing.ts';
import type { DistributionList, User } from '../model.ts';
import type { Routes } from '../route.ts';
import type { World } from '../world.ts';
import { personNames } from './user-view.ts';

/** The lists that a user may send to: global ones and their own. */
export const listsOf = (world: World, user: User): readonly DistributionList[] =>
  [...world.lists.values()].filter((list) => list.ownerId === undefined || list.ownerId === user.id);

/** The users of a list that still exist. */
export const contactsOf = (world: World, list: DistributionList): readonly User[] =>
  list.contactIds.flatMap((id) => world.users.get(id) ?? []);

const listView = (world: World, list: DistributionList) => ({
  id: list.id,
  type: list.type,
  name: list.name,
  contacts: contactsOf(world, list).map((user) => ({
    ...personNames(user),
    type: user.type === 'external_user' ? 'external_user' : 'user',
  })),
});

/** Distribution lists, read only (aspera-apps-api.md §3). */
export function registerDistributionListRoutes(routes: Routes, world: World): void {
  routes.user('GET', '/api/v5/account/distribution_lists', ({ query }, user) => {
    const type = query.get('type');
    const rows = listsOf(world, user).filter(
      (list) => (type === null || list.type === type) && matchesSearch(query, [list.name]),
    );
    return pageOf(query, 'distribution_lists', rows, (list) => listView(world, list));
  });
  routes.user('GET', '/api/v5/account/distribution_lists/:id', ({ params }, user) => {
    const list = listsOf(world, user).find(({ id }) => id === params.id);
    if (!list) throw refusal(404, 1002, 'There is no such distribution list.');
    return { status: 200, json: listView(world, list) };
  });
}

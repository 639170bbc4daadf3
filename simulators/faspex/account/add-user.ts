import type { User } from '../model.ts';
import type { World } from '../world.ts';

export type Person = readonly [firstName: string, lastName: string, username: string];

/** Makes an account with every right and adds it to the world. */
export function addUser(world: World, [firstName, lastName, username]: Person, details: Partial<User> = {}): User {
  const user: User = {
    id: world.nextId('user'),
    username,
    firstName,
    lastName,
    email: username.includes('@') ? username : `${username}@example.com`,
    role: 'user',
    type: 'local_user',
    active: true,
    createdAt: world.clock.now(),
    lastLoginAt: undefined,
    canSendNormalPackages: 'default',
    sendsToAllUsers: true,
    sendsToExternal: true,
    uploadsAllowed: true,
    forwardingAllowed: true,
    createsFromRemote: true,
    preferences: {
      public_key: null,
      rows_per_page: 20,
      locale: 'en',
      show_only_completed_packages: false,
      connect_disabled: false,
      public_url_enabled: false,
    },
    ...details,
  };
  world.users.set(user.id, user);
  return user;
}

/** An outsider: someone packages go to, who does not sign in. */
export const externalRights: Partial<User> = {
  type: 'external_user',
  canSendNormalPackages: 'no',
  sendsToAllUsers: false,
  sendsToExternal: false,
  uploadsAllowed: false,
  forwardingAllowed: false,
  createsFromRemote: false,
};

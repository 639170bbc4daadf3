import type { Clock } from '../kit/clock.ts';
import type { DistributionList, Group, Profile, SharedFolder, User } from './model.ts';
import type { Package } from './package.ts';

/** Everything that a Faspex server knows, in memory. */
export interface World {
  readonly clock: Clock;
  readonly users: Map<string, User>;
  readonly groups: Map<string, Group>;
  readonly lists: Map<string, DistributionList>;
  readonly profiles: Map<string, Profile>;
  readonly sharedFolders: Map<string, SharedFolder>;
  readonly packages: Map<string, Package>;
  /** The next id of a sequence, a decimal string as Faspex has them. */
  nextId(sequence: string): string;
}

export function createWorld(clock: Clock): World {
  const sequences = new Map<string, number>();
  return {
    clock,
    users: new Map(),
    groups: new Map(),
    lists: new Map(),
    profiles: new Map(),
    sharedFolders: new Map(),
    packages: new Map(),
    nextId: (sequence) => {
      const id = (sequences.get(sequence) ?? 0) + 1;
      sequences.set(sequence, id);
      return String(id);
    },
  };
}

/** Finds a user by username or e-mail, whatever the case. */
export function findUser(world: World, name: string): User | undefined {
  const wanted = name.toLowerCase();
  for (const user of world.users.values()) {
    if (user.username.toLowerCase() === wanted || user.email.toLowerCase() === wanted) return user;
  }
  return undefined;
}

/** The groups whose packages a user receives: member with more than submit-only access. */
export function receivesThrough(world: World, user: User): ReadonlySet<string> {
  const ids = new Set<string>();
  for (const group of world.groups.values()) {
    const member = group.members.get(user.id);
    if (member && member.access !== 'submit_only') ids.add(group.id);
  }
  return ids;
}

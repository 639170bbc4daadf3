import { createRandom } from '../../kit/random.ts';
import type { User } from '../model.ts';
import type { World } from '../world.ts';
import { planSharedFiles, type SeedFile } from './files.ts';
import { seedGroups } from './groups.ts';
import { seedPackages } from './packages.ts';
import { seedPeople } from './people.ts';

const sizes = {
  full: { people: 30, groups: 9, packages: 500 },
  small: { people: 4, groups: 2, packages: 12 },
} as const;

export interface Seed {
  /** Who can sign in: an admin first, then a plain user with a handful of packages. */
  readonly users: readonly User[];
  /** What the storage node must hold. */
  readonly files: readonly SeedFile[];
}

/** Fills an empty world with data that looks like work; the same at every start but for the dates. */
export function seedWorld(world: World, size: 'full' | 'small'): Seed {
  const random = createRandom(5);
  const count = sizes[size];
  const users = seedPeople(world, count.people);
  const groups = seedGroups(world, random, users, count.groups);
  const [admin, plain, ...others] = users;
  if (!admin || !plain) throw new Error('The seed has no people.');
  const files = seedPackages(world, random, { admin, plain, others, groups }, count.packages);
  return { users, files: [...files, ...planSharedFiles(random)] };
}

import { refusal } from '../errors.ts';
import type { User } from '../model.ts';
import type { Delivery, Package } from '../package.ts';
import { receivesThrough, type World } from '../world.ts';
import { isRevealed } from './status.ts';

/** One user's sight of the packages: what they may see, and as what. */
export interface Sight {
  readonly world: World;
  readonly user: User;
  readonly now: number;
  /** Groups whose packages the user receives. */
  readonly groupIds: ReadonlySet<string>;
}

export const sightOf = (world: World, user: User): Sight => ({
  world,
  user,
  now: world.clock.now(),
  groupIds: receivesThrough(world, user),
});

export const isDirect = ({ user }: Sight, delivery: Delivery): boolean =>
  delivery.kind === 'user' && delivery.id === user.id;

export const reaches = (sight: Sight, delivery: Delivery): boolean =>
  isDirect(sight, delivery) || (delivery.kind !== 'user' && sight.groupIds.has(delivery.id));

/** The deliveries by which a package comes to the user, whether it is released or not. */
export const deliveriesTo = (sight: Sight, pkg: Package): readonly Delivery[] =>
  pkg.deliveries.filter((delivery) => reaches(sight, delivery));

/** Whether the user has received the package: a recipient, and the package is not held back. */
export const hasReceived = (sight: Sight, pkg: Package): boolean =>
  isRevealed(pkg, sight.now) && pkg.deliveries.some((delivery) => reaches(sight, delivery));

export const isSender = ({ user }: Sight, pkg: Package): boolean => pkg.senderId === user.id;

export const maySee = (sight: Sight, pkg: Package): boolean =>
  sight.user.role === 'admin' || isSender(sight, pkg) || hasReceived(sight, pkg);

export const noAccess = () => refusal(403, 2088, 'The user cannot access this package.');

function lookUp(world: World, id: string | undefined): Package | undefined {
  if (!id || !/^[1-9]\d*$/.test(id)) throw refusal(400, 1223, 'The package id must be a positive integer.');
  return world.packages.get(id);
}

/** Finds the package of a transfer, whoever asks: 400/1223 where the id is none, 404/1224 where there is none. */
export function findPackage(world: World, id: string | undefined): Package {
  const pkg = lookUp(world, id);
  if (!pkg) throw refusal(404, 1224, 'The package could not be found.');
  return pkg;
}

/** Finds a package that the user may see, or throws 403/2088: a package that does not exist looks like one of others. */
export function seePackage(sight: Sight, id: string | undefined): Package {
  const pkg = lookUp(sight.world, id);
  if (!pkg || !maySee(sight, pkg)) throw noAccess();
  return pkg;
}

/** Finds a package that the user may change: its sender's, or any for an admin. */
export function ownPackage(sight: Sight, id: string | undefined): Package {
  const pkg = lookUp(sight.world, id);
  if (!pkg || (!isSender(sight, pkg) && sight.user.role !== 'admin')) throw noAccess();
  return pkg;
}

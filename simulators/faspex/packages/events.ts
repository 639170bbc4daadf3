import type { Package, PackageEventType } from '../package.ts';
import type { World } from '../world.ts';

/** Adds an entry to a package's audit trail. */
export function logEvent(
  world: World,
  pkg: Package,
  type: PackageEventType,
  userId: string | undefined,
  at = world.clock.now(),
): void {
  pkg.events.push({ id: world.nextId('event'), at, type, userId });
}

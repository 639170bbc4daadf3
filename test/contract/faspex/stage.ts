import type { Cast } from './cast.ts';
import type { FaspexWorld } from './faspex-world.ts';

/** The servers, and who is who on them. */
export interface Stage {
  readonly world: FaspexWorld;
  readonly cast: Cast;
}

import type { MovableClock } from '../kit/clock.ts';
import type { Switch } from '../kit/control-server.ts';
import { Refusal } from '../kit/message.ts';
import type { ApiClient } from './auth/api-client.ts';
import type { Sessions } from './auth/sessions.ts';
import type { Throttle } from './throttle.ts';
import type { World } from './world.ts';

export interface SwitchDeps {
  readonly world: World;
  readonly clock: MovableClock;
  readonly client: ApiClient;
  readonly sessions: Sessions;
  readonly throttle: Throttle;
  readonly restart: () => Promise<void>;
}

const wrong = (message: string) => new Refusal({ status: 400, json: { error: message } });

function numberOf(parameters: Readonly<Record<string, unknown>>, name: string): number {
  const value = parameters[name];
  if (typeof value !== 'number' || !(value >= 0)) throw wrong(`${name} must be a number that is not negative.`);
  return value;
}

function failProcessing(world: World, packageId: unknown): void {
  const pkg = world.packages.get(String(packageId));
  if (!pkg) throw wrong('There is no such package.');
  if (pkg.state !== 'held' && pkg.state !== 'transient_held_to_released_start') {
    throw wrong('The package has been processed.');
  }
  pkg.failsProcessing = true;
}

/**
 * What a tester can do to a Faspex server that no client of it can:
 * - `restart`: drops every connection and listens again; packages, tokens and API clients stay, as in a database;
 * - `expireTokens`: every access token that was issued is refused with 401/2005;
 * - `rotateKey`: the API client gets another key pair, so that assertions signed with the old key are refused; answers the new private key;
 * - `setJwtGrant {allowed}`: whether the API client allows the JWT grant;
 * - `setThrottle {requestsPerSecond}`: 429/1001 above that; 0 switches it off;
 * - `advanceClock {milliseconds}`: moves the server's clock;
 * - `setAccessTokenHours {hours}`: life of the tokens that are issued from now on;
 * - `failProcessing {packageId}`: the package will not be released, its processing will have failed.
 */
export function createSwitches(deps: SwitchDeps): Readonly<Record<string, Switch>> {
  const { world, clock, client, sessions, throttle, restart } = deps;
  return {
    restart: () => restart(),
    expireTokens: () => sessions.expireAll(),
    rotateKey: () => {
      client.rotateKey();
      return { clientPrivateKey: client.privateKeyPem };
    },
    setJwtGrant: ({ allowed }) => {
      client.allowsJwtGrant = allowed === true;
    },
    setThrottle: (parameters) => throttle.setRate(numberOf(parameters, 'requestsPerSecond')),
    advanceClock: (parameters) => clock.advance(numberOf(parameters, 'milliseconds')),
    setAccessTokenHours: (parameters) => sessions.setHours(numberOf(parameters, 'hours')),
    failProcessing: ({ packageId }) => failProcessing(world, packageId),
  };
}

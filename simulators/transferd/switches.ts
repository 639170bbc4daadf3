import type { MovableClock } from '../kit/clock.ts';
import type { Switch } from '../kit/control-server.ts';
import { Refusal } from '../kit/message.ts';
import { AscpError } from '../node/ascp-error.ts';
import { type Fields, textOf } from '../node/fields.ts';
import type { Daemon } from './daemon.ts';

export interface SwitchDeps {
  readonly daemon: Daemon;
  readonly clock: MovableClock;
  readonly access: { apiKey: string | undefined };
  readonly restart: () => Promise<void>;
}

const refuse = (status: number, error: string) => new Refusal({ status, json: { error } });

function numberIn(parameters: Fields, name: string, least: number): number {
  const value = parameters[name];
  if (typeof value !== 'number' || !(value >= least)) throw refuse(400, `${name} must be a number from ${least} on`);
  return value;
}

function breakTransfer({ daemon }: SwitchDeps, parameters: Fields): void {
  const code = parameters.code === undefined ? 16 : numberIn(parameters, 'code', 0);
  const failure = new AscpError(code, textOf(parameters.description) ?? 'Session broken by a switch');
  if (!daemon.break(textOf(parameters.id) ?? '', failure)) throw refuse(404, 'No running transfer has this id');
}

function orphan({ daemon }: SwitchDeps, parameters: Fields): void {
  const job = daemon.find(textOf(parameters.id) ?? '');
  if (!job) throw refuse(404, 'No transfer has this id');
  daemon.orphan(job);
}

export const createSwitches = (deps: SwitchDeps): Readonly<Record<string, Switch>> => ({
  /** `{id, code?, description?}`: the running session of a transfer ends with that error of ascp. */
  breakTransfer: (parameters) => breakTransfer(deps, parameters),
  /** `{id}`: the daemon loses sight of a transfer. */
  orphanTransfer: (parameters) => orphan(deps, parameters),
  /** Every stream of events breaks; transfers go on. */
  breakMonitors: () => deps.daemon.monitors.breakAll(),
  /** How many streams of events are open. */
  monitors: () => ({ count: deps.daemon.monitors.size }),
  /** The server closes every connection and comes back on the same port; transfers go on. */
  restart: () => deps.restart(),
  /** `{seconds}`: `transfer_max_age`. */
  setMaxAge: (parameters) => {
    deps.daemon.settings.transferMaxAge = numberIn(parameters, 'seconds', 0);
  },
  /** `{count}`: `max_concurrent`. */
  setMaxConcurrent: (parameters) => {
    deps.daemon.settings.maxConcurrent = numberIn(parameters, 'count', 0);
  },
  /** `{apiKey?}`: the key that every caller has to show from now on; none when left out. */
  setApiKey: (parameters) => {
    deps.access.apiKey = textOf(parameters.apiKey);
  },
  /** `{milliseconds}`: moves the daemon's clock. */
  advanceClock: (parameters) => deps.clock.advance(numberIn(parameters, 'milliseconds', 0)),
});

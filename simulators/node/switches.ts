import { randomUUID } from 'node:crypto';
import type { MovableClock } from '../kit/clock.ts';
import type { Switch } from '../kit/control-server.ts';
import { Refusal } from '../kit/message.ts';
import type { Activity } from './activity/activity.ts';
import { AscpError } from './ascp-error.ts';
import { type Fields, textOf } from './fields.ts';
import type { NodeContext } from './node-context.ts';
import type { Journal } from './transfers/journal.ts';
import type { ServedSessions } from './transfers/served-sessions.ts';
import type { TransferRunner } from './transfers/transfer-runner.ts';

export interface SwitchDeps {
  readonly node: NodeContext;
  readonly clock: MovableClock;
  readonly journal: Journal;
  readonly runner: TransferRunner;
  readonly served: ServedSessions;
  readonly activity: Activity;
  readonly restart: () => Promise<void>;
  /** Lets watch folders and syncs look at the clock. */
  readonly tick: () => void;
}

const refuse = (status: number, error: string) => new Refusal({ status, json: { error } });

function numberIn(parameters: Fields, name: string, least: number): number {
  const value = parameters[name];
  if (typeof value !== 'number' || !(value >= least)) throw refuse(400, `${name} must be a number from ${least} on`);
  return value;
}

/** A parameter that says how often; once when it is left out. */
const timesIn = (parameters: Fields) => (parameters.times === undefined ? 1 : numberIn(parameters, 'times', 0));

function breakTransfer({ runner, served }: SwitchDeps, parameters: Fields): void {
  const id = textOf(parameters.id) ?? '';
  const code = parameters.code === undefined ? 16 : numberIn(parameters, 'code', 0);
  const failure = new AscpError(code, textOf(parameters.description) ?? 'Session broken by a switch');
  if (!runner.break(id, failure) && !served.break(id, failure)) throw refuse(404, 'No running transfer has this id');
}

/** Switches that change what a node remembers. */
const historySwitches = ({ node, journal, activity, clock }: SwitchDeps): Record<string, Switch> => ({
  /** The counter behind iteration tokens starts again from 1; tokens handed out before point beyond its end. */
  resetTokens: () => journal.store.renumber(),
  /** Finished transfers and all events are forgotten. */
  loseHistory: () => {
    journal.store.forgetFinished();
    activity.events.clear();
  },
  /** `{hours}`: finished transfers whose last change is older fall out. */
  setRetention: (parameters) => {
    node.settings.retentionHours = numberIn(parameters, 'hours', 0);
  },
  /** `{enabled}`: aspera.conf `activity_logging`; while it is off, lists are empty. */
  setActivityLogging: (parameters) => {
    node.settings.isActivityLogged = parameters.enabled === true;
  },
  /** `{count}`: that many past transfers, before everything that is known. */
  seedTransfers: (parameters) => journal.store.seed(numberIn(parameters, 'count', 0), clock.now()),
});

/** What can be made to happen to a node, under these names on its control port. */
export function createSwitches(deps: SwitchDeps): Readonly<Record<string, Switch>> {
  const { node, clock, runner, served } = deps;
  const { settings } = node;
  return {
    ...historySwitches(deps),
    /** All sockets close, running sessions break; the ports, the history and the queue stay. */
    restart: () => deps.restart(),
    /** `{times}`: GET /ops/transfers and /ops/transfers/{id} answer 200 without a body. */
    emptyAnswers: (parameters) => {
      settings.emptyAnswers = timesIn(parameters);
    },
    /** `{times}`: a page of transfers links to itself. */
    duplicatePages: (parameters) => {
      settings.duplicatePages = timesIn(parameters);
    },
    /** `{times}`: behind the JSON of an answer of `/asyncs` or `/async` comes a second answer. */
    glueAnswers: (parameters) => {
      settings.gluedAnswers = timesIn(parameters);
    },
    /** Every transfer token issued so far is refused. */
    expireTokens: () => {
      settings.tokenEpoch += 1;
    },
    changeNodeId: () => {
      settings.nodeId = randomUUID();
      return { nodeId: settings.nodeId };
    },
    /** `{id, code, description}`: the running session ends with that ascp code. */
    breakTransfer: (parameters) => breakTransfer(deps, parameters),
    /** `{maxRunning}`: transfers started by this node beyond it wait. */
    setQueue: (parameters) => {
      settings.maxRunning = numberIn(parameters, 'maxRunning', 0);
      runner.pump();
    },
    /** `{milliseconds}` */
    advanceClock: (parameters) => {
      clock.advance(numberIn(parameters, 'milliseconds', 0));
      served.expire();
      runner.expire();
      deps.tick();
    },
  };
}

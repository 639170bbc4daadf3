import type { Logger } from 'pino';
import { createFlatLines } from './flat-lines.ts';
import type { OperationFacts } from './operation-facts.ts';

/** The way by which an operation came. */
export type Door = 'http' | 'websocket' | 'fast';

/**
 * How an operation ended. `partial`: with data and errors. `failed`: carried out in vain. `refused`: nothing was
 * executed, because of its caller, its document or its cost.
 */
export type Outcome = 'ok' | 'partial' | 'failed' | 'refused';

/** What an observer needs of the result of an operation; of its data, whether there is any. */
export interface Answered {
  readonly data?: unknown;
  readonly errors?: readonly { readonly extensions?: Readonly<Record<string, unknown>> | undefined }[] | undefined;
}

/** One operation from its arrival to its end. Whoever carries it out fills in what it learns. */
export interface Observation {
  /** The door that answers it: what is out of the ordinary is passed on by the fast one. */
  door: Door;
  /** When it came, on the monotonic clock. */
  readonly sinceMs: number;
  viewer: { readonly id: string } | undefined;
  facts: OperationFacts | undefined;
  requestId: string | undefined;
  /** How many requests it has made to sources so far, those included that it shared with others. */
  upstreamCalls: (() => number) | undefined;
  /** Of a subscription that shares its events: how the log names what is done for all who share them. */
  group: string | undefined;
  /** Events of a subscription that were told. */
  told: number;
  state: 'begun' | 'streaming' | 'ended';
}

/** Hears of operations in numbers. It is called for every operation: it must be quick, and never throws. */
export interface OperationMeter {
  /** An operation has been answered, or a subscription has begun, after this many milliseconds. */
  noteOperation(observation: Pick<Observation, 'door' | 'facts'>, outcome: Outcome, milliseconds: number): void;
  /** An error has been told to a caller. */
  noteError(code: string): void;
  /** A subscription has ended that had begun. */
  noteSubscriptionEnd(outcome: 'ok' | 'failed'): void;
}

/**
 * Sees operations come and go, whatever carries them out: one line in the log for each, and the numbers. Every operation
 * is begun once. A query, a mutation and whatever was refused is answered once; a subscription is opened, and then ended.
 */
export interface OperationObserver {
  begin(door: Door, viewer?: Observation['viewer']): Observation;
  /** It has been answered with this, and is over. */
  answer(observation: Observation, result: Answered): void;
  /** It is a subscription that has begun. */
  open(observation: Observation): void;
  /** A subscription has told an event. */
  tell(observation: Observation): void;
  /** Errors were told that are not those of an answer: within an event, or to everybody who shares one. */
  noteErrors(errors: Answered['errors']): void;
  /** A subscription is over: its client has gone, it has come to its end, or it has failed with these errors. */
  end(observation: Observation, errors?: Answered['errors']): void;
  /** Subscriptions that are open, and events that were told since the start. */
  readonly counts: { readonly subscriptions: number; readonly told: number };
}

export interface ObserverDeps {
  readonly logger: Logger;
  /** Whether a line is written for each operation. */
  readonly isLogged: boolean;
  readonly meter?: OperationMeter | undefined;
}

/** Codes that one line names; whoever made more kinds of mistakes is told them all anyway. */
const MAX_CODES = 8;

const noMeter: OperationMeter = {
  noteOperation: () => undefined,
  noteError: () => undefined,
  noteSubscriptionEnd: () => undefined,
};

const noCodes: readonly string[] = [];

/** An error without a code never leaves the gateway on purpose. */
function codesOf(errors: Answered['errors']): readonly string[] {
  if (!errors) return noCodes;
  return errors.map(({ extensions }) => (typeof extensions?.code === 'string' ? extensions.code : 'INTERNAL'));
}

function outcomeOf({ data }: Answered, codes: readonly string[]): Outcome {
  if (codes.length === 0) return 'ok';
  if (data === undefined) return codes.includes('INTERNAL') ? 'failed' : 'refused';
  return data === null ? 'failed' : 'partial';
}

const elapsedMs = ({ sinceMs }: Observation) => performance.now() - sinceMs;

/** To a hundredth. */
const rounded = (milliseconds: number) => Math.round(milliseconds * 100) / 100;

const shortened = (codes: readonly string[]) =>
  codes.length === 0 ? undefined : [...new Set(codes)].slice(0, MAX_CODES);

/** How a line goes on behind who and what. */
interface Ending {
  readonly durationMs: number;
  readonly outcome?: Outcome;
  readonly errors?: readonly string[] | undefined;
  readonly upstreamCalls?: number | undefined;
  readonly events?: number;
}

/** A member of a line; nothing where it has no value. Texts that need no escaping are spelled out without looking. */
const member = (name: string, value: string | number | undefined) => (value === undefined ? '' : `"${name}":${value},`);
const plain = (name: string, text: string | undefined) => (text === undefined ? '' : `"${name}":"${text}",`);
const quoted = (name: string, value: string | readonly string[] | undefined) =>
  value === undefined ? '' : `"${name}":${JSON.stringify(value)},`;

/** Variables and the document are no part of a line, ever: they hold what only its caller may see. */
function spell({ requestId, viewer, group, facts, door }: Observation, ending: Ending): string {
  const { outcome, durationMs, errors, upstreamCalls, events } = ending;
  const who = `${plain('requestId', requestId)}${quoted('viewer', viewer?.id)}${quoted('group', group)}`;
  // A name in a document is letters, digits and `_` (GraphQL §2.1.9).
  const what = `${plain('kind', facts?.kind)}${plain('operation', facts?.name)}${plain('document', facts?.document)}`;
  const how = `${plain('door', door)}${plain('outcome', outcome)}${member('durationMs', durationMs)}`;
  const counts = `${member('upstreamCalls', upstreamCalls)}${member('events', events)}`;
  return `${who}${what}${how}${quoted('errors', errors)}${counts}`;
}

function createLines({ logger, isLogged }: ObserverDeps) {
  if (!isLogged || !logger.isLevelEnabled('info')) return () => undefined;
  const write = createFlatLines(logger);
  return (observation: Observation, message: string, ending: Ending) => write(spell(observation, ending), message);
}

interface State {
  readonly meter: OperationMeter;
  readonly write: ReturnType<typeof createLines>;
  readonly counts: { subscriptions: number; told: number };
}

function noteErrors({ meter }: State, codes: readonly string[]): void {
  for (const code of codes) meter.noteError(code);
}

function answer(state: State, observation: Observation, result: Answered): void {
  if (observation.state !== 'begun') return;
  observation.state = 'ended';
  const codes = codesOf(result.errors);
  const outcome = outcomeOf(result, codes);
  const milliseconds = elapsedMs(observation);
  state.meter.noteOperation(observation, outcome, milliseconds);
  noteErrors(state, codes);
  state.write(observation, outcome === 'refused' ? 'operation refused' : 'operation', {
    outcome,
    durationMs: rounded(milliseconds),
    errors: shortened(codes),
    upstreamCalls: observation.upstreamCalls?.(),
  });
}

function open(state: State, observation: Observation): void {
  if (observation.state !== 'begun') return;
  observation.state = 'streaming';
  // It would keep everything that its first answer was made of for as long as somebody listens.
  observation.upstreamCalls = undefined;
  state.counts.subscriptions += 1;
  const milliseconds = elapsedMs(observation);
  state.meter.noteOperation(observation, 'ok', milliseconds);
  state.write(observation, 'subscription began', { durationMs: rounded(milliseconds) });
}

function end(state: State, observation: Observation, errors: Answered['errors']): void {
  if (observation.state !== 'streaming') return;
  observation.state = 'ended';
  state.counts.subscriptions -= 1;
  const codes = codesOf(errors);
  const outcome = codes.length === 0 ? 'ok' : 'failed';
  state.meter.noteSubscriptionEnd(outcome);
  noteErrors(state, codes);
  state.write(observation, 'subscription ended', {
    outcome,
    durationMs: rounded(elapsedMs(observation)),
    events: observation.told,
    errors: shortened(codes),
  });
}

export function createOperationObserver(deps: ObserverDeps): OperationObserver {
  const counts = { subscriptions: 0, told: 0 };
  const state: State = { meter: deps.meter ?? noMeter, write: createLines(deps), counts };
  return {
    counts,
    begin: (door, viewer) => ({
      door,
      sinceMs: performance.now(),
      viewer,
      facts: undefined,
      requestId: undefined,
      upstreamCalls: undefined,
      group: undefined,
      told: 0,
      state: 'begun',
    }),
    answer: (observation, result) => answer(state, observation, result),
    open: (observation) => open(state, observation),
    tell: (observation) => {
      observation.told += 1;
      counts.told += 1;
    },
    noteErrors: (errors) => noteErrors(state, codesOf(errors)),
    end: (observation, errors) => end(state, observation, errors),
  };
}

import type { LogPosition } from '../../progress/cursor.ts';
import type { Line, MarkedEvent } from '../../progress/line.ts';
import { createMember, type Ending, end, forget, type Member, type Told, tell } from './member.ts';
import type { Outlet } from './outlet.ts';
import type { Run } from './run.ts';

export interface GroupOptions {
  readonly run: Run;
  /** It began behind a cursor, so its first events are for one who returned. */
  readonly isReturning: boolean;
  readonly now: () => number;
  /** Changes whenever somebody has changed something through this gateway: then nothing told before counts as new. */
  readonly writes: () => number;
  /**
   * Called when its one member who returned has been told everything up to this place; again when there is more, if it
   * gives false.
   */
  readonly onLevel: (group: Group, position: LogPosition) => boolean;
  /** Called when it has come to its end, or nobody is left. */
  readonly onEnd: (group: Group) => void;
}

/** Subscribers who are told the same. Each event is executed and serialized once for all of them. */
export interface Group {
  /** Whether it has told all that it knows: before, what it looks up may be older than what somebody else was told. */
  readonly isSettled: boolean;
  /** Takes in a subscriber: who has been told nothing is told how things stand, the others go on from there. */
  join(outlet: Outlet): Member;
  /** Takes over the members of another group, who have been told everything up to this place; that other one ends. */
  takeOver(other: Group, from: LogPosition): void;
  /** Gives all its members away, and ends. */
  release(): readonly Member[];
  /** Lets a member go; without any, it ends. */
  leave(member: Member): void;
}

/** For how long what was last told is how things stand: many may come at once, and a source is asked a few times. */
const FRESH_MS = 250;

interface Last extends Told {
  readonly atMs: number;
  readonly writes: number;
  readonly isGap: boolean;
}

interface State {
  readonly options: GroupOptions;
  readonly group: () => Group;
  readonly members: Set<Member>;
  line: Line<MarkedEvent> | undefined;
  /** What was told last, if it shows how things stand. */
  last: Last | undefined;
  /** Events that are being made; the next is told behind them. */
  making: number;
  told: Promise<void>;
  isOver: boolean;
}

async function make(state: State, event: MarkedEvent): Promise<void> {
  const { run, now, writes } = state.options;
  if (state.isOver) return;
  const told = { mark: event.mark, atMs: now(), writes: writes(), isGap: event.gap, payload: await run.execute(event) };
  state.last = told;
  for (const member of state.members) tell(member, told);
}

/** Makes an event and tells it to all, behind those that are being made. */
function tellAll(state: State, event: MarkedEvent): Promise<void> {
  state.making += 1;
  const told = state.told.then(() => make(state, event));
  state.told = told.finally(() => {
    state.making -= 1;
  });
  return state.told;
}

/** It is over for all members; each is told so behind what they have still to read. */
function conclude(state: State, ending: Ending): void {
  if (state.isOver) return;
  state.isOver = true;
  state.options.run.end();
  state.options.onEnd(state.group());
  for (const member of state.members) end(member, ending);
  state.members.clear();
}

function listenForLevel(state: State, line: Line<MarkedEvent>): void {
  line.onLevel((position) => {
    if (!state.options.onLevel(state.group(), position)) listenForLevel(state, line);
  });
}

async function readLine(state: State): Promise<void> {
  const { run, isReturning } = state.options;
  try {
    const line = await run.open();
    state.line = line;
    if (state.isOver) return void (await line.return(undefined));
    if (isReturning) listenForLevel(state, line);
    for await (const event of line) await tellAll(state, event);
    await state.told;
    conclude(state, { errors: undefined });
  } catch (error) {
    conclude(state, { errors: state.members.size > 0 ? run.explain(error) : [] });
  }
}

/** The present state could not be found out: who waits for it is told why, and the others go on. */
function failNew(state: State, error: unknown): void {
  const waiting = [...state.members].filter(({ isNew }) => isNew);
  if (waiting.length === 0) return;
  const errors = state.options.run.explain(error);
  for (const member of waiting) {
    end(member, { errors });
    leave(state, member);
  }
}

/** Whether a newcomer may be told again what was told last, as if it had been looked up for them. */
const isFresh = ({ atMs, writes, isGap }: Last, options: GroupOptions) =>
  !isGap && writes === options.writes() && options.now() - atMs < FRESH_MS;

function showPresent(state: State, member: Member): void {
  const { line, last, options } = state;
  // What comes first is the present state; it is on its way.
  if (!line || (!last && !options.isReturning)) return;
  if (!line.refresh) {
    // There is no present state: they are told what comes from now on.
    member.isNew = false;
    member.from = line.position();
  } else if (last && isFresh(last, options)) {
    tell(member, last);
  } else {
    line.refresh(
      (event) => void tellAll(state, event).catch((error) => failNew(state, error)),
      (error) => failNew(state, error),
    );
  }
}

function leave(state: State, member: Member): void {
  forget(member);
  if (state.members.delete(member) && state.members.size === 0) conclude(state, { errors: undefined });
}

function adopt(state: State, member: Member, from: LogPosition): void {
  state.members.add(member);
  const { last } = state;
  // It may be newer than its place in the log; then the log tells nobody of it again.
  if (last?.mark.isLookedUp) tell(member, { ...last, mark: { ...last.mark, isRepeat: false } });
  member.from = from;
}

function release(state: State): readonly Member[] {
  const members = [...state.members];
  state.members.clear();
  conclude(state, { errors: undefined });
  return members;
}

function isSettled({ line, last, making, options }: State): boolean {
  const hasToLookUp = !options.isReturning && line?.refresh !== undefined;
  return line !== undefined && making === 0 && (last !== undefined || !hasToLookUp);
}

export function openGroup(options: GroupOptions): Group {
  const state: State = {
    ...{ options, group: () => group, members: new Set(), line: undefined, last: undefined },
    ...{ making: 0, told: Promise.resolve(), isOver: false },
  };
  const group: Group = {
    get isSettled() {
      return isSettled(state);
    },
    join: (outlet) => {
      const member = createMember(outlet, group, !options.isReturning || state.line !== undefined);
      state.members.add(member);
      showPresent(state, member);
      return member;
    },
    takeOver: (other, from) => {
      for (const member of other.release()) {
        member.group = group;
        adopt(state, member, from);
      }
    },
    release: () => release(state),
    leave: (member) => leave(state, member),
  };
  void readLine(state);
  return group;
}

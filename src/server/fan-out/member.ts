import type { LogPosition } from '../../progress/cursor.ts';
import type { EventMark } from '../../progress/line.ts';
import type { FormattedError } from '../format-result.ts';
import type { Outlet, ResultBytes } from './outlet.ts';
import type { Payload } from './payload.ts';

/** An event that has been made. */
export interface Told {
  readonly mark: EventMark;
  readonly payload: Payload;
}

/** One subscriber of a group. It holds little: there may be thousands. */
export interface Member {
  readonly outlet: Outlet;
  /** The group that they are in now. */
  group: { leave(member: Member): void };
  /** Whether they have still to be told how things stand. */
  isNew: boolean;
  /** Up to here they have been told everything, by others than the group. */
  from: LogPosition | undefined;
  /** What they have still to be told because they do not read fast enough: of each thing the newest state. */
  waiting: Map<string, Waiting> | undefined;
  /** How it has ended for them, once they have been told the rest. */
  end: Ending | undefined;
}

interface Waiting {
  readonly told: Told;
  readonly kind: 'whole' | 'afterSkips' | 'afterLoss';
}

/** Over, or failed with these errors. */
export interface Ending {
  readonly errors: readonly FormattedError[] | undefined;
}

/** Things of which one member's newest states wait at most; when there are more, they are told of a gap instead. */
const MAX_WAITING = 1_000;

/** No thing has this name. */
const LOSS = '';

export const createMember = (outlet: Outlet, group: Member['group'], isNew: boolean): Member => ({
  ...{ outlet, group, isNew, from: undefined, waiting: undefined, end: undefined },
});

/** Whether somebody else has told them of it. */
const isTold = ({ from }: Member, { position }: EventMark) =>
  from !== undefined && from.epoch === position.epoch && position.sequence <= from.sequence;

function bytesOf({ told: { payload }, kind }: Waiting): ResultBytes {
  if (kind === 'whole') return payload.bytes;
  return kind === 'afterSkips' ? payload.afterSkips() : payload.afterLoss();
}

function conclude({ outlet }: Member, { errors }: Ending): void {
  if (errors) outlet.fail(errors);
  else outlet.complete();
}

/** Writes what waits, as far as the client reads. */
function flush(member: Member): void {
  const { outlet, waiting = new Map<string, Waiting>(), end } = member;
  for (const [place, next] of waiting) {
    if (!outlet.isReady) {
      outlet.whenReady(() => flush(member));
      return;
    }
    waiting.delete(place);
    outlet.next(bytesOf(next));
  }
  member.waiting = undefined;
  if (end) conclude(member, end);
}

/**
 * Keeps an event until it can be written. Things wait in the order of their newest states: whatever has a lower place in
 * the log has been written by then, or is told by something newer, so whoever returns with the cursor of what they read
 * last misses nothing.
 */
function keep(member: Member, told: Told): void {
  if (!member.waiting) {
    member.waiting = new Map();
    member.outlet.whenReady(() => flush(member));
  }
  const { waiting } = member;
  const { thing } = told.mark;
  const before = waiting.get(thing);
  if (!before && waiting.size >= MAX_WAITING) {
    waiting.clear();
    waiting.set(LOSS, { told, kind: 'afterLoss' });
    return;
  }
  waiting.delete(thing);
  waiting.set(thing, { told, kind: before ? 'afterSkips' : 'whole' });
}

/** Tells a member of an event, if they have not been told of it: at once, or when they have read what was before. */
export function tell(member: Member, told: Told): void {
  const { mark, payload } = told;
  if (member.end || (mark.isRepeat && !member.isNew) || isTold(member, mark)) return;
  member.isNew = false;
  member.from = undefined;
  if (member.waiting || !member.outlet.isReady) keep(member, told);
  else member.outlet.next(payload.bytes);
}

/** Tells a member that nothing more comes, behind what they have still to read. */
export function end(member: Member, ending: Ending): void {
  if (member.end) return;
  member.end = ending;
  if (!member.waiting) conclude(member, ending);
}

/** Forgets what waits for somebody who has gone. */
export function forget(member: Member): void {
  member.waiting = undefined;
  member.end ??= { errors: undefined };
}

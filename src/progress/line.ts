import type { LogPosition } from './cursor.ts';

/** What an event says about itself to whoever hands it on to many. */
export interface EventMark {
  /** The thing that it is about. It says all that an earlier event about the same thing said. */
  readonly thing: string;
  /** The newest place in the log that it tells of. */
  readonly position: LogPosition;
  /** It was looked up, so that it may be newer than its place in the log. */
  readonly isLookedUp: boolean;
  /** It says nothing new: only who has just come is told. */
  readonly isRepeat: boolean;
}

export interface MarkedEvent {
  /** Whether something may have happened unseen before it. */
  readonly gap: boolean;
  readonly mark: EventMark;
}

/** What a line offers beside its events, so that one may serve many. */
export interface LineControls<E> {
  /** Where the log is now: who comes now has no claim to what was before. */
  position(): LogPosition;
  /**
   * Finds out how the thing stands, for those who have just come. Calls `tell` at once when that is known, unless an
   * event has told it meanwhile. undefined where there is no present state to tell.
   */
  readonly refresh: ((tell: (event: E) => void, fail: (error: unknown) => void) => void) | undefined;
  /**
   * Calls back, once, when everything up to this place in the log has been told and nothing newer. Whoever has read so
   * far may go on with another line of the same things from there.
   */
  onLevel(act: (position: LogPosition) => void): void;
}

/** The events of a subscription in one order that is the same for everybody who hears them. */
export type Line<E> = AsyncGenerator<E> & LineControls<E>;

export const toLine = <E>(events: AsyncGenerator<E>, controls: LineControls<E>): Line<E> =>
  Object.assign(events, controls);

/** The controls of a line, and the hand of whoever makes its events. */
export interface LineHand<E> {
  readonly controls: LineControls<E>;
  /** Called when everything that was to be told has been told, and nothing newer. */
  noteLevel(): void;
}

/** @param lookAgain finds the present state; undefined when an event has told it meanwhile */
export function createLineHand<E>(
  position: () => LogPosition,
  lookAgain: (() => Promise<E | undefined>) | undefined,
): LineHand<E> {
  let isLooking = false;
  let onLevel: ((position: LogPosition) => void) | undefined;
  const refresh = (look: () => Promise<E | undefined>): LineControls<E>['refresh'] => {
    return (tell, fail) => {
      // Whoever comes while it is looked up is told what is found.
      if (isLooking) return;
      isLooking = true;
      look()
        .finally(() => {
          isLooking = false;
        })
        .then((event) => event && tell(event), fail);
    };
  };
  return {
    controls: {
      position,
      refresh: lookAgain && refresh(lookAgain),
      onLevel: (act) => {
        onLevel = act;
      },
    },
    noteLevel: () => {
      const act = onLevel;
      onLevel = undefined;
      act?.(position());
    },
  };
}

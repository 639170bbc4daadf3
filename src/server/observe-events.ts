import type { SharedEvents } from './fan-out/outlet.ts';
import type { Observation, OperationObserver } from './operation-log.ts';

/** Events that are served together with others, as far as one of their subscribers is told them. */
export const observeEvents = (
  observer: OperationObserver,
  observation: Observation,
  events: SharedEvents,
): SharedEvents => ({
  group: events.group,
  follow: (outlet) => {
    observation.group = events.group;
    observer.open(observation);
    const leave = events.follow({
      get isReady() {
        return outlet.isReady;
      },
      whenReady: outlet.whenReady,
      next: (result) => {
        observer.tell(observation);
        outlet.next(result);
      },
      fail: (errors) => {
        observer.end(observation, errors);
        outlet.fail(errors);
      },
      complete: () => {
        observer.end(observation);
        outlet.complete();
      },
    });
    return () => {
      observer.end(observation);
      leave();
    };
  },
});

import type { Job } from './job.ts';
import type { TransferResponse } from './render.ts';

/** What a client wants to hear of: a `RegistrationRequest`. */
export interface Registration {
  readonly transferId: readonly string[];
  readonly filters: readonly RegistrationFilter[];
}

export interface RegistrationFilter {
  readonly operator: 'OR' | 'AND';
  readonly eventType: readonly string[];
  readonly transferId: readonly string[];
  readonly cookie: readonly string[];
  readonly tags64: readonly string[];
  readonly direction: string;
  readonly cookieRegex: string;
  readonly transferType: readonly string[];
  readonly transferStatus: readonly string[];
}

/** One client that listens. */
export interface Monitor {
  readonly registration: Registration;
  tell(response: TransferResponse): void;
  /** Ends the stream as a broken connection would. */
  fail(): void;
}

export interface Monitors {
  readonly size: number;
  /** Gives what takes the monitor out again. */
  add(monitor: Monitor): () => void;
  publish(response: TransferResponse): void;
  /** Breaks all streams; the clients have to come again. */
  breakAll(): void;
}

/** Conditions of a filter that are given, each as whether the event meets it. */
function conditions(filter: RegistrationFilter, event: TransferResponse): readonly boolean[] {
  const { transferInfo: info } = event;
  const given: boolean[] = [];
  const check = (list: readonly string[], value: string) => {
    if (list.length > 0) given.push(list.includes(value));
  };
  check(filter.eventType, event.transferEvent);
  check(filter.transferId, event.transferId);
  check(filter.cookie, info.cookie);
  check(filter.tags64, info.tags64);
  check(filter.transferType, event.transferType);
  check(filter.transferStatus, event.status);
  check(filter.direction === '' ? [] : [filter.direction], info.direction);
  if (filter.cookieRegex !== '') given.push(new RegExp(filter.cookieRegex).test(info.cookie));
  return given;
}

function passes(filter: RegistrationFilter, event: TransferResponse): boolean {
  const given = conditions(filter, event);
  return filter.operator === 'AND' ? given.length > 0 && given.every(Boolean) : given.some(Boolean);
}

/** Whether a client hears of an event: the ids it named, and each of its filters, are alternatives. */
const hears = ({ transferId, filters }: Registration, event: TransferResponse): boolean =>
  transferId.includes(event.transferId) || filters.some((filter) => passes(filter, event));

/** Whether a client named the transfer itself: it then hears at once how it stands. */
export const names = ({ transferId, filters }: Registration, { id }: Job): boolean =>
  transferId.includes(id) || filters.some((filter) => filter.transferId.includes(id));

export function createMonitors(): Monitors {
  const monitors = new Set<Monitor>();
  return {
    get size() {
      return monitors.size;
    },
    add: (monitor) => {
      monitors.add(monitor);
      return () => monitors.delete(monitor);
    },
    publish: (response) => {
      for (const monitor of monitors) if (hears(monitor.registration, response)) monitor.tell(response);
    },
    breakAll: () => {
      for (const monitor of [...monitors]) monitor.fail();
      monitors.clear();
    },
  };
}

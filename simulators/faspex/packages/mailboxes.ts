import type { Delivery, Package } from '../package.ts';
import { hasReceived, isDirect, isSender, reaches, type Sight } from './access.ts';
import { isRevealed } from './status.ts';

export type Mailbox =
  | 'inbox'
  | 'inbox_history'
  | 'inbox_all'
  | 'inbox_all_history'
  | 'outbox'
  | 'outbox_history'
  | 'pending'
  | 'pending_history'
  | 'all'
  | 'global';

type Rule = (sight: Sight, pkg: Package) => boolean;

const received =
  (through: (sight: Sight, delivery: Delivery) => boolean, isArchived: boolean): Rule =>
  (sight, pkg) =>
    isRevealed(pkg, sight.now) &&
    pkg.deliveries.some(
      (delivery) => through(sight, delivery) && delivery.archivedBy.has(sight.user.id) === isArchived,
    );

const sent =
  (isArchived: boolean): Rule =>
  (sight, pkg) =>
    isSender(sight, pkg) && pkg.isArchivedBySender === isArchived;

/** Not released yet. What exactly Faspex counts as pending is not documented: this is the plain reading. */
const isPending = ({ state }: Package) =>
  state === 'held' || state === 'transient_file_processing' || state.startsWith('transient_held_to_released');

const pending =
  (isArchived: boolean): Rule =>
  (sight, pkg) =>
    sent(isArchived)(sight, pkg) && isPending(pkg);

/** What each mailbox holds (aspera-apps-api.md §5.1); a history holds what its user has archived. */
export const mailboxes: Readonly<Record<Mailbox, Rule>> = {
  inbox: received(isDirect, false),
  inbox_history: received(isDirect, true),
  inbox_all: received(reaches, false),
  inbox_all_history: received(reaches, true),
  outbox: sent(false),
  outbox_history: sent(true),
  pending: pending(false),
  pending_history: pending(true),
  all: (sight, pkg) => isSender(sight, pkg) || hasReceived(sight, pkg),
  global: () => true,
};

export const isMailbox = (name: string): name is Mailbox => Object.hasOwn(mailboxes, name);

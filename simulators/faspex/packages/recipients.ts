import { addUser, externalRights } from '../account/add-user.ts';
import { maySendTo, maySubmitTo } from '../account/contacts.ts';
import { contactsOf, listsOf } from '../account/distribution-lists.ts';
import { refusal } from '../errors.ts';
import { type Fields, isObject, stringField } from '../fields.ts';
import type { Group, GroupKind, User } from '../model.ts';
import type { Delivery } from '../package.ts';
import { findUser, type World } from '../world.ts';

/** Wider than the OpenAPI enum: ascli and the examples use all five (aspera-apps-api.md part F). */
const RECIPIENT_TYPES = ['user', 'external_user', 'workgroup', 'shared_inbox', 'distribution_list'] as const;
type RecipientType = (typeof RECIPIENT_TYPES)[number];

interface Addressing {
  readonly world: World;
  readonly sender: User;
  readonly isPrivate: boolean;
}

const unknownRecipient = () =>
  refusal(400, 1009, 'The value of the package recipients or private_recipients is invalid.');

const toUser = ({ isPrivate }: Addressing, user: User): Delivery => ({
  kind: 'user',
  id: user.id,
  isPrivate,
  archivedBy: new Set(),
});

/** An outsider becomes a contact the first time somebody sends to them. */
function inviteExternal({ world, sender }: Addressing, email: string): User {
  if (!/^[^@\s]+@[^@\s]+$/.test(email)) throw unknownRecipient();
  if (!sender.sendsToExternal) throw refusal(400, 1058, 'The user may not send to external users.');
  return addUser(world, ['', '', email], externalRights);
}

function resolveUser(addressing: Addressing, name: string, type: 'user' | 'external_user'): Delivery {
  const { world, sender } = addressing;
  const known = findUser(world, name);
  if (!known && type === 'external_user') return toUser(addressing, inviteExternal(addressing, name));
  if (!known?.active) throw unknownRecipient();
  if (known.type === 'external_user' && !sender.sendsToExternal) {
    throw refusal(400, 1058, 'The user may not send to external users.');
  }
  if (!maySendTo(world, sender, known)) throw refusal(400, 1060, 'The user may not send to Faspex users.');
  return toUser(addressing, known);
}

function resolveGroup({ world, sender, isPrivate }: Addressing, name: string, kind: GroupKind): Delivery {
  const wanted = name.toLowerCase();
  const group = [...world.groups.values()].find(
    (candidate: Group) => candidate.kind === kind && candidate.name.toLowerCase() === wanted,
  );
  if (!group) throw unknownRecipient();
  if (!maySubmitTo(sender, group)) {
    if (kind === 'shared_inbox') throw refusal(400, 1057, 'The user is not a member of the shared inbox.');
    throw unknownRecipient();
  }
  return { kind, id: group.id, isPrivate, archivedBy: new Set() };
}

/** Overlapping lists give one delivery each: Faspex does not merge them (aspera-apps-api.md part E, 9). */
function resolveList(addressing: Addressing, name: string): readonly Delivery[] {
  const wanted = name.toLowerCase();
  const list = listsOf(addressing.world, addressing.sender).find(
    (candidate) => candidate.name.toLowerCase() === wanted,
  );
  if (!list) throw unknownRecipient();
  return contactsOf(addressing.world, list).map((user) => toUser(addressing, user));
}

function resolve(addressing: Addressing, name: string, type: RecipientType): readonly Delivery[] {
  switch (type) {
    case 'user':
    case 'external_user':
      return [resolveUser(addressing, name, type)];
    case 'workgroup':
    case 'shared_inbox':
      return [resolveGroup(addressing, name, type)];
    case 'distribution_list':
      return resolveList(addressing, name);
  }
}

function readRecipient(addressing: Addressing, entry: unknown): readonly Delivery[] {
  if (!isObject(entry)) throw refusal(400, 1053, 'Every recipient must be an object.');
  const type = stringField(entry, 'recipient_type') ?? 'user';
  const known = RECIPIENT_TYPES.find((candidate) => candidate === type);
  const name = stringField(entry, 'name');
  if (!known || !name) throw unknownRecipient();
  return resolve(addressing, name, known);
}

function readArray(fields: Fields, name: string): readonly unknown[] {
  const value = fields[name] ?? [];
  if (!Array.isArray(value)) throw refusal(400, 1053, `${name} must be an array of objects.`);
  return value;
}

/** Resolves `recipients` and `private_recipients` of a new package (aspera-apps-api.md §5.3), at least one of them. */
export function readRecipients(world: World, sender: User, fields: Fields): readonly Delivery[] {
  const deliveries = [
    ...readArray(fields, 'recipients').flatMap((entry) => readRecipient({ world, sender, isPrivate: false }, entry)),
    ...readArray(fields, 'private_recipients').flatMap((entry) =>
      readRecipient({ world, sender, isPrivate: true }, entry),
    ),
  ];
  if (deliveries.length === 0) throw refusal(400, 1115, 'A package needs at least one valid recipient.');
  return deliveries;
}

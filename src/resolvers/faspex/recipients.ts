import type { BoundFaspex } from '../../context/context.ts';
import type { FaspexContact, FaspexNewRecipient, FaspexRecipientType } from '../../sources/faspex/types.ts';
import { SourceError } from '../../transport/source-error.ts';
import { AmbiguousRecipientError, InvalidInputError, type RecipientCandidate } from '../errors.ts';

export type NewRecipientType = Exclude<FaspexRecipientType, 'OTHER'>;

export interface RecipientInput {
  readonly name: string;
  readonly recipientType?: NewRecipientType | null | undefined;
}

/** The recipients of a new package, as Faspex wants them. */
export interface ResolvedRecipients {
  readonly recipients: readonly FaspexNewRecipient[];
  readonly privateRecipients: readonly FaspexNewRecipient[];
}

/** Contacts asked for in one look-up: as many as IBM's own client asks for (aspera-apps-api.md §10). */
const CONTACTS = 1_000;

/** Candidates named in an error. */
const MAX_CANDIDATES = 20;

/** Look-ups under way at a time. */
const LOOKUPS = 6;

const invalid = (message: string) => new InvalidInputError(message, { code: 'BAD_INPUT' });

const isSame = (left: string | undefined, right: string) => left?.toLowerCase() === right.toLowerCase();

const toCandidate = (contact: FaspexContact): RecipientCandidate => ({
  name: contact.name,
  recipientId: contact.contactId,
  recipientType: contact.contactType,
  email: contact.email,
});

/** A contact that can be sent to as what it is: a kind without a name here would be taken for a user. */
function toRecipient({ contactType, name }: FaspexContact): FaspexNewRecipient | undefined {
  return contactType === 'OTHER' ? undefined : { name, recipientType: contactType };
}

/**
 * Finds who is meant by a name alone. Faspex finds parts of words (aspera-apps-api.md §4), so only a contact whose
 * name or e-mail address is exactly this one counts; a near hit is never sent to.
 */
async function findRecipient(faspex: BoundFaspex, name: string): Promise<FaspexNewRecipient> {
  const { items } = await faspex.client.contacts({ search: name, limit: CONTACTS });
  const contacts = items.filter((item): item is FaspexContact => !(item instanceof SourceError));
  const byName = contacts.filter((contact) => isSame(contact.name, name));
  const exact = byName.length > 0 ? byName : contacts.filter((contact) => isSame(contact.email, name));
  const [only] = exact;
  const found = only && exact.length === 1 ? toRecipient(only) : undefined;
  if (found) return found;
  const source = faspex.source.name;
  const candidates = (exact.length > 0 ? exact : contacts).slice(0, MAX_CANDIDATES).map(toCandidate);
  if (candidates.length > 0) {
    const message = `It is not clear who is meant by "${name}". Name one of the candidates exactly, with its type.`;
    throw new AmbiguousRecipientError(message, candidates, source);
  }
  const message = `Nobody named "${name}" can be sent to. Search with \`contacts\`, or give \`recipientType\` to send as it is.`;
  throw new SourceError('NOT_FOUND', message, { source });
}

const keyOf = ({ name, recipientType }: FaspexNewRecipient) => `${recipientType ?? ''}/${name.toLowerCase()}`;

/** Faspex does not merge a recipient that is named twice (aspera-apps-api.md part E, 9). */
const withoutDoubles = (recipients: readonly FaspexNewRecipient[]) => [
  ...new Map(recipients.map((recipient) => [keyOf(recipient), recipient])).values(),
];

function refuseExposed({ recipients, privateRecipients }: ResolvedRecipients): void {
  const open = new Set(recipients.map(keyOf));
  const exposed = privateRecipients.find((recipient) => open.has(keyOf(recipient)));
  if (exposed) throw invalid(`"${exposed.name}" is in \`recipients\` and in \`privateRecipients\`: name them in one.`);
}

function readNames(inputs: readonly RecipientInput[]): readonly RecipientInput[] {
  return inputs.map(({ name, recipientType }) => {
    if (name.trim() === '') throw invalid('The `name` of a recipient is blank.');
    return { name: name.trim(), recipientType };
  });
}

/** Looks up each name that has no type, once however often it is given, a few at a time. */
async function lookUp(faspex: BoundFaspex, inputs: readonly RecipientInput[]) {
  const names = [...new Set(inputs.filter(({ recipientType }) => recipientType == null).map(({ name }) => name))];
  const found = new Map<string, FaspexNewRecipient>();
  for (let start = 0; start < names.length; start += LOOKUPS) {
    const some = names.slice(start, start + LOOKUPS);
    await Promise.all(some.map(async (name) => found.set(name, await findRecipient(faspex, name))));
  }
  return ({ name, recipientType }: RecipientInput): FaspexNewRecipient =>
    found.get(name) ?? { name, ...(recipientType == null ? {} : { recipientType }) };
}

/** Recipients as Faspex wants them. One call for each that is given by name alone; none for those with a type. */
export async function resolveRecipients(
  faspex: BoundFaspex,
  open: readonly RecipientInput[],
  secret: readonly RecipientInput[],
): Promise<ResolvedRecipients> {
  const [openNames, secretNames] = [readNames(open), readNames(secret)];
  const resolve = await lookUp(faspex, [...openNames, ...secretNames]);
  const resolved = {
    recipients: withoutDoubles(openNames.map(resolve)),
    privateRecipients: withoutDoubles(secretNames.map(resolve)),
  };
  refuseExposed(resolved);
  return resolved;
}

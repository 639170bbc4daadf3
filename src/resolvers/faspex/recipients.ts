import type { BoundFaspex } from '../../context/context.ts';
import type { FaspexContact, FaspexNewRecipient, FaspexRecipientType } from '../../sources/faspex/types.ts';
import { SourceError } from '../../transport/source-error.ts';
import { AmbiguousRecipientError, type RecipientCandidate } from '../errors.ts';

export type NewRecipientType = Exclude<FaspexRecipientType, 'OTHER'>;

export interface RecipientInput {
  readonly name: string;
  readonly recipientType?: NewRecipientType | null | undefined;
}

const isSame = (left: string | undefined, right: string) => left?.toLowerCase() === right.toLowerCase();

const toCandidate = (contact: FaspexContact): RecipientCandidate => ({
  name: contact.name,
  recipientType: contact.contactType,
  email: contact.email,
});

const isError = (item: unknown): item is SourceError => item instanceof SourceError;

/**
 * Finds who is meant by a name alone. Faspex finds parts of words (aspera-apps-api.md §4), so only a contact whose
 * name or e-mail address is exactly this one counts; a near hit is never sent to.
 */
async function findRecipient(faspex: BoundFaspex, name: string): Promise<FaspexNewRecipient> {
  const { items } = await faspex.client.contacts({ search: name });
  const contacts = items.filter((item): item is FaspexContact => !isError(item));
  const byName = contacts.filter((contact) => isSame(contact.name, name));
  const exact = byName.length > 0 ? byName : contacts.filter((contact) => isSame(contact.email, name));
  const [only] = exact;
  if (only && exact.length === 1) {
    return { name: only.name, recipientType: only.contactType === 'OTHER' ? undefined : only.contactType };
  }
  const source = faspex.source.name;
  const candidates = (exact.length > 0 ? exact : contacts).map(toCandidate);
  if (candidates.length > 0) throw new AmbiguousRecipientError(name, candidates, source);
  const message = `Nobody named "${name}" can be sent to. Search with \`contacts\`, or give \`recipientType\` to send as it is.`;
  throw new SourceError('NOT_FOUND', message, { source });
}

/** Recipients as Faspex wants them. One call for each that is given by name alone; none for those with a type. */
export function resolveRecipients(
  faspex: BoundFaspex,
  recipients: readonly RecipientInput[],
): Promise<readonly FaspexNewRecipient[]> {
  return Promise.all(
    recipients.map(({ name, recipientType }) =>
      recipientType == null ? findRecipient(faspex, name) : Promise.resolve({ name, recipientType }),
    ),
  );
}

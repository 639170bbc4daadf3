import type { BoundFaspex } from '../../context/context.ts';
import type { FaspexContact } from '../../sources/faspex/types.ts';
import type { Connection, PageArguments } from '../connection.ts';
import { listByOffset } from './list-by-offset.ts';
import type { NewRecipientType } from './recipients.ts';

export interface ContactsArguments extends PageArguments {
  readonly search?: string | null | undefined;
  readonly types?: readonly NewRecipientType[] | null | undefined;
}

/** A page of those whom the viewer can send to. One upstream call. */
export function listContacts(faspex: BoundFaspex, args: ContactsArguments): Promise<Connection<FaspexContact>> {
  const { client, source, identity } = faspex;
  const search = args.search ?? undefined;
  const contactTypes = args.types?.length ? args.types : undefined;
  return listByOffset({
    binding: ['faspex.contacts', source.name, identity.key, search ?? null, contactTypes ?? null],
    args,
    read: (part) => client.contacts({ search, contactTypes, ...part }),
    // Users, groups and lists are counted each from 1.
    idOf: ({ contactType, contactId }) => `${contactType}/${contactId}`,
    toNode: (contact) => contact,
  });
}

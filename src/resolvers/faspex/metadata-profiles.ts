import type { BoundFaspex } from '../../context/context.ts';
import type { FaspexMetadataProfile } from '../../sources/faspex/types.ts';
import { SourceError } from '../../transport/source-error.ts';
import type { Connection } from '../connection.ts';
import type { SearchArguments } from './groups.ts';
import { listByOffset } from './list-by-offset.ts';

/** A page of the forms that senders fill in. One upstream call. */
export function listMetadataProfiles(
  { client, source, identity }: BoundFaspex,
  args: SearchArguments,
): Promise<Connection<FaspexMetadataProfile>> {
  const search = args.search ?? undefined;
  return listByOffset({
    binding: ['faspex.metadataProfiles', source.name, identity.key, search ?? null],
    args,
    read: (part) => client.metadataProfiles({ search, ...part }),
    idOf: ({ profileId }) => profileId,
    toNode: (profile) => profile,
  });
}

/** The id that Faspex gives to whatever form is the default one (aspera-apps-api.md §9). */
const DEFAULT_PROFILE = 'default';

/** One form, the default one when no id is given; null when it is not there. One upstream call. */
export async function metadataProfileById(
  { client }: BoundFaspex,
  profileId: string | null | undefined,
): Promise<FaspexMetadataProfile | null> {
  try {
    return await client.metadataProfile(profileId ?? DEFAULT_PROFILE);
  } catch (error) {
    if (error instanceof SourceError && error.code === 'NOT_FOUND') return null;
    throw error;
  }
}

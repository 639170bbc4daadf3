import { readContact, readGroup, readMember, readMetadataProfile } from '../read-directory.ts';
import type {
  FaspexContact,
  FaspexContactType,
  FaspexGroup,
  FaspexGroupKind,
  FaspexMember,
  FaspexMetadataProfile,
  FaspexPackage,
  Page,
} from '../types.ts';
import { API, askFor, askForPage, type Exchange, type PageRequest, segment } from './exchange.ts';
import { packageReader } from './packages.ts';

type KnownContactType = Exclude<FaspexContactType, 'OTHER'>;

export interface ContactQuery extends PageRequest {
  /** Text in e-mail address, username, names or profile. The server finds parts of words: compare names for one match. */
  readonly search?: string | undefined;
  /** All kinds when left out. */
  readonly contactTypes?: readonly KnownContactType[] | undefined;
}

export interface GroupQuery extends PageRequest {
  readonly search?: string | undefined;
}

/** A page of the packages of a shared inbox or workgroup; the server filters these by less. */
export interface GroupPackageQuery extends PageRequest {
  readonly search?: string | undefined;
  readonly vendorStatus?: string | undefined;
  /** The archived ones instead of the present ones. */
  readonly history?: boolean | undefined;
}

const allContactTypes: readonly KnownContactType[] = [
  'USER',
  'WORKGROUP',
  'EXTERNAL_USER',
  'DISTRIBUTION_LIST',
  'SHARED_INBOX',
];

const collections: Readonly<Record<FaspexGroupKind, string>> = {
  SHARED_INBOX: 'shared_inboxes',
  WORKGROUP: 'workgroups',
};

const groupPath = (exchange: Exchange, kind: FaspexGroupKind, groupId: string) =>
  `${API}/${collections[kind]}/${segment(exchange, groupId)}`;

/** Whom one can send to, and what they want to be told (aspera-apps-api.md §4, §6, §9). */
export const createDirectoryReads = (exchange: Exchange) => ({
  /** People and groups that the caller can send to. */
  contacts: ({ search, contactTypes = allContactTypes, ...part }: ContactQuery = {}): Promise<Page<FaspexContact>> => {
    const types = contactTypes.map((type) => type.toLowerCase());
    const query = { context: 'packages', 'type[]': types, q: search || undefined };
    const reader = { key: 'contacts', read: readContact };
    return askForPage(exchange, { operation: 'faspex.contacts', path: `${API}/contacts`, query }, part, reader);
  },
  /** The shared inboxes or the workgroups of the caller. */
  groups: (kind: FaspexGroupKind, { search, ...part }: GroupQuery = {}): Promise<Page<FaspexGroup>> => {
    const reader = { key: collections[kind], read: readGroup };
    const request = {
      operation: 'faspex.groups',
      path: `${API}/${collections[kind]}`,
      query: { q: search || undefined },
    };
    return askForPage(exchange, request, part, reader);
  },
  groupMembers: async (kind: FaspexGroupKind, groupId: string, part: PageRequest = {}): Promise<Page<FaspexMember>> => {
    const request = { operation: 'faspex.groupMembers', path: `${groupPath(exchange, kind, groupId)}/members` };
    return askForPage(exchange, request, part, { key: 'members', read: readMember });
  },
  /** The packages that a shared inbox or workgroup received; members who may only submit are refused. */
  groupPackages: async (
    kind: FaspexGroupKind,
    groupId: string,
    { search, vendorStatus, history, ...part }: GroupPackageQuery = {},
  ): Promise<Page<FaspexPackage>> => {
    const query = { q: search || undefined, status: vendorStatus, view_history: history };
    const request = {
      operation: 'faspex.groupPackages',
      path: `${groupPath(exchange, kind, groupId)}/packages`,
      query,
    };
    return askForPage(exchange, request, part, packageReader);
  },
  /** The forms that senders fill in. */
  metadataProfiles: ({ search, ...part }: GroupQuery = {}): Promise<Page<FaspexMetadataProfile>> => {
    const path = `${API}/configuration/metadata_profiles`;
    const reader = { key: 'profiles', read: readMetadataProfile };
    const request = { operation: 'faspex.metadataProfiles', path, query: { q: search || undefined } };
    return askForPage(exchange, request, part, reader);
  },
  /** One form; `default` is the id of the one that applies where an inbox has none of its own. */
  metadataProfile: async (profileId: string): Promise<FaspexMetadataProfile> => {
    const path = `${API}/configuration/metadata_profiles/${segment(exchange, profileId)}`;
    const request = { operation: 'faspex.metadataProfile', method: 'GET', path, repeat: 'safe' } as const;
    return askFor(exchange, request, readMetadataProfile);
  },
});

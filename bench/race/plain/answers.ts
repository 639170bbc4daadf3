import type { WireEntry, WirePackage, WirePerson, WireRecipient } from './wire.ts';

/** What all servers of the race answer, made by hand as for one endpoint: the members that the operations ask for. */

/** Names of the sources in the gateway's configuration; they are part of global ids. */
export const FASPEX = 'faspex';
export const NODE = 'node';

export interface Person {
  readonly userId: string | null;
  readonly name: string | null;
  readonly email: string | null;
}

export interface Recipient {
  readonly recipientId: string | null;
  readonly recipientType: string;
  readonly name: string | null;
  readonly email: string | null;
}

export interface PackageAnswer {
  readonly id: string;
  readonly packageId: string;
  readonly title: string;
  readonly note: string | null;
  readonly status: string;
  readonly createdAt: string | null;
  readonly sizeBytes: number | null;
  readonly fileCount: number | null;
  readonly sender: Person | null;
  readonly recipients: readonly Recipient[];
}

export interface FolderAnswer {
  readonly id: string;
  readonly path: string;
  readonly name: string;
  readonly type: string;
  readonly sizeBytes: number | null;
  readonly modifiedAt: string | null;
}

const globalId = (type: string, source: string, local: string) =>
  Buffer.from(`${type}:${source}/${encodeURIComponent(local)}`).toString('base64');

/** Faspex writes `+0000` behind milliseconds, nodes leave the milliseconds out. */
function instant(text: string | null | undefined): string | null {
  if (!text) return null;
  return text.endsWith('+0000') ? `${text.slice(0, -5)}Z` : new Date(text).toISOString();
}

const statuses: Readonly<Record<string, string>> = {
  pre_initiation: 'STARTING',
  starting: 'STARTING',
  uploading: 'UPLOADING',
  transferring: 'UPLOADING',
  paused: 'PAUSED',
  processing: 'PROCESSING',
  uploaded_for_processing: 'PROCESSING',
  uploaded_for_file_processing: 'PROCESSING',
  checking_relays: 'PROCESSING',
  relaying: 'PROCESSING',
  completed: 'AVAILABLE',
  expiring: 'EXPIRED',
  deleting: 'DELETING',
  deleted: 'DELETED',
  failed: 'FAILED',
  file_processing_failed: 'FAILED',
  file_processing_timed_out: 'FAILED',
};

const recipientTypes: Readonly<Record<string, string>> = {
  user: 'USER',
  external_user: 'EXTERNAL_USER',
  workgroup: 'WORKGROUP',
  shared_inbox: 'SHARED_INBOX',
  distribution_list: 'DISTRIBUTION_LIST',
};

const toPerson = ({ id, name, email }: WirePerson): Person => ({
  userId: id ?? null,
  name: name || null,
  email: email || null,
});

const toRecipient = ({ id, recipient_type, name, email }: WireRecipient): Recipient => ({
  recipientId: id ?? null,
  recipientType: recipientTypes[recipient_type ?? 'user'] ?? 'OTHER',
  name: name || null,
  email: email || null,
});

export const toPackage = (pkg: WirePackage): PackageAnswer => ({
  id: globalId('FaspexPackage', FASPEX, pkg.id),
  packageId: pkg.id,
  title: pkg.title,
  note: pkg.note || null,
  status: statuses[pkg.status] ?? 'UNKNOWN',
  createdAt: instant(pkg.created_time),
  sizeBytes: pkg.total_bytes ?? null,
  fileCount: pkg.total_files ?? null,
  sender: pkg.sender ? toPerson(pkg.sender) : null,
  recipients: pkg.recipients.map(toRecipient),
});

/** Where Faspex has the files of a package put (aspera-apps-api.md §5.5). */
export const folderOf = ({ title, package_uuid }: Pick<WirePackage, 'title' | 'package_uuid'>): string =>
  `/${title.replaceAll(':', '_')} - ${package_uuid}.aspera-package`;

const fileTypes: Readonly<Record<string, string>> = {
  file: 'FILE',
  directory: 'DIRECTORY',
  symbolic_link: 'SYMBOLIC_LINK',
};

/** Null for what the node does not find. */
export function toFolder(entry: WireEntry | undefined): FolderAnswer | null {
  if (!entry || entry.error) return null;
  return {
    id: globalId('AsperaFile', NODE, entry.path),
    path: entry.path,
    name: entry.basename,
    type: fileTypes[entry.type] ?? 'OTHER',
    sizeBytes: entry.type === 'directory' ? null : entry.size,
    modifiedAt: instant(entry.mtime),
  };
}

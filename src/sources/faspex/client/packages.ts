import { readDownloadDetails, readEvent, readUploadDetails } from '../read-details.ts';
import { readPackage } from '../read-package.ts';
import type {
  FaspexDownloadDetails,
  FaspexEvent,
  FaspexMailbox,
  FaspexPackage,
  FaspexPackageFilter,
  FaspexUploadDetails,
  Page,
} from '../types.ts';
import { API, askFor, askForPage, type Exchange, type PageRequest, segment } from './exchange.ts';

/** A page of a mailbox. */
export interface PackageQuery extends PageRequest {
  readonly mailbox: FaspexMailbox;
  readonly filter?: FaspexPackageFilter | undefined;
}

export const packageReader = { key: 'packages', read: readPackage };

/** Ranges are `gte:` and `lte:` values joined by a comma (aspera-apps-api.md §1, OpenAPI `created_time`). */
function range(after: Date | undefined, before: Date | undefined): string | undefined {
  const bounds = [after && `gte:${after.toISOString()}`, before && `lte:${before.toISOString()}`];
  return bounds.filter((bound) => bound !== undefined).join(',') || undefined;
}

const joined = (ids: readonly string[] | undefined) => ids?.join(',') || undefined;

const filterQuery = (filter: FaspexPackageFilter) => ({
  q: filter.search || undefined,
  status: filter.vendorStatus,
  upload_status: filter.uploadStatus,
  created_time: range(filter.createdAfter, filter.createdBefore),
  upload_completion_time: range(filter.uploadedAfter, filter.uploadedBefore),
  // The OpenAPI document types this one filter as a day.
  changed_since_date: filter.changedSince?.toISOString().slice(0, 10),
  workgroup_ids: joined(filter.workgroupIds),
  shared_inbox_ids: joined(filter.sharedInboxIds),
  ignore_deleted: filter.ignoreDeleted,
  release_policy: filter.releasePolicy?.toLowerCase(),
});

/** The administrator's list has no mailbox in its path (aspera-apps-api.md §5.1). */
const mailboxPath = (mailbox: FaspexMailbox) =>
  mailbox === 'ADMIN' ? `${API}/packages` : `${API}/${mailbox.toLowerCase()}/packages`;

const get = (operation: string, path: string) => ({ operation, path, method: 'GET', repeat: 'safe' }) as const;

/** Reads packages (aspera-apps-api.md §5.1, §5.2, §5.4). */
export const createPackageReads = (exchange: Exchange) => ({
  /** The packages of a mailbox, newest first as the server sorts them. */
  listPackages: ({ mailbox, filter = {}, ...part }: PackageQuery): Promise<Page<FaspexPackage>> => {
    const request = { operation: 'faspex.listPackages', path: mailboxPath(mailbox), query: filterQuery(filter) };
    return askForPage(exchange, request, part, packageReader);
  },
  package: async (packageId: string): Promise<FaspexPackage> => {
    const request = get('faspex.package', `${API}/packages/${segment(exchange, packageId)}`);
    return askFor(exchange, request, readPackage);
  },
  uploadDetails: async (packageId: string): Promise<FaspexUploadDetails> => {
    const request = get('faspex.uploadDetails', `${API}/packages/${segment(exchange, packageId)}/upload_details`);
    return askFor(exchange, request, readUploadDetails);
  },
  /** Who downloaded the package, and when: its receipts. */
  downloadDetails: async (packageId: string): Promise<FaspexDownloadDetails> => {
    const request = get('faspex.downloadDetails', `${API}/packages/${segment(exchange, packageId)}/download_details`);
    return askFor(exchange, request, readDownloadDetails);
  },
  /** The audit trail of one package. */
  applicationEvents: async (packageId: string, part: PageRequest = {}): Promise<Page<FaspexEvent>> => {
    const path = `${API}/packages/${segment(exchange, packageId)}/application_events`;
    const reader = { key: 'application_events', read: readEvent };
    return askForPage(exchange, { operation: 'faspex.applicationEvents', path }, part, reader);
  },
});

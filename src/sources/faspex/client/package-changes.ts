import { SourceError } from '../../../transport/source-error.ts';
import { eachOf } from '../bounded.ts';
import { partialFailure } from '../errors.ts';
import { readPackage } from '../read-package.ts';
import type {
  FaspexDirection,
  FaspexNewPackage,
  FaspexNewRecipient,
  FaspexPackage,
  FaspexPackageChanges,
  FaspexPackageDeletion,
} from '../types.ts';
import { API, ask, askFor, type Exchange, segment } from './exchange.ts';

/** Packages that one call deletes at most: the server's own limit for bulk calls (code 1016, aspera-apps-api.md §1.3). */
const MAX_DELETIONS = 25;

const recipients = (list: readonly FaspexNewRecipient[] | undefined) =>
  list?.map(({ name, recipientType }) => ({
    name,
    ...(recipientType === undefined ? {} : { recipient_type: recipientType.toLowerCase() }),
  }));

/** What is undefined does not reach the server: JSON leaves it out. */
const newPackageBody = (input: FaspexNewPackage) => ({
  title: input.title,
  recipients: recipients(input.recipients),
  private_recipients: recipients(input.privateRecipients),
  note: input.note,
  metadata: input.metadata,
  ear_enabled: input.encryptAtRest,
  prevent_http_download: input.preventHttpDownload,
  download_limit: input.downloadLimit,
  release_policy: input.releasePolicy?.toLowerCase(),
  release_date: input.releaseAt?.toISOString(),
  expiration_policy: input.expirationPolicy?.toLowerCase(),
  expiration_date: input.expiresAt?.toISOString(),
  notify_on_upload: input.notifyOnUpload,
  notify_on_download: input.notifyOnDownload,
  notify_on_receipt: input.notifyOnReceipt,
});

const changesBody = (changes: FaspexPackageChanges) => ({
  release_policy: changes.releasePolicy?.toLowerCase(),
  release_date: changes.releaseAt?.toISOString(),
  expiration_policy: changes.expirationPolicy?.toLowerCase(),
  expiration_date: changes.expiresAt === null ? null : changes.expiresAt?.toISOString(),
});

const change = (operation: string, method: 'POST' | 'PUT' | 'DELETE', path: string) =>
  ({ operation, method, path: `${API}/packages${path}`, repeat: 'never' }) as const;

async function deletePackage(exchange: Exchange, packageId: string): Promise<void> {
  const { body } = await ask(exchange, change('faspex.deletePackages', 'DELETE', `/${segment(exchange, packageId)}`));
  const refusal = partialFailure(exchange.source, body);
  if (refusal) throw refusal;
}

function toDeletion(packageId: string, result: undefined | Error): FaspexPackageDeletion {
  if (result === undefined || result instanceof SourceError) return { packageId, error: result };
  throw result;
}

async function deletePackages(exchange: Exchange, packageIds: readonly string[]) {
  if (packageIds.length > MAX_DELETIONS) {
    const message = `At most ${MAX_DELETIONS} packages are deleted at once, and ${packageIds.length} were named.`;
    throw new SourceError('BAD_INPUT', message, { source: exchange.source });
  }
  const results = await eachOf(packageIds, async (packageId): Promise<undefined> => {
    await deletePackage(exchange, packageId);
  });
  return packageIds.map((packageId, index) => toDeletion(packageId, results[index]));
}

/** Makes and changes packages (aspera-apps-api.md §5.3, §5.4). */
export const createPackageChanges = (exchange: Exchange) => ({
  /** Makes a package without files: they are uploaded with the spec of `uploadSpec`. */
  createPackage: async (input: FaspexNewPackage): Promise<FaspexPackage> => {
    const request = { ...change('faspex.createPackage', 'POST', ''), json: newPackageBody(input) };
    return askFor(exchange, request, readPackage);
  },
  /** Changes release and expiration; only the sender may. */
  updatePackage: async (packageId: string, changes: FaspexPackageChanges): Promise<FaspexPackage> => {
    const request = change('faspex.updatePackage', 'PUT', `/${segment(exchange, packageId)}`);
    return askFor(exchange, { ...request, json: changesBody(changes) }, readPackage);
  },
  /**
   * Deletes up to 25 packages, one call each, six at a time. The bulk call is not used: the OpenAPI document wants the
   * ids in the query and IBM's client sends them in a body (aspera-apps-api.md part F), and its answer to a partial
   * failure does not say what became of the others.
   */
  deletePackages: (packageIds: readonly string[]): Promise<FaspexPackageDeletion[]> =>
    deletePackages(exchange, packageIds),
  /** Sends the files of a package on to others, without a new upload. */
  forwardPackage: async (packageId: string, input: FaspexNewPackage): Promise<FaspexPackage> => {
    const request = change('faspex.forwardPackage', 'POST', `/${segment(exchange, packageId)}/forward`);
    return askFor(exchange, { ...request, json: newPackageBody(input) }, readPackage);
  },
  /**
   * Moves a package to the history of the caller, as its sender or as a recipient; `isFromGroups` also what came to them
   * through workgroups and shared inboxes (aspera-apps-api.md §5.4).
   */
  archivePackage: async (
    packageId: string,
    direction: FaspexDirection,
    isFromGroups = false,
  ): Promise<FaspexPackage> => {
    const path = `/${segment(exchange, packageId)}/archive/${direction.toLowerCase()}`;
    const query = isFromGroups ? { archive_all: true } : {};
    return askFor(exchange, { ...change('faspex.archivePackage', 'POST', path), query }, readPackage);
  },
});

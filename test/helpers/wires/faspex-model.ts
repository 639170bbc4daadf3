import { z } from 'zod';
import { packageStatus } from '../../../src/sources/faspex/status.ts';
import type { FaspexFile, FaspexPackage, FaspexPerson, FaspexRecipient } from '../../../src/sources/faspex/types.ts';

/** What readers of Faspex's hot answers have to do, said with schemas. */

const id = z.union([z.string().min(1), z.int()]).transform(String);

const count = z
  .union([z.number(), z.string()])
  .nullish()
  .transform((value, context) => {
    if (value === undefined || value === null || value === '') return undefined;
    const number = Number(value);
    if (Number.isFinite(number)) return number;
    context.issues.push({ code: 'custom', message: 'must be a number', input: value });
    return z.NEVER;
  });

const text = z
  .string()
  .nullish()
  .transform((value) => (value === null || value === '' ? undefined : value));

const flag = z
  .boolean()
  .nullish()
  .transform((value) => value ?? undefined);

const listOf = <T extends z.ZodType>(item: T) =>
  z
    .array(item)
    .nullish()
    .transform((value) => value ?? []);

const names = { name: text, first_name: text, last_name: text, email: text };

const dateTime = (value: string | undefined): string | undefined =>
  value?.replace(/(:\d\d(?:\.\d+)?)([+-]\d\d)(\d\d)$/, '$1$2:$3').replace(/\+00:00$/, 'Z');

/** Words that are none of the vendor's have no meaning, also where every object has a member of that name. */
const wordIn = <T>(words: Readonly<Record<string, T>>, word: string | undefined): T | undefined =>
  word !== undefined && Object.hasOwn(words, word) ? words[word] : undefined;

const person = z.object({ id: id.nullish(), ...names }).transform(
  (value): FaspexPerson => ({
    userId: value.id ?? undefined,
    name: value.name,
    firstName: value.first_name,
    lastName: value.last_name,
    email: value.email,
  }),
);

const recipientTypes = {
  user: 'USER',
  external_user: 'EXTERNAL_USER',
  workgroup: 'WORKGROUP',
  shared_inbox: 'SHARED_INBOX',
  distribution_list: 'DISTRIBUTION_LIST',
} as const;

const recipient = z
  .object({ id: id.nullish(), ...names, recipient_type: text, status: text, archived: flag })
  .transform(
    (value): FaspexRecipient => ({
      recipientId: value.id ?? undefined,
      recipientType: wordIn(recipientTypes, value.recipient_type ?? 'user') ?? 'OTHER',
      name: value.name,
      firstName: value.first_name,
      lastName: value.last_name,
      email: value.email,
      vendorStatus: value.status,
      archived: value.archived ?? false,
    }),
  );

const releasePolicies = { now: 'NOW', later: 'LATER', on_date: 'ON_DATE' } as const;

const expirationPolicies = {
  none: 'NONE',
  delete_after_any_download: 'DELETE_AFTER_ANY_DOWNLOAD',
  delete_after_all_download: 'DELETE_AFTER_ALL_DOWNLOAD',
  delete_after_expiration_date: 'DELETE_AFTER_EXPIRATION_DATE',
} as const;

const wirePackage = z.object({
  id,
  package_uuid: text,
  title: z.string(),
  note: text,
  message: text,
  state: text,
  status: text,
  upload_status: text,
  sender: person.nullish(),
  recipients: listOf(recipient),
  private_recipients: listOf(recipient),
  created_time: text,
  last_modified: text,
  upload_completion_time: text,
  release_policy: text,
  release_date: text,
  expiration_policy: text,
  expiration_date: text,
  total_bytes: count,
  total_files: count,
  download_limit: count,
  completed_download_count: count,
  active_download_count: count,
  completed_partial_download_count: count,
  metadata: z.record(z.string(), z.unknown()).nullish(),
  ear_enabled: flag,
  prevent_http_download: flag,
  archived: flag,
  files_on_server: text,
  download_availability: text,
  file_processing_status: text,
  file_processing_msg: text,
  error_desc: text,
});

export const packageModel = wirePackage.transform(
  (pkg): FaspexPackage => ({
    packageId: pkg.id,
    uuid: pkg.package_uuid,
    title: pkg.title,
    note: pkg.note ?? pkg.message,
    status: packageStatus(pkg.state, pkg.status, pkg.upload_status),
    vendorStatus: pkg.status,
    state: pkg.state,
    uploadStatus: pkg.upload_status,
    sender: pkg.sender ?? undefined,
    recipients: pkg.recipients,
    privateRecipients: pkg.private_recipients,
    createdAt: dateTime(pkg.created_time),
    modifiedAt: dateTime(pkg.last_modified),
    uploadedAt: dateTime(pkg.upload_completion_time),
    releasePolicy: wordIn(releasePolicies, pkg.release_policy),
    releasedAt: dateTime(pkg.release_date),
    expirationPolicy: wordIn(expirationPolicies, pkg.expiration_policy),
    expiresAt: dateTime(pkg.expiration_date),
    downloadLimit: pkg.download_limit,
    sizeBytes: pkg.total_bytes,
    fileCount: pkg.total_files,
    downloadCount: pkg.completed_download_count,
    activeDownloadCount: pkg.active_download_count,
    partialDownloadCount: pkg.completed_partial_download_count,
    metadata: pkg.metadata ?? {},
    encryptedAtRest: pkg.ear_enabled,
    httpDownloadPrevented: pkg.prevent_http_download,
    archived: pkg.archived,
    filesOnServer: pkg.files_on_server,
    downloadAvailability: pkg.download_availability,
    fileProcessingStatus: pkg.file_processing_status,
    fileProcessingMessage: pkg.file_processing_msg,
    errorDescription: pkg.error_desc,
  }),
);

const fileTypes = { file: 'FILE', directory: 'DIRECTORY', symbolic_link: 'SYMBOLIC_LINK' } as const;

export const fileModel = z
  .object({
    path: z.string(),
    basename: text,
    type: text,
    size: count,
    mtime: text,
    permissions: listOf(z.object({ name: z.string() })),
  })
  .transform(
    (file): FaspexFile => ({
      path: file.path,
      name: file.basename ?? file.path.slice(file.path.lastIndexOf('/') + 1),
      fileType: wordIn(fileTypes, file.type) ?? 'OTHER',
      sizeBytes: file.size,
      modifiedAt: dateTime(file.mtime),
      permissions: file.permissions.map((permission) => permission.name),
    }),
  );

import { z } from 'zod';

/** Faspex's JSON as Faspex spells it (aspera-apps-api.md part A). Ids are strings of digits; be lenient with numbers. */

const id = z.union([z.string().min(1), z.int()]).transform(String);

/** Numbers arrive as numbers or as strings; a link's size is the empty string (§E.7). */
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

/** Like `count`, for numbers that only decorate: what is not a number is left out. */
const looseCount = z
  .union([z.number(), z.string()])
  .nullish()
  .catch(undefined)
  .transform((value) => {
    const number = value === null || value === undefined || value === '' ? Number.NaN : Number(value);
    return Number.isFinite(number) ? number : undefined;
  });

const flag = z
  .boolean()
  .nullish()
  .transform((value) => value ?? undefined);

const listOf = <T extends z.ZodType>(item: T) =>
  z
    .array(item)
    .nullish()
    .transform((value) => value ?? []);

const names = {
  name: text,
  first_name: text,
  last_name: text,
  email: text,
};

const person = z.object({ id: id.nullish(), ...names });

export const wireUploadDetails = z.object({
  upload_status: text,
  percentage_complete: looseCount,
  start_time: text,
  completion_time: text,
  bytes_written: looseCount,
  bytes_total: looseCount,
  time_elapsed: looseCount,
  time_remaining: looseCount,
});

const downloader = person.extend({ count: looseCount, progress_percentage_complete: looseCount });

const receipt = person.extend({ ip: text, start: text, stop: text, type: text });

export const wireDownloadDetails = z.object({
  full_downloads: listOf(downloader),
  partial_downloads: listOf(downloader),
  active_downloads: listOf(downloader),
  all_downloads: listOf(receipt),
});

export const wireEvent = z.object({
  id,
  created_at: text,
  event_type: z.string(),
  message: text,
  application: text,
  package_id: id.nullish(),
  package_name: text,
  file_name: text,
  event_value: text,
  event_value_old: text,
  user: listOf(person),
});

export const wireAccount = z.object({
  id,
  ...names,
  name: z.string(),
  role: text,
  type: text,
  status: text,
  last_login_time: text,
  uploads_allowed: flag,
  forwards_allowed: flag,
  encryption_at_rest: text,
  allow_send_to_email: flag,
  manages_shared_inboxes: flag,
  manages_workgroups: flag,
  gateway_url: text,
});

export const wireContact = z.object({
  id,
  ...names,
  name: z.string(),
  type: text,
  require_encryption_at_rest: text,
  metadata_profile_id: id.nullish(),
  submitters_instructions: text,
});

/** A shared inbox or a workgroup (§6). */
export const wireGroup = z.object({
  id,
  name: z.string(),
  submitters_instructions: text,
  user_can_manage: flag,
  metadata_profile_id: id.nullish(),
  require_encryption_at_rest: text,
  public_url: text,
});

export const wireMember = z.object({
  id,
  user_id: id.nullish(),
  ...names,
  access: text,
  status: text,
  member_since: text,
  expires: text,
});

export const wireMetadataProfile = z.object({
  id,
  name: z.string(),
  default: flag,
  title: z.object({ max_length: count }).nullish(),
  note: z.object({ max_length: count, enabled: flag }).nullish(),
  fields: listOf(
    z.object({
      id: id.nullish(),
      name: z.string(),
      type: text,
      require: flag,
      default_value: text,
      choices: listOf(z.string()),
      max_length: count,
      date_format: text,
    }),
  ),
});

export const wireSharedFolder = z.object({ id, node_id: id.nullish(), name: z.string(), read_permission: text });

export const wireRemoteTransfer = z.object({
  transfer_id: text,
  status: text,
  bytes_transferred: looseCount,
  percentage: looseCount,
  start_time: text,
  stop_time: text,
});

export const wireVersion = z.object({ version: z.string().min(1) });

export const wireHealth = z.object({ core: z.object({ connected: z.boolean() }) });

/** The answer of the token endpoint: OpenAPI says `expiration_date`, others `expires_in`; none was seen (§2.1). */
export const wireToken = z.object({
  access_token: z.string().min(1),
  expires_in: looseCount,
  expiration_date: text,
});

export interface FaspexFailure {
  /** The vendor's code; the same number is used for different failures. */
  readonly code: string | undefined;
  readonly message: string | undefined;
}

/** The answer to a bulk call of which something failed (§1.3). */
export const wirePartialFailure = z.object({ errors: z.array(z.unknown()).min(1) });

const failureText = z.string().optional().catch(undefined);

/** Error bodies (§1.3): `{status, code, message, trace}`, sometimes with an integer code, or the errors of a bulk call. */
export const wireFailure = z
  .object({
    code: z.union([z.string(), z.number()]).optional().catch(undefined),
    message: failureText,
    error_description: failureText,
    error: z
      .union([z.string().transform((value) => ({ user_message: value })), z.object({ user_message: failureText })])
      .optional()
      .catch(undefined),
    errors: z
      .array(z.object({ code: z.union([z.string(), z.number()]).optional(), message: failureText }))
      .optional()
      .catch(undefined),
  })
  .transform(({ code, message, error_description, error, errors }): FaspexFailure => {
    const number = code ?? errors?.[0]?.code;
    return {
      code: number === undefined ? undefined : String(number),
      message: message ?? error_description ?? error?.user_message ?? errors?.[0]?.message,
    };
  });

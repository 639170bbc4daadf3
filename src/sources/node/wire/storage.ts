import { z } from 'zod';
import { fromSchema } from '../../../reading/reader.ts';
import { publicJson } from '../../../transfer-spec/public-json.ts';
import type { AccessKey, FilePermission, NodeEvent } from '../types.ts';
import { code, date, jsonObject, text } from '../wire.ts';
import { accessLevelOf } from './access-level.ts';

/** The JSON of permissions, access keys (aspera-node-api.md §2) and events (§2). */

const accessLevels = z
  .array(z.string())
  .nullish()
  .transform((value) => (value ?? []).flatMap((level) => accessLevelOf(level) ?? []));

/** Ids are text in the contract; numbers are let through so that one odd server does not lose a whole page. */
const id = code.pipe(z.string());

export const permission = fromSchema(
  z.object({
    id,
    file_id: code,
    access_id: z.string(),
    access_type: z.enum(['user', 'group']),
    access_levels: accessLevels,
    tags: jsonObject,
    created_by_id: text,
    created_at: date,
    last_updated_by_id: text,
    last_updated_at: date,
  }),
  (one): FilePermission => ({
    permissionId: one.id,
    fileId: one.file_id,
    accessId: one.access_id,
    accessType: one.access_type === 'group' ? 'GROUP' : 'USER',
    accessLevels: one.access_levels,
    tags: publicJson(one.tags ?? {}),
    createdById: one.created_by_id,
    createdAt: one.created_at,
    updatedById: one.last_updated_by_id,
    updatedAt: one.last_updated_at,
  }),
);

export const accessKey = fromSchema(
  z.object({
    id: z.string().min(1),
    root_file_id: code,
    storage: z.object({ type: text, path: text, bucket: text, endpoint: text }).nullish(),
    configuration: jsonObject,
  }),
  (key): AccessKey => ({
    accessKeyId: key.id,
    rootFileId: key.root_file_id,
    storageType: key.storage?.type,
    storagePath: key.storage?.path,
    storageBucket: key.storage?.bucket,
    storageEndpoint: key.storage?.endpoint,
    configuration: publicJson(key.configuration ?? {}),
  }),
);

export const event = fromSchema(
  z.object({
    id,
    time: date,
    user_id: text,
    types: z.union([z.array(z.string()), z.string().transform((value) => [value])]),
    data: jsonObject,
  }),
  (one): NodeEvent => ({
    eventId: one.id,
    time: one.time,
    userId: one.user_id,
    types: one.types,
    data: publicJson(one.data ?? {}),
  }),
);

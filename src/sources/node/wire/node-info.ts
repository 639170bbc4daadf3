import { z } from 'zod';
import { fromSchema } from '../../../reading/reader.ts';
import { date, text } from '../wire.ts';

/** The JSON of `GET /info` (aspera-node-api.md §2). */

const setting = z
  .object({ name: z.string(), value: z.union([z.string(), z.number(), z.boolean()]).nullish() })
  .transform(({ name, value }) => ({ name, value: value === null || value === undefined ? undefined : String(value) }));

const settings = z
  .array(setting)
  .nullish()
  .transform((value) => value ?? []);

/** Every member may be missing, but a node that says nothing of itself is something else that answers there. */
const saysWhatItIs = (info: { readonly [name: string]: unknown }) =>
  info.version !== undefined || info.node_id !== undefined || info.application !== undefined;

const info = z
  .object({
    application: text,
    version: text,
    node_id: text,
    cluster_id: text,
    current_time: date,
    os: text,
    transfer_user: text,
    docroot: text,
    license_expiration_date: text,
    license_max_rate: text,
    acls: z.array(z.string()).nullish(),
    capabilities: settings,
    settings,
  })
  .refine(saysWhatItIs);

export const nodeInfo = fromSchema(info, (told) => ({
  nodeId: told.node_id,
  clusterId: told.cluster_id,
  version: told.version,
  currentTime: told.current_time,
  operatingSystem: told.os,
  transferUser: told.transfer_user,
  docroot: told.docroot,
  licenseExpiresOn: told.license_expiration_date,
  licenseMaxRate: told.license_max_rate,
  acls: told.acls ?? [],
  capabilities: told.capabilities,
  settings: told.settings,
}));

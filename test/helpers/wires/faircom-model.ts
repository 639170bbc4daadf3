import { z } from 'zod';
import { wireField } from '../../../src/sources/faircom/wire.ts';

/** What readers of FairCom's hot answers have to do, said with schemas. */

const integer = z.union([z.int(), z.string().regex(/^-?\d+$/)]).transform(Number);

const optional = <T extends z.ZodType>(schema: T) => schema.nullish().transform((value) => value ?? undefined);

export const envelopeModel = z.object({
  errorCode: z.int(),
  errorMessage: z.string().optional(),
  result: z.unknown().optional(),
  authToken: z.string().optional(),
});

export const sentActionModel = z
  .object({
    action: z.string(),
    authToken: z.string().optional(),
    params: z.object({ transactionId: z.string().optional() }).optional(),
  })
  .transform(({ params, ...sent }) => ({ ...sent, transactionId: params?.transactionId }));

/** The fields of an answer are those of a description. */
export const recordsModel = z.object({
  data: z.array(z.unknown()),
  fields: optional(z.array(wireField)),
  moreRecords: optional(z.boolean()),
  totalRecordCount: optional(integer),
});

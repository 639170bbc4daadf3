import * as z from 'zod';

const NODE_STATUSES = [
  'waiting',
  'running',
  'completed',
  'failed',
  'partially_completed',
  'canceled',
  'paused',
] as const;

/** What Faspex reads of a node's transfer (aspera-node-api.md §5.3). */
const transferShape = z.object({
  id: z.string(),
  status: z.enum(NODE_STATUSES),
  start_spec: z.object({ cookie: z.string().optional(), tags: z.unknown().optional() }).optional(),
  sessions: z.array(z.object({ client_ip_address: z.string().optional() })).default([]),
  bytes_transferred: z.number().default(0),
  error_desc: z.string().default(''),
  precalc: z.object({ bytes_expected: z.number().nullish() }).nullish(),
});

export interface NodeTransfer {
  readonly id: string;
  readonly status: (typeof NODE_STATUSES)[number];
  /** Which of Faspex's grants it belongs to; undefined for a transfer that Faspex did not authorize. */
  readonly grantId: string | undefined;
  readonly bytes: number;
  /** 0 until the job size is known. */
  readonly bytesExpected: number;
  readonly clientAddress: string;
  readonly errorDescription: string;
}

const tagShape = z.object({ aspera: z.object({ faspex: z.object({ f5_xfer_id: z.string() }) }) });

/** Cookie first, tags where a client sent none: Faspex knows its transfers by both (aspera-apps-api.md §5.5). */
function grantIdOf(cookie: string | undefined, tags: unknown): string | undefined {
  const id = /^aspera\.faspex20:[udr]:([0-9a-f-]{36}):/.exec(cookie ?? '')?.[1];
  return id ?? tagShape.safeParse(tags).data?.aspera.faspex.f5_xfer_id;
}

/** Reads a page of `GET /ops/transfers`; throws where it is no array. Entries of another shape are passed over. */
export function readTransfers(json: unknown): readonly NodeTransfer[] {
  return z
    .array(z.unknown())
    .parse(json)
    .flatMap((entry) => {
      const { data } = transferShape.safeParse(entry);
      if (!data) return [];
      return {
        id: data.id,
        status: data.status,
        grantId: grantIdOf(data.start_spec?.cookie, data.start_spec?.tags),
        bytes: data.bytes_transferred,
        bytesExpected: data.precalc?.bytes_expected ?? 0,
        clientAddress: data.sessions[0]?.client_ip_address ?? '',
        errorDescription: data.error_desc,
      };
    });
}

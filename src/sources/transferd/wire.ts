import { z } from 'zod';

/** What the daemon answers, as proto3 gives it: what was not set is empty, 0 or null (aspera-node-api.md §8). */

const text = z.string().transform((value) => (value === '' ? undefined : value));

/** 64-bit numbers arrive as text. */
const whole = z.coerce.number().refine(Number.isSafeInteger, 'must be a whole number up to 2^53');

const optionalWhole = whole.transform((value) => (value === 0 ? undefined : value));

/** An enum value that our .proto does not know arrives as its number. */
const word = z.union([z.string(), z.number()]).transform(String);

const moment = whole.transform((value) => (value > 0 ? new Date(value / 1000) : undefined));

export const wireError = z.object({ code: z.number(), description: z.string() });

export type WireError = z.output<typeof wireError>;

const error = wireError.nullish();

const info = z.object({
  averageRateKbps: optionalWhole,
  bytesLost: whole,
  bytesTransferred: whole,
  bytesWritten: whole,
  startTimeUsec: moment,
  elapsedUsec: whole,
  endTimeUsec: moment,
  errorCode: text,
  errorDescription: text,
  filesCompleted: whole,
  targetRateKbps: whole,
  direction: text,
  tags64: text,
});

const session = z.object({
  filesSkipped: whole,
  calcRateKbps: whole,
  direction: text,
  tags: text,
  preTransferFiles: optionalWhole,
  preTransferBytes: optionalWhole,
});

/** A `QueryTransferResponse` or a `TransferResponse`; only the latter has a session. */
export const transfer = z.object({
  transferId: z.string(),
  title: text,
  status: word,
  error,
  transferInfo: info.nullish(),
  message: text,
  sessionInfo: session.nullish(),
});

export type WireTransfer = z.output<typeof transfer>;

export const started = z.object({ transferId: z.string(), title: text, status: word, error });

export const modified = z.object({ status: word, error });

export const stopped = z.object({
  stopResult: z.array(z.object({ transferId: z.string(), stopped: z.boolean(), error })),
});

export const validation = z.object({ valid: z.boolean(), unknownField: z.array(z.string()), error });

export const peerCheck = z.object({ reachable: z.boolean(), error });

export const apiVersions = z.object({ supportedVersions: z.array(z.string()) });

export const instance = z.object({
  apiVersion: text,
  error,
  info: z
    .object({
      asperaInfo: z.array(z.object({ asperaBinary: text, asperaVersion: text, operatingSystem: text, error })),
      licenseInfo: z.object({ maxRate: text }).nullish(),
    })
    .nullish(),
});

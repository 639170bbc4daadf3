import { z } from 'zod';
import { SourceError, type SourceErrorCode } from '../../transport/source-error.ts';

const codes = {
  SOURCE_UNREACHABLE: 0,
  SOURCE_TIMEOUT: 0,
  SOURCE_UNAVAILABLE: 0,
  SOURCE_RATE_LIMITED: 0,
  SOURCE_BAD_ANSWER: 0,
  SOURCE_UNAUTHENTICATED: 0,
  SOURCE_FORBIDDEN: 0,
  NOT_FOUND: 0,
  CONFLICT: 0,
  BAD_INPUT: 0,
  REQUEST_LIMIT: 0,
  RETENTION_PASSED: 0,
  CANCELED: 0,
} satisfies Readonly<Record<SourceErrorCode, 0>>;

const isCode = (value: unknown): value is SourceErrorCode => typeof value === 'string' && Object.hasOwn(codes, value);

const shape = z.object({
  code: z.custom<SourceErrorCode>(isCode),
  message: z.string(),
  source: z.string(),
  retryable: z.boolean(),
  vendorCode: z.string().optional(),
});

/** An error for the other processes: what callers may be shown of it. What went wrong inside stays here. */
export function encodeError(error: unknown): string {
  if (!(error instanceof SourceError)) return '';
  const { code, message, source, retryable, vendorCode } = error;
  return JSON.stringify({ code, message, source, retryable, vendorCode });
}

export function decodeError(text: string): Error {
  if (text === '') return new Error('The poll of another process has failed.');
  const { code, message, vendorCode, ...options } = shape.parse(JSON.parse(text));
  return new SourceError(code, message, { ...options, ...(vendorCode === undefined ? {} : { vendorCode }) });
}

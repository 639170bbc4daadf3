import type { z } from 'zod';
import { SourceError, type SourceErrorCode, vendorText } from '../../transport/source-error.ts';
import type { WireError } from './wire.ts';

/** Reads an answer, or throws `SOURCE_BAD_ANSWER`. `what` names what was expected, for the sentence. */
export function parseAnswer<T extends z.ZodType>(source: string, what: string, schema: T, body: unknown): z.output<T> {
  const result = schema.safeParse(body);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const where = issue && issue.path.length > 0 ? ` (at ${issue.path.join('.')})` : '';
  throw new SourceError('SOURCE_BAD_ANSWER', `${source} sent an answer that is not ${what}${where}.`, {
    source,
    cause: result.error,
  });
}

/** The daemon's words, fit to be shown. */
export const wordsOf = (error: WireError | null | undefined): string =>
  vendorText(error?.description ?? '').replace(/\.$/, '');

/** Whether an `error` member says that something went wrong: proto3 cannot tell an empty one from none. */
export const isError = (error: WireError | null | undefined): error is WireError =>
  error != null && (error.code !== 0 || error.description !== '');

/** An `error` inside an answer (aspera-node-api.md §8). What its numbers mean is not documented. */
export function refusal(source: string, code: SourceErrorCode, sentence: string, error: WireError | null | undefined) {
  const words = wordsOf(error);
  return new SourceError(code, `${source} ${sentence}${words === '' ? '' : `: ${words}`}.`, {
    source,
    ...(error && error.code !== 0 ? { vendorCode: String(error.code) } : {}),
  });
}

export const unknownTransfer = (source: string, transferId: string): SourceError =>
  new SourceError('NOT_FOUND', `${source} has no transfer ${transferId}, or no longer keeps it.`, { source });

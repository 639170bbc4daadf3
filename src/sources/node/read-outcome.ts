import { ascpErrorAdvice, ascpErrorName, isAscpErrorRetryable } from '../../transfer-spec/ascp-errors.ts';
import type { NodeTransferError } from './types.ts';

interface Outcome {
  readonly error_code: string | undefined;
  readonly error_desc: string | undefined;
}

/** The sentence of an outcome; "No error" is what nodes write where there is none. */
export const sentenceOf = ({ error_desc }: Outcome) =>
  /^no error\.?$/i.test(error_desc ?? '') ? '' : (error_desc ?? '');

/** Why something failed; undefined when nothing is wrong. */
export function toError(outcome: Outcome, failed: boolean): NodeTransferError | undefined {
  const code = Number(outcome.error_code ?? 0) || 0;
  const description = sentenceOf(outcome);
  if (code === 0 && description === '' && !failed) return undefined;
  return {
    code,
    name: ascpErrorName(code),
    retryable: isAscpErrorRetryable(code, description),
    advice: ascpErrorAdvice(code, description),
    description,
  };
}

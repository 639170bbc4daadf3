import { SourceError, vendorText } from '../transport/source-error.ts';

/** An error as the log has it: what happened and where, and nothing of what a source sent or was sent. */
export interface LoggedError {
  readonly type: string;
  readonly code?: string | number;
  readonly message?: string;
  /** Where it was thrown: calls only, because the first lines of a stack repeat the message. */
  readonly frames?: readonly string[];
  readonly cause?: LoggedError;
}

/** An error that is its own cause, or one of a very long chain, is cut off here. */
const MAX_CAUSES = 5;

const MAX_FRAMES = 20;

function codeOf(error: Error): { code?: string | number } {
  const { code } = error as { code?: unknown };
  return typeof code === 'string' || typeof code === 'number' ? { code } : {};
}

/**
 * JSON.parse quotes the text that it could not read, and libraries quote values that they do not like. So of a cause
 * only our own sentences are told; of the error itself also others, without what looks like a credential.
 */
function messageOf(error: Error, depth: number): { message?: string } {
  const isTold = error instanceof SourceError || (depth === 0 && !(error instanceof SyntaxError));
  return isTold ? { message: vendorText(error.message) } : {};
}

function framesOf({ stack }: Error, depth: number): { frames?: readonly string[] } {
  const lines = (depth === 0 ? (stack ?? '') : '').split('\n').map((line) => line.trim());
  const frames = lines.filter((line) => line.startsWith('at ')).slice(0, MAX_FRAMES);
  return frames.length > 0 ? { frames } : {};
}

/** @param depth how many errors it is the cause of the cause of */
export function describeError(error: unknown, depth = 0): LoggedError {
  if (!(error instanceof Error)) return { type: typeof error };
  const { cause } = error;
  const isDeep = cause === undefined || depth >= MAX_CAUSES;
  return {
    type: error.name,
    ...codeOf(error),
    ...messageOf(error, depth),
    ...framesOf(error, depth),
    ...(isDeep ? {} : { cause: describeError(cause, depth + 1) }),
  };
}

/** How a session that did not complete ended. */
export type Outcome = 'failed' | 'canceled' | 'paused';

interface AscpErrorOptions {
  readonly outcome?: Outcome;
  readonly isRefusal?: boolean;
  readonly endsSession?: boolean;
  readonly cause?: unknown;
}

/** A failure as `ascp` reports it: a code of its error table (aspera-node-api.md §7.1) and a sentence. */
export class AscpError extends Error {
  readonly code: number;
  readonly outcome: Outcome;
  /** The serving side turned the session down before any byte moved: trying again is pointless. */
  readonly isRefusal: boolean;
  /** Not about one file: nothing more can be exchanged with the peer. */
  readonly endsSession: boolean;

  constructor(code: number, message: string, options: AscpErrorOptions = {}) {
    super(message, { cause: options.cause });
    this.name = 'AscpError';
    this.code = code;
    this.outcome = options.outcome ?? 'failed';
    this.isRefusal = options.isRefusal ?? false;
    this.endsSession = options.endsSession ?? false;
  }
}

/** Codes that a client may try again (marked so in aspera-node-api.md §7.1). */
const retryable: ReadonlySet<number> = new Set([
  12, 13, 14, 15, 16, 17, 18, 23, 32, 33, 35, 36, 37, 39, 40, 44, 45, 61,
]);

/** Of code 14, this one is final (aspera-node-api.md §7.1). */
const NO_SUCH_HOST = 'Target address not available';

export const isRetryable = (error: AscpError): boolean =>
  error.outcome === 'failed' && !error.isRefusal && retryable.has(error.code) && error.message !== NO_SUCH_HOST;

const bySystemCode: Readonly<Record<string, readonly [number, string]>> = {
  ENOENT: [4, 'No such file or directory'],
  EACCES: [5, 'Permission denied'],
  EPERM: [5, 'Permission denied'],
  ENOTDIR: [6, 'Not a directory'],
  EEXIST: [42, 'File already exists'],
  EISDIR: [7, 'Is a directory'],
  EMFILE: [23, 'Too many open files'],
  EFBIG: [24, 'File too big'],
  ENOSPC: [25, 'No space left on device'],
  EDQUOT: [25, 'No space left on device'],
  EROFS: [26, 'Read-only file system'],
  ENAMETOOLONG: [55, 'File path too long'],
  ELOOP: [63, 'Too many levels of symbolic links'],
  ECONNREFUSED: [14, 'Connection refused'],
  ENOTFOUND: [14, NO_SUCH_HOST],
  EAI_AGAIN: [14, NO_SUCH_HOST],
  ETIMEDOUT: [15, 'Connection timed out'],
  ECONNRESET: [16, 'Connection lost'],
  EPIPE: [16, 'Connection lost'],
};

export const connectionLost = () => new AscpError(16, 'Connection lost', { endsSession: true });

export const protocolError = (what: string) => new AscpError(1, `Protocol error: ${what}`, { endsSession: true });

/** Any thrown value as an ascp failure; system errors keep their meaning. */
export function toAscpError(error: unknown): AscpError {
  if (error instanceof AscpError) return error;
  const systemCode = (error as NodeJS.ErrnoException | undefined)?.code ?? '';
  const known = bySystemCode[systemCode];
  if (known) return new AscpError(...known);
  return new AscpError(11, `Internal error: ${error instanceof Error ? error.message : String(error)}`);
}

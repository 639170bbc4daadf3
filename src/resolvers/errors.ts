import { SubjectRefused } from '../identity/subject.ts';
import { InvalidTransferSpec } from '../transfer-spec/transfer-spec.ts';
import { SourceError, type SourceErrorCode } from '../transport/source-error.ts';
import type { FaspexPackageNode } from './faspex/package.ts';
import { ScopeMissing } from './forbidden.ts';

/** What a mutation answers when it failed in a way that its caller can act on. */
export class MutationError extends Error {
  readonly code: string;
  readonly source: string | undefined;
  readonly retryable: boolean;

  constructor(
    message: string,
    details: { code: string; source?: string | undefined; retryable?: boolean; cause?: unknown },
  ) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.code = details.code;
    this.source = details.source;
    this.retryable = details.retryable ?? false;
  }
}

/** The thing is not there, or not yours to see. */
export class NotFoundError extends MutationError {}
/** The input cannot be accepted as it is. */
export class InvalidInputError extends MutationError {}
/** It exists already, or has changed since it was read. */
export class ConflictError extends MutationError {}
/** The source does not let this caller do it. */
export class NotAllowedError extends MutationError {}
/** The source failed or could not be reached; `retryable` says whether trying again can help. */
export class SourceFailedError extends MutationError {}

/** Someone who may have been meant. */
export interface RecipientCandidate {
  readonly recipientId: string | undefined;
  readonly name: string;
  readonly recipientType: string;
  readonly email: string | undefined;
}

/** It is not clear who is meant; the message says how to make it so. */
export class AmbiguousRecipientError extends MutationError {
  readonly candidates: readonly RecipientCandidate[];

  constructor(message: string, candidates: readonly RecipientCandidate[], source: string) {
    super(message, { code: 'AMBIGUOUS_RECIPIENT', source });
    this.candidates = candidates;
  }
}

/** A package was made, but what should have followed failed. Nothing is lost: go on from the draft. */
export class DraftLeftError extends MutationError {
  readonly draft: FaspexPackageNode;

  constructor(draft: FaspexPackageNode, reason: Error) {
    const known = reason instanceof SourceError || reason instanceof MutationError ? reason : undefined;
    const detail = known?.message ?? 'The gateway failed.';
    super(`The package was made, but not its upload. ${detail} Go on with authorizePackageUpload.`, {
      code: 'DRAFT_LEFT',
      source: draft.sourceName,
      retryable: known?.retryable ?? false,
      cause: reason,
    });
    this.draft = draft;
  }
}

type MutationErrorClass = new (
  message: string,
  details: ConstructorParameters<typeof MutationError>[1],
) => MutationError;

const classByCode: Readonly<Record<SourceErrorCode, MutationErrorClass | undefined>> = {
  NOT_FOUND: NotFoundError,
  RETENTION_PASSED: NotFoundError,
  BAD_INPUT: InvalidInputError,
  CONFLICT: ConflictError,
  SOURCE_FORBIDDEN: NotAllowedError,
  SOURCE_UNREACHABLE: SourceFailedError,
  SOURCE_TIMEOUT: SourceFailedError,
  SOURCE_UNAVAILABLE: SourceFailedError,
  SOURCE_RATE_LIMITED: SourceFailedError,
  SOURCE_BAD_ANSWER: SourceFailedError,
  SOURCE_UNAUTHENTICATED: SourceFailedError,
  REQUEST_LIMIT: InvalidInputError,
  // Nobody is left to read the result.
  CANCELED: undefined,
};

/** The typed result for a failure; what is not a caller's business stays as it is and is masked. */
export function toMutationError(error: unknown): unknown {
  if (error instanceof InvalidTransferSpec)
    return new InvalidInputError(error.message, { code: 'BAD_INPUT', cause: error });
  if (error instanceof SubjectRefused || error instanceof ScopeMissing)
    return new NotAllowedError(error.message, { code: 'FORBIDDEN', cause: error });
  if (!(error instanceof SourceError)) return error;
  const Typed = classByCode[error.code];
  const { code, source, retryable } = error;
  return Typed ? new Typed(error.message, { code, source, retryable, cause: error }) : error;
}

/** Wraps a mutation's resolver so that its failures come as typed results. */
export function answering<Args extends unknown[], Result>(resolve: (...args: Args) => Promise<Result>) {
  return async (...args: Args): Promise<Result> => {
    try {
      return await resolve(...args);
    } catch (error) {
      throw toMutationError(error);
    }
  };
}

import type { RecordsChangedError } from '../../sources/faircom/types.ts';
import { MutationError } from '../errors.ts';
import type { FairComRecordNode } from './record.ts';

/** Somebody else changed records since the caller read them; nothing was stored. */
export class RecordConflictError extends MutationError {
  /** The records as they are now. */
  readonly current: readonly FairComRecordNode[];

  constructor(cause: RecordsChangedError, current: readonly FairComRecordNode[]) {
    const { code, source, retryable } = cause;
    super(cause.message, { code, source, retryable, cause });
    this.current = current;
  }
}

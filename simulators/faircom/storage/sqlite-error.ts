import { type ErrorName, FairComError } from '../errors.ts';

/** SQLite's extended result codes for a value that a unique index already holds. */
const uniqueCodes = new Set([1555, 2067]);

export function sqliteCode(error: unknown): number | undefined {
  if (!(error instanceof Error) || !('errcode' in error)) return undefined;
  return typeof error.errcode === 'number' ? error.errcode : undefined;
}

/** Runs SQL of ours; what SQLite refuses becomes a vendor error: 2 for a duplicate key (§A12), else `otherwise`. */
export function withVendorErrors<Result>(run: () => Result, otherwise: ErrorName): Result {
  try {
    return run();
  } catch (error) {
    const code = sqliteCode(error);
    if (code === undefined) throw error;
    if (uniqueCodes.has(code)) {
      throw new FairComError('duplicateKey', 'A unique index already holds this key.', { cause: error });
    }
    throw new FairComError(otherwise, 'The storage engine refused the request.', { cause: error });
  }
}

const messages: readonly (readonly [pattern: RegExp, name: ErrorName])[] = [
  [/no such table/, 'sqlTableUnknown'],
  [/no such column/, 'sqlColumnUnknown'],
  [/syntax error|unrecognized token|incomplete input/, 'sqlSyntax'],
];

/** The error for SQL that a client wrote (§A12: SQL codes). */
export function sqlError(error: unknown): unknown {
  const code = sqliteCode(error);
  if (code === undefined || !(error instanceof Error)) return error;
  if (uniqueCodes.has(code)) return new FairComError('sqlDuplicateKey', 'Duplicate key value', { cause: error });
  const name = messages.find(([pattern]) => pattern.test(error.message))?.[1] ?? 'sqlRefused';
  return new FairComError(name, error.message, { cause: error });
}

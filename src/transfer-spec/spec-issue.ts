/** What kind of mistake it is. */
export type SpecIssueCode =
  | 'NOT_A_SPEC'
  | 'UNKNOWN_PARAMETER'
  | 'MISSING'
  | 'WRONG_TYPE'
  | 'NOT_ALLOWED'
  | 'OUT_OF_RANGE'
  | 'NOT_FOR_AGENT'
  | 'CONTRADICTION';

/** Something about a transfer spec that is wrong, or does not do what it says. */
export interface SpecIssue {
  readonly code: SpecIssueCode;
  /** ERROR: it cannot be run. WARNING: it can, but a parameter has no effect or another one than it seems. */
  readonly severity: 'ERROR' | 'WARNING';
  /** Undefined for what is about the spec as a whole. */
  readonly parameter: string | undefined;
  /** The place in the spec, such as `paths[2].source`. */
  readonly path: string;
  /** A sentence for a person. It never holds a value of the spec, which may be a secret. */
  readonly message: string;
  /** The name or value that was probably meant. */
  readonly suggestion: string | undefined;
}

type Details = Pick<SpecIssue, 'code' | 'message'> & Partial<Pick<SpecIssue, 'path' | 'suggestion'>>;

const issue = (severity: SpecIssue['severity'], parameter: string | undefined, details: Details): SpecIssue => ({
  severity,
  parameter,
  path: parameter ?? '',
  suggestion: undefined,
  ...details,
});

export const error = (parameter: string | undefined, details: Details): SpecIssue => issue('ERROR', parameter, details);

export const warning = (parameter: string | undefined, details: Details): SpecIssue =>
  issue('WARNING', parameter, details);

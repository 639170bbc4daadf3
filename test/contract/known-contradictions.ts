/** A place where an OpenAPI document and what was recorded of the product contradict each other. */
export interface KnownContradiction {
  readonly document: 'node' | 'faspex';
  readonly method: string;
  readonly path: string;
  readonly where: string;
  readonly rule: string;
  readonly why: string;
  readonly source: string;
}

export const knownContradictions: readonly KnownContradiction[] = [];

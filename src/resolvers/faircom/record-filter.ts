import type { FieldCondition, FilterOperator, KeyBound, RecordFilter } from '../../sources/faircom/types.ts';
import { SourceError } from '../../transport/source-error.ts';

/** A condition on one field, as a caller writes it. */
export interface FieldConditionInput {
  readonly field: string;
  readonly operator: FilterOperator;
  readonly value?: unknown;
}

/** Exactly one of the three: the graph sees to that. */
export interface RecordFilterInput {
  readonly condition?: FieldConditionInput | null | undefined;
  readonly and?: readonly RecordFilterInput[] | null | undefined;
  readonly or?: readonly RecordFilterInput[] | null | undefined;
}

function readCondition({ field, operator, value }: FieldConditionInput, source: string): FieldCondition {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') {
    return { field, operator, value };
  }
  const message = `\`value\` of the condition on "${field}" must be text, a number, true or false.`;
  throw new SourceError('BAD_INPUT', message, { source });
}

/** The filter that a caller has written. @throws SourceError BAD_INPUT for values that cannot be compared */
export function readFilter({ condition, and, or }: RecordFilterInput, source: string): RecordFilter {
  if (condition) return readCondition(condition, source);
  if (and) return { and: and.map((part) => readFilter(part, source)) };
  return { or: (or ?? []).map((part) => readFilter(part, source)) };
}

/** The bounds that a caller has written. */
export const readBounds = (bounds: readonly FieldConditionInput[], source: string): readonly KeyBound[] =>
  bounds.map((bound) => readCondition(bound, source));

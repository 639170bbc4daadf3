import { SourceError } from './source-error.ts';

/** Counts the upstream requests of one GraphQL operation, per source. */
export interface RequestBudget {
  /** Notes one request. Throws `REQUEST_LIMIT` when the source's allowance is used up. */
  spend(source: string): void;
  spent(source: string): number;
  /** Requests to all sources together. */
  total(): number;
}

/** @param limit how many requests one operation may make to one source */
export function createRequestBudget(limit: number): RequestBudget {
  const counts = new Map<string, number>();
  let total = 0;
  return {
    spend: (source) => {
      const count = (counts.get(source) ?? 0) + 1;
      if (count > limit) {
        const advice = 'Ask for fewer items or fields at once.';
        throw new SourceError(
          'REQUEST_LIMIT',
          `This operation needs more than ${limit} requests to ${source}. ${advice}`,
          {
            source,
          },
        );
      }
      counts.set(source, count);
      total += 1;
    },
    spent: (source) => counts.get(source) ?? 0,
    total: () => total,
  };
}

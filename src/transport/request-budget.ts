import { SourceError } from './source-error.ts';

/** Counts the upstream requests of one GraphQL operation, per source. */
export interface RequestBudget {
  /** Notes one request. Throws `REQUEST_LIMIT` when the source's allowance is used up. */
  spend(source: string): void;
  spent(source: string): number;
  /** Requests to all sources together. */
  total(): number;
}

class Budget implements RequestBudget {
  readonly #limit: number;
  #counts: Map<string, number> | undefined;
  #total = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  spend(source: string): void {
    const count = this.spent(source) + 1;
    if (count > this.#limit) {
      const message = `This operation needs more than ${this.#limit} requests to ${source}.`;
      throw new SourceError('REQUEST_LIMIT', `${message} Ask for fewer items or fields at once.`, { source });
    }
    this.#counts ??= new Map();
    this.#counts.set(source, count);
    this.#total += 1;
  }

  spent(source: string): number {
    return this.#counts?.get(source) ?? 0;
  }

  total(): number {
    return this.#total;
  }
}

/** @param limit how many requests one operation may make to one source */
export const createRequestBudget = (limit: number): RequestBudget => new Budget(limit);

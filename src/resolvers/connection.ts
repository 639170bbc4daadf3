import type { SourceError } from '../transport/source-error.ts';

export const DEFAULT_PAGE_SIZE = 20;

export interface PageArguments {
  readonly first?: number | null | undefined;
  readonly after?: string | null | undefined;
}

/** An item of a page; one that could not be read is an error in its place. */
export interface Edge<T> {
  readonly cursor: string;
  readonly node: T | SourceError;
}

export interface PageInfo {
  readonly hasNextPage: boolean;
  readonly startCursor: string | undefined;
  readonly endCursor: string | undefined;
  /** The list has changed so much that something may have been missed or come twice. */
  readonly shifted: boolean;
}

export interface Connection<T> {
  readonly edges: readonly Edge<T>[];
  readonly pageInfo: PageInfo;
  readonly totalCount: number | undefined;
}

export const pageSize = ({ first }: PageArguments): number => first ?? DEFAULT_PAGE_SIZE;

export interface PageFacts {
  readonly hasNextPage: boolean;
  readonly totalCount?: number | undefined;
  readonly shifted?: boolean;
  /** Where to go on, where that is not behind the last edge. */
  readonly endCursor?: string | undefined;
}

/** Puts a page together from its edges. */
export function toConnection<T>(edges: readonly Edge<T>[], rest: PageFacts): Connection<T> {
  return {
    edges,
    totalCount: rest.totalCount,
    pageInfo: {
      hasNextPage: rest.hasNextPage,
      startCursor: edges[0]?.cursor,
      endCursor: rest.endCursor ?? edges.at(-1)?.cursor,
      shifted: rest.shifted ?? false,
    },
  };
}

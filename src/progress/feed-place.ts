import { z } from 'zod';

/** Where a feed of transfers goes on: its token, and what has to be known with it. */
export interface FeedPlace {
  readonly token: string;
  readonly nodeId: string | undefined;
  readonly historyMs: number;
  readonly goodMs: number;
  readonly isLost: boolean;
}

/** Clocks of two gateway processes differ by seconds at most: the times in it are compared with minutes. */
const shape = z.object({
  token: z.string(),
  nodeId: z.string().optional(),
  historyMs: z.number(),
  goodMs: z.number(),
  isLost: z.boolean(),
});

export const encodePlace = ({ token, nodeId, historyMs, goodMs, isLost }: FeedPlace): string =>
  JSON.stringify({ token, nodeId, historyMs, goodMs, isLost });

/** Nothing for a text that was not made by `encodePlace`: then the feed begins anew. */
export function decodePlace(text: string): FeedPlace | undefined {
  try {
    const { nodeId, ...place } = shape.parse(JSON.parse(text));
    return { nodeId, ...place };
  } catch {
    return undefined;
  }
}

import { answerQuestions } from '../kit/child.ts';
import { cpuMs } from '../kit/usage.ts';
import { byGraph } from './by-graph.ts';
import { byHand } from './by-hand.ts';
import type { Address, List } from './list.ts';

/** The process of whoever reads the lists, through the graph or by hand. */
type Question =
  | { readonly ask: 'open'; readonly list: List; readonly way: Way; readonly address: Address }
  /** Reads on for so many pages. */
  | { readonly ask: 'read'; readonly pages: number }
  | { readonly ask: 'cpu' };

export type Way = 'by hand' | 'graph';

export interface Part {
  readonly milliseconds: number;
  /** Pages that were read; fewer than asked for at the end of the list. */
  readonly pages: number;
  /** Entries that have come so far, each counted once. */
  readonly distinct: number;
  /** The same, however often each has come. */
  readonly entries: number;
}

const ways = { 'by hand': byHand, graph: byGraph };

let pages: AsyncGenerator<readonly string[]> | undefined;
let seen = new Set<string>();
let entries = 0;

async function read(wanted: number): Promise<Part> {
  const begun = performance.now();
  let count = 0;
  while (count < wanted) {
    const page = await pages?.next();
    if (!page || page.done) break;
    count += 1;
    entries += page.value.length;
    for (const key of page.value) seen.add(key);
  }
  return { milliseconds: performance.now() - begun, pages: count, distinct: seen.size, entries };
}

answerQuestions<Question>(async (question) => {
  if (question.ask === 'read') return read(question.pages);
  if (question.ask === 'cpu') return { cpuMs: cpuMs() };
  pages = ways[question.way][question.list](question.address);
  seen = new Set();
  entries = 0;
  return {};
});

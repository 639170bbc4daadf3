import type { Child } from '../kit/child.ts';
import type { Memory } from '../kit/usage.ts';
import { type Address, type List, PAGE } from './list.ts';
import type { Part, Way } from './read.ts';

export interface Processes {
  readonly gateway: Child;
  readonly servers: Child;
  readonly reader: Child;
}

/** A list that has been read to its end once. */
export interface Reading {
  readonly pages: number;
  /** Of the whole list. */
  readonly milliseconds: number;
  /** Of each quarter. */
  readonly quarters: readonly number[];
  /** CPU of each process in milliseconds: reader, gateway and vendors' servers. */
  readonly cpuMs: readonly number[];
  /** Requests to the vendor's server. */
  readonly requests: number;
  /** What lived in the gateway at the start, after half of the list, and at the end; nothing where it is not weighed. */
  readonly liveBytes: readonly number[];
}

export interface Wanted {
  readonly list: List;
  readonly way: Way;
  readonly entries: number;
  /** Whether it is found out what lives in the gateway: for that garbage is collected, which costs time. */
  readonly isWeighed: boolean;
}

/** Until code that is run often has been compiled, and sockets are open. */
const WARM_UP_PAGES = 100;

const PATIENCE_MS = 600_000;

function check({ list, way, entries }: Wanted, { distinct, entries: read }: Part): void {
  if (distinct === entries && read === entries) return;
  throw new Error(`${list}, ${way}: ${read} entries, ${distinct} of them different, instead of ${entries}`);
}

/** Reads a list to its end in four parts, and counts along. */
export async function readList(
  { gateway, servers, reader }: Processes,
  address: Address,
  wanted: Wanted,
): Promise<Reading> {
  const { list, way, entries, isWeighed } = wanted;
  const open = () => reader.ask({ ask: 'open', list, way, address });
  const read = (pages: number) => reader.ask<Part>({ ask: 'read', pages }, PATIENCE_MS);
  const liveBytes: number[] = [];
  const weigh = async () => {
    if (isWeighed) liveBytes.push((await gateway.ask<Memory>({ ask: 'memory' })).liveBytes);
  };
  const takeRequests = async () => (await servers.ask<{ count: number }>({ ask: 'requests' })).count;
  const cpu = async () =>
    (await Promise.all([reader, gateway, servers].map((child) => child.ask<{ cpuMs: number }>({ ask: 'cpu' })))).map(
      ({ cpuMs }) => cpuMs,
    );
  await open();
  await read(WARM_UP_PAGES);
  await open();
  await weigh();
  await takeRequests();
  const quarter = Math.ceil(entries / PAGE / 4);
  const parts: Part[] = [];
  const cpuMs = [0, 0, 0];
  for (let part = 0; part < 4; part += 1) {
    // The last part reads on until there is nothing more.
    const before = await cpu();
    parts.push(await read(part < 3 ? quarter : 2 * quarter));
    const after = await cpu();
    for (const [index, used] of after.entries()) cpuMs[index] = (cpuMs[index] ?? 0) + used - (before[index] ?? 0);
    if (part % 2 === 1) await weigh();
  }
  const last = parts.at(-1);
  if (last) check(wanted, last);
  return {
    pages: parts.reduce((sum, { pages }) => sum + pages, 0),
    milliseconds: parts.reduce((sum, part) => sum + part.milliseconds, 0),
    quarters: parts.map(({ milliseconds, pages }) => milliseconds / Math.max(1, pages)),
    cpuMs,
    requests: await takeRequests(),
    liveBytes,
  };
}

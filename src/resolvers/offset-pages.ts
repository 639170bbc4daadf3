import { createHash } from 'node:crypto';

/**
 * Pages of a list that the vendor cuts by offset, while rows come, go and move: a cursor remembers the last rows that
 * were given, and the next page begins behind them, wherever they are by now.
 */

/** Where a page ended. */
export interface OffsetPosition {
  /** Offset of the last row that was given and could be read. */
  readonly offset: number;
  /** Marks of the last rows that were given, newest last. */
  readonly last: readonly string[];
  /** Marks of rows that were given and may come again further on. */
  readonly ahead: readonly string[];
}

/** Rows as the vendor gives them from one offset on. */
export interface OffsetRows<Row> {
  readonly rows: readonly Row[];
  readonly hasMore: boolean;
  readonly total: number | undefined;
}

export interface OffsetList<Row> {
  readonly read: (offset: number, limit: number) => Promise<OffsetRows<Row>>;
  /** Undefined for a row that cannot be read. */
  readonly idOf: (row: Row) => string | undefined;
}

/** A page, and the position behind each of its rows. */
export interface OffsetPage<Row> {
  readonly rows: readonly { readonly row: Row; readonly position: OffsetPosition }[];
  readonly hasMore: boolean;
  readonly total: number | undefined;
  /** The list has changed so much that something may have been missed or come twice. */
  readonly shifted: boolean;
}

/** How many of the last rows a cursor remembers: most of them are enough to find the place again. */
const REMEMBERED = 5;

/** How many rows that may come again a cursor remembers. */
const MAX_AHEAD = 10;

/** Pages that are read at most in each direction to find the place again. */
const MAX_PAGES = 2;

const areMarks = (value: unknown): boolean => Array.isArray(value) && value.every((mark) => typeof mark === 'string');

/** Whether a value from a cursor can be a position. */
export const isOffsetPosition = (value: unknown): value is OffsetPosition => {
  const { offset, last, ahead } = (value ?? {}) as Partial<OffsetPosition>;
  return Number.isSafeInteger(offset) && Number(offset) >= 0 && areMarks(last) && areMarks(ahead);
};

/** A row and its mark: ids may be whole paths, too long for a cursor. */
interface Seen<Row> {
  readonly row: Row;
  /** Undefined when neither it nor a row before it could be read. */
  readonly mark: string | undefined;
  readonly isReadable: boolean;
}

/** What of the list has been seen for one page. */
interface Sight<Row> {
  /** Offset of the first of the rows. */
  readonly start: number;
  readonly rows: readonly Seen<Row>[];
  readonly hasMore: boolean;
  readonly total: number | undefined;
  /** The parts that it was put together from fit: nothing changed between the calls. */
  readonly isWhole: boolean;
}

const markOf = (id: string) => createHash('sha256').update(id).digest('base64url').slice(0, 11);

async function look<Row>({ read, idOf }: OffsetList<Row>, start: number, limit: number): Promise<Sight<Row>> {
  const { rows, hasMore, total } = await read(start, limit);
  let mark: string | undefined;
  const seen = rows.map((row) => {
    const id = idOf(row);
    // A row that cannot be read is known by its place, so that it is not given twice.
    if (id !== undefined) mark = markOf(id);
    else if (mark !== undefined) mark = markOf(`behind ${mark}`);
    return { row, mark, isReadable: id !== undefined };
  });
  return { start, rows: seen, hasMore, total, isWhole: true };
}

/** Reads the page before, overlapping by one row. */
async function lookBack<Row>(list: OffsetList<Row>, sight: Sight<Row>, size: number): Promise<Sight<Row>> {
  const start = Math.max(0, sight.start - size);
  const length = sight.start - start;
  const { rows } = await look(list, start, length + 1);
  const isWhole = sight.isWhole && rows[length]?.mark === sight.rows[0]?.mark;
  return { ...sight, start, rows: [...rows.slice(0, length), ...sight.rows], isWhole };
}

/** Reads the page behind, overlapping by one row. */
async function lookOn<Row>(list: OffsetList<Row>, sight: Sight<Row>, size: number): Promise<Sight<Row>> {
  const last = sight.rows.length - 1;
  const { rows, hasMore, total } = await look(list, sight.start + last, size + 1);
  const isWhole = sight.isWhole && rows[0]?.mark === sight.rows[last]?.mark;
  return { ...sight, rows: [...sight.rows.slice(0, last), ...rows], hasMore, total, isWhole };
}

/** Places of rows with one of these marks, first one first. */
const placesOf = <Row>({ rows }: Sight<Row>, marks: readonly string[]): readonly number[] =>
  rows.flatMap(({ mark }, index) => (mark !== undefined && marks.includes(mark) ? [index] : []));

/**
 * Index behind the last rows that were given. A single one of them may have moved: the middle one is where the others
 * are, and those that follow it without a gap belong to them.
 */
function indexBehind(places: readonly number[]): number | undefined {
  const middle = places[Math.floor((places.length - 1) / 2)];
  if (middle === undefined) return undefined;
  let behind = middle + 1;
  while (places.includes(behind)) behind += 1;
  return behind;
}

interface Found<Row> {
  readonly sight: Sight<Row>;
  /** Where the page begins; undefined when nothing known is in sight. */
  readonly behind: number | undefined;
  /** Rows that come before those in sight, newest last. */
  readonly before: readonly string[];
  /** Rows that were given and are not known to be behind the reader. */
  readonly ahead: readonly string[];
}

const canGoOn = <Row>({ hasMore, rows }: Sight<Row>) => hasMore && rows.length > 0;

/** Looks for the place: first where it was, then before, because rows go more often than they come, then further on. */
async function search<Row>(list: OffsetList<Row>, position: OffsetPosition, size: number): Promise<Found<Row>> {
  const { offset, last, ahead } = position;
  let sight = await look(list, offset, size + 1);
  if (sight.rows[0]?.mark === last.at(-1)) return { sight, behind: 1, before: last.slice(0, -1), ahead };
  // Behind the end of a list that has shrunk there is nothing to see: look back from its end.
  if (sight.rows.length === 0) sight = { ...sight, start: Math.min(offset, sight.total ?? offset) };
  const isFound = () => placesOf(sight, last).length * 2 > last.length;
  for (let pages = 0; !isFound() && sight.start > 0 && pages < MAX_PAGES; pages += 1) {
    sight = await lookBack(list, sight, size);
  }
  for (let pages = 0; !isFound() && canGoOn(sight) && pages < MAX_PAGES; pages += 1) {
    sight = await lookOn(list, sight, size);
  }
  return { sight, behind: indexBehind(placesOf(sight, last)), before: [], ahead: [...ahead, ...last] };
}

/** The rows of a page with the position behind each of them. */
function toPage<Row>(found: Found<Row>, indexes: readonly number[]): OffsetPage<Row>['rows'] {
  const { sight, before, ahead } = found;
  const marks = sight.rows.map(({ mark }) => mark);
  return indexes.flatMap((index) => {
    const seen = sight.rows[index];
    if (!seen) return [];
    const passed = marks.slice(0, index + 1).filter((mark) => mark !== undefined);
    const readable = sight.rows.slice(0, index + 1).findLastIndex(({ isReadable }) => isReadable);
    const position = {
      offset: sight.start + (readable < 0 ? index : readable),
      last: [...before, ...passed].slice(-REMEMBERED),
      ahead: ahead.filter((mark) => !passed.includes(mark)).slice(-MAX_AHEAD),
    };
    return [{ row: seen.row, position }];
  });
}

async function pageBehind<Row>(list: OffsetList<Row>, after: OffsetPosition, size: number): Promise<OffsetPage<Row>> {
  const found = await search(list, after, size);
  let { sight } = found;
  // Where nothing known is in sight, whether anything was missed cannot be told: go on at the same offset.
  const from = found.behind ?? Math.max(0, after.offset + 1 - sight.start);
  const known = new Set([...after.last, ...after.ahead]);
  const freshIndexes = () =>
    sight.rows.flatMap(({ mark }, index) => (index < from || (mark !== undefined && known.has(mark)) ? [] : [index]));
  // What was read to find the place may not reach to the end of the page.
  if (freshIndexes().length < size && canGoOn(sight)) sight = await lookOn(list, sight, size + known.size);
  const fresh = freshIndexes();
  return {
    rows: toPage({ ...found, sight }, fresh.slice(0, size)),
    hasMore: sight.hasMore || fresh.length > size,
    total: sight.total,
    shifted: found.behind === undefined || !sight.isWhole,
  };
}

/** A page of no rows still tells how many there are; no vendor says what asking for none of them means. */
async function firstPage<Row>(list: OffsetList<Row>, size: number): Promise<OffsetPage<Row>> {
  const sight = await look(list, 0, Math.max(1, size));
  const rows = toPage({ sight, behind: 0, before: [], ahead: [] }, [...sight.rows.keys()].slice(0, size));
  return { rows, hasMore: sight.hasMore || sight.rows.length > size, total: sight.total, shifted: false };
}

/** The page behind a position, or the first one. One call; a few more when the list has changed meanwhile. */
export const readOffsetPage = <Row>(
  list: OffsetList<Row>,
  after: OffsetPosition | undefined,
  size: number,
): Promise<OffsetPage<Row>> => (after ? pageBehind(list, after, size) : firstPage(list, size));

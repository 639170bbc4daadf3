import { isAscii } from 'node:buffer';

/** Reads the JSON of upstream answers out of the pieces in which it came. */

/**
 * Characters from which on a text is a large object to V8 where it has two bytes for each: such an object has memory pages
 * of its own, which are asked for and given back each time, and cost more than all the rest of reading it
 * (docs/performance.md).
 */
const LARGE_CHARACTERS = 65_536;

/** Longer answers are put together in memory of their own. */
const MAX_GATHERED_BYTES = 1_048_576;

/** Where the pieces of one answer after the other are put together: nothing of it is used once the answer has been read. */
let gathered = Buffer.alloc(0);

/** The pieces in one. What it gives may be overwritten with the next call. */
function gather(chunks: readonly Buffer[]): Buffer {
  const [only] = chunks;
  if (only && chunks.length === 1) return only;
  const length = chunks.reduce((sum, chunk) => sum + chunk.length, 0);
  if (length > MAX_GATHERED_BYTES) return Buffer.concat(chunks, length);
  if (length > gathered.length) gathered = Buffer.allocUnsafeSlow(Math.min(2 * length, MAX_GATHERED_BYTES));
  let end = 0;
  for (const chunk of chunks) end += chunk.copy(gathered, end);
  return gathered.subarray(0, end);
}

const BACKSLASH = 0x5c;

/** Of a byte, and of four, what none of ASCII has. */
const HIGH_BIT = 0x80;
const HIGH_BITS = 0x80808080;

/** Where the first byte is, from here on, that is not ASCII. */
function highFrom(bytes: Buffer, view: DataView, from: number): number {
  let at = from;
  while (at + 4 <= bytes.length && (view.getInt32(at) & HIGH_BITS) === 0) at += 4;
  while (at < bytes.length && (bytes[at] ?? 0) < HIGH_BIT) at += 1;
  return at;
}

/** Where the first byte is, from here on, that is ASCII. */
function lowFrom(bytes: Buffer, from: number): number {
  let at = from;
  while (at < bytes.length && (bytes[at] ?? 0) >= HIGH_BIT) at += 1;
  return at;
}

function escaped(text: string): string {
  let escapes = '';
  for (let index = 0; index < text.length; index += 1) {
    escapes += `\\u${text.charCodeAt(index).toString(16).padStart(4, '0')}`;
  }
  return escapes;
}

/**
 * The same JSON with one byte for each character: what is not ASCII is escaped (RFC 8259 §7). Undefined where that comes
 * after a backslash, with which an escape would make something else.
 */
function escapeJson(bytes: Buffer): string | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const text = bytes.toString('latin1');
  let json = '';
  let from = 0;
  for (let at = highFrom(bytes, view, from); at < bytes.length; at = highFrom(bytes, view, from)) {
    if (bytes[at - 1] === BACKSLASH) return undefined;
    json += text.slice(from, at);
    from = lowFrom(bytes, at);
    json += escaped(bytes.toString('utf8', at, from));
  }
  return json + text.slice(from);
}

/** What a large answer that is not all ASCII says; undefined where it has to be read as it came. */
function parseEscaped(bytes: Buffer): unknown {
  const json = escapeJson(bytes);
  try {
    return json === undefined ? undefined : JSON.parse(json);
  } catch {
    return undefined;
  }
}

/** The beginning of a second answer behind JSON: a bug of nodes in what concerns syncs (aspera-node-api.md §1.1). */
const secondAnswer = /(?<=[}\]])\s*HTTP\/1\.\d \d{3} /;

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const end = text.search(secondAnswer);
    if (end < 0) throw error;
    return JSON.parse(text.slice(0, end));
  }
}

/** The bytes of an answer as text, without the mark that some servers put before it (RFC 8259 §8.1). */
function textOf(bytes: Buffer): string {
  const text = bytes.toString();
  return text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
}

/**
 * What an answer says; undefined when it is empty.
 * @throws SyntaxError when it is not JSON
 */
export function readJson(chunks: readonly Buffer[]): unknown {
  const bytes = gather(chunks);
  const value = bytes.length < LARGE_CHARACTERS || isAscii(bytes) ? undefined : parseEscaped(bytes);
  if (value !== undefined) return value;
  const text = textOf(bytes);
  return text.trim() === '' ? undefined : parse(text);
}

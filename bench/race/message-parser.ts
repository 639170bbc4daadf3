/** What is told of a stream of HTTP/1.1 messages. Buffers are only good during the call: their memory is used again. */
export interface MessageListener {
  /** Start line and headers, without the empty line behind them. */
  head(text: string): void;
  /** A part of the body, from `start` to before `end`. */
  body(buffer: Buffer, start: number, end: number): void;
  /** The message is complete. */
  end(): void;
}

/** Takes the first `length` bytes of a buffer; messages may be cut anywhere. */
export type MessageParser = (buffer: Buffer, length: number) => void;

const END_OF_HEAD = Buffer.from('\r\n\r\n');
const END_OF_LINE = Buffer.from('\r\n');
const LENGTH = /\r\ncontent-length: *(\d+)/i;
const CHUNKED = /\r\ntransfer-encoding: *chunked/i;

/** `line` reads the size of a chunk, `gap` the line end behind one, `trailer` what follows the last. */
type Place = 'head' | 'fixed' | 'line' | 'chunk' | 'gap' | 'trailer';

interface State {
  place: Place;
  /** Bytes that the body or chunk still has. */
  left: number;
  /** The beginning of a head or line that was cut. */
  carried: Buffer;
}

const nothing = Buffer.alloc(0);

/** Text up to the mark, and where it ends in the buffer; undefined when the mark has not come yet. */
function readUntil(state: State, mark: Buffer, buffer: Buffer, start: number, length: number) {
  if (state.carried.length === 0) {
    const found = buffer.indexOf(mark, start);
    if (found >= 0 && found + mark.length <= length) {
      return { text: buffer.toString('latin1', start, found), next: found + mark.length };
    }
    state.carried = Buffer.from(buffer.subarray(start, length));
    return undefined;
  }
  const known = state.carried.length;
  const whole = Buffer.concat([state.carried, buffer.subarray(start, length)]);
  const found = whole.indexOf(mark, Math.max(0, known - mark.length + 1));
  if (found < 0) {
    state.carried = whole;
    return undefined;
  }
  state.carried = nothing;
  return { text: whole.toString('latin1', 0, found), next: start + found + mark.length - known };
}

function beginBody(state: State, head: string): void {
  const length = LENGTH.exec(head)?.[1];
  if (length !== undefined) state.place = 'fixed';
  else state.place = CHUNKED.test(head) ? 'line' : 'fixed';
  state.left = Number(length ?? 0);
}

function beginChunk(state: State, line: string): void {
  state.left = Number.parseInt(line, 16);
  if (Number.isNaN(state.left)) throw new Error(`${JSON.stringify(line)} is no size of a chunk`);
  state.place = state.left === 0 ? 'trailer' : 'chunk';
}

/**
 * Reads messages with a length or in chunks. A message with neither has no body, which holds for requests; a response
 * that ends with its connection is not understood.
 */
export function createMessageParser(listener: MessageListener): MessageParser {
  const state: State = { place: 'head', left: 0, carried: nothing };
  const finish = () => {
    state.place = 'head';
    listener.end();
  };
  const readBytes = (buffer: Buffer, start: number, length: number) => {
    const end = Math.min(length, start + state.left);
    if (end > start) listener.body(buffer, start, end);
    state.left -= end - start;
    if (state.left > 0) return end;
    if (state.place === 'chunk') state.place = 'gap';
    else finish();
    return end;
  };
  const onText: Readonly<Record<Exclude<Place, 'fixed' | 'chunk'>, (text: string) => void>> = {
    head: (text) => {
      listener.head(text);
      beginBody(state, text);
      if (state.place === 'fixed' && state.left === 0) finish();
    },
    line: (text) => beginChunk(state, text),
    gap: () => {
      state.place = 'line';
    },
    trailer: (text) => {
      if (text === '') finish();
    },
  };
  return (buffer, length) => {
    let start = 0;
    while (start < length) {
      const { place } = state;
      if (place === 'fixed' || place === 'chunk') {
        start = readBytes(buffer, start, length);
        continue;
      }
      const found = readUntil(state, place === 'head' ? END_OF_HEAD : END_OF_LINE, buffer, start, length);
      if (!found) return;
      onText[place](found.text);
      start = found.next;
    }
  };
}

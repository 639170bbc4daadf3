import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createMessageParser } from '../../../bench/race/message-parser.ts';

interface Message {
  readonly head: string;
  readonly body: string;
}

const withLength = (body: string): string =>
  `HTTP/1.1 200 OK\r\nContent-Type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;

/** In chunks of so many bytes, the last one with a trailer behind it. */
function inChunks(body: string, size: number): string {
  const bytes = Buffer.from(body);
  const chunks: string[] = [];
  for (let start = 0; start < bytes.length; start += size) {
    const chunk = bytes.subarray(start, start + size);
    chunks.push(`${chunk.length.toString(16)};a=b\r\n${chunk.toString('latin1')}\r\n`);
  }
  return `HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n${chunks.join('')}0\r\nx-trailer: 1\r\n\r\n`;
}

/** Reads pieces that all lie in the same memory, as sockets give them. */
function readAll(pieces: readonly Buffer[]): Message[] {
  const messages: Message[] = [];
  let head = '';
  let body: Buffer[] = [];
  const parse = createMessageParser({
    head: (text) => {
      head = text;
    },
    body: (buffer, start, end) => void body.push(Buffer.from(buffer.subarray(start, end))),
    end: () => {
      messages.push({ head, body: Buffer.concat(body).toString('latin1') });
      body = [];
    },
  });
  const memory = Buffer.alloc(Math.max(1, ...pieces.map(({ length }) => length)), '\r\n\r\n');
  for (const piece of pieces) {
    piece.copy(memory);
    parse(memory, piece.length);
  }
  return messages;
}

function cut(text: string, places: readonly number[]): Buffer[] {
  const bytes = Buffer.from(text, 'latin1');
  const sorted = [0, ...places.map((place) => place % (bytes.length + 1)), bytes.length].toSorted((a, b) => a - b);
  return sorted.slice(1).map((end, index) => bytes.subarray(sorted[index], end));
}

describe('createMessageParser', () => {
  it('finds every message, wherever the bytes are cut', () => {
    const body = fc.string({ unit: 'binary-ascii', maxLength: 60 });
    const message = fc.oneof(
      body.map((text) => ({ body: text, wire: withLength(text) })),
      fc
        .tuple(body, fc.integer({ min: 1, max: 20 }))
        .map(([text, size]) => ({ body: text, wire: inChunks(text, size) })),
    );
    fc.assert(
      fc.property(fc.array(message, { maxLength: 4 }), fc.array(fc.nat(), { maxLength: 12 }), (messages, places) => {
        const found = readAll(cut(messages.map(({ wire }) => wire).join(''), places));
        expect(found.map((one) => one.body)).toEqual(messages.map((one) => one.body));
        expect(found.every(({ head }) => head.startsWith('HTTP/1.1 200 OK\r\n'))).toBe(true);
      }),
    );
  });

  it('takes a request without a length for one without a body', () => {
    expect(readAll([Buffer.from('GET / HTTP/1.1\r\nhost: a\r\n\r\nGET /b HTTP/1.1\r\nhost: a\r\n\r\n')])).toEqual([
      { head: 'GET / HTTP/1.1\r\nhost: a', body: '' },
      { head: 'GET /b HTTP/1.1\r\nhost: a', body: '' },
    ]);
  });

  it('refuses a chunk without a size', () => {
    const wire = 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nnothing\r\n';
    expect(() => readAll([Buffer.from(wire)])).toThrow('"nothing" is no size of a chunk');
  });
});

/** Of a frame that is a whole text message: FIN and the opcode for text (RFC 6455 §5.2). Servers do not mask. */
const WHOLE_TEXT = 0x81;

/** Up to here a length is said in one byte, and up to there in two more. */
const SHORT = 125;
const MEDIUM = 0xffff;

/** The head of a frame and what comes first in its message, of whose `length` bytes the others follow. */
export function beginTextFrame(first: Buffer, length: number): Buffer {
  const extra = length <= SHORT ? 0 : length <= MEDIUM ? 2 : 8;
  const head = Buffer.allocUnsafe(2 + extra + first.length);
  head[0] = WHOLE_TEXT;
  if (extra === 0) head[1] = length;
  else if (extra === 2) {
    head[1] = 126;
    head.writeUInt16BE(length, 2);
  } else {
    head[1] = 127;
    head.writeBigUInt64BE(BigInt(length), 2);
  }
  first.copy(head, 2 + extra);
  return head;
}

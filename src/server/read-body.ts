import type { IncomingMessage } from 'node:http';

/** What is done with the body of a request. */
export interface BodyReader {
  readonly onBody: (body: Buffer) => void;
  /** The client has gone before its request had come. */
  readonly onGone: () => void;
}

/** Reads the whole body of a request whose length is known to be allowed. */
export function readBody(request: IncomingMessage, { onBody, onGone }: BodyReader): void {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => void chunks.push(chunk));
  request.on('end', () => {
    const [only] = chunks;
    onBody(chunks.length === 1 && only ? only : Buffer.concat(chunks));
  });
  request.on('error', onGone);
}

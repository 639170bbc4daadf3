import { connect } from 'node:net';
import { createMessageParser } from './message-parser.ts';
import type { PreparedRequest } from './requests.ts';

/** Requests over connections that each wait for the answer before they ask again. */
export interface Traffic {
  readonly port: number;
  readonly connections: number;
  /** What to ask next; nothing when it is over. */
  next(): PreparedRequest | undefined;
  /** An answer has come. */
  onAnswer(answer: Answer): void;
}

export interface Answer {
  readonly request: PreparedRequest;
  readonly isSuccess: boolean;
  readonly bodyBytes: number;
  /** Milliseconds from the first byte of the request to the last of the answer. */
  readonly ms: number;
}

const RECEIVE_BYTES = 65_536;

/** Resolves when there is nothing more to ask and everything has been answered. */
function openConnection({ port, next, onAnswer }: Traffic): Promise<void> {
  return new Promise((resolve, reject) => {
    let request: PreparedRequest | undefined;
    let sentAt = 0;
    let isSuccess = false;
    let bodyBytes = 0;
    const ask = () => {
      request = next();
      if (!request) {
        socket.end(() => resolve());
        return;
      }
      bodyBytes = 0;
      sentAt = performance.now();
      socket.write(request.bytes);
    };
    const parse = createMessageParser({
      head: (text) => {
        isSuccess = text.startsWith('HTTP/1.1 200 ');
      },
      body: (_buffer, start, end) => {
        bodyBytes += end - start;
      },
      end: () => {
        if (request) onAnswer({ request, isSuccess, bodyBytes, ms: performance.now() - sentAt });
        ask();
      },
    });
    const onread = {
      buffer: Buffer.allocUnsafe(RECEIVE_BYTES),
      callback: (length: number, buffer: Uint8Array) => {
        parse(buffer as Buffer, length);
        return true;
      },
    };
    const socket = connect({ port, host: '127.0.0.1', noDelay: true, onread });
    socket.once('connect', ask);
    socket.once('error', reject);
    socket.once('close', () => {
      if (request) reject(new Error(`the server on port ${port} has closed a connection`));
      else resolve();
    });
  });
}

/** Opens all connections and resolves when it is over. */
export async function drive(traffic: Traffic): Promise<void> {
  await Promise.all(Array.from({ length: traffic.connections }, () => openConnection(traffic)));
}

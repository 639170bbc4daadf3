import type { ExecutionResult, GraphQLError } from 'graphql';
import type { Logger } from 'pino';
import type { WebSocket } from 'ws';

/** The sending side of one socket. */
export interface SocketLink {
  readonly isOpen: boolean;
  /** Resolves when the message is on its way, so that whoever waits sends no faster than the client reads. */
  send(message: object): Promise<void>;
  /** Says why, and ends the socket even if the client does not confirm it. */
  close(code: number, reason: string): void;
}

/** Bytes that may wait for a client; one that asks for more without reading is cut off. */
const MAX_UNREAD_BYTES = 16 * 1024 * 1024;

/** Milliseconds that a client gets to confirm the end of its socket. */
const CONFIRM_MS = 1_000;

/** A close reason has 123 bytes at most (RFC 6455 §5.5). */
const MAX_REASON_BYTES = 123;

/** A longer reason is cut between two characters. */
function reasonOf(text: string): string {
  const bytes = Buffer.from(text);
  if (bytes.length <= MAX_REASON_BYTES) return text;
  return bytes
    .subarray(0, MAX_REASON_BYTES)
    .toString('utf8')
    .replace(/\uFFFD$/, '');
}

export function createSocketLink(socket: WebSocket, logger: Pick<Logger, 'warn'>): SocketLink {
  const cutIfUnread = () => {
    const { bufferedAmount } = socket;
    if (bufferedAmount <= MAX_UNREAD_BYTES) return;
    logger.warn({ unreadBytes: bufferedAmount }, 'socket cut: its client does not read');
    socket.terminate();
  };
  return {
    get isOpen() {
      return socket.readyState === socket.OPEN;
    },
    send: (message) =>
      new Promise((resolve) => {
        cutIfUnread();
        if (socket.readyState === socket.OPEN) socket.send(JSON.stringify(message), () => resolve());
        else resolve();
      }),
    close: (code, reason) => {
      const timer = setTimeout(() => socket.terminate(), CONFIRM_MS);
      socket.once('close', () => clearTimeout(timer));
      socket.close(code, reasonOf(reason));
    },
  };
}

/** An error as it is told on a socket; what it says about HTTP is for the other door. */
export function formatError(error: GraphQLError) {
  const { extensions, ...rest } = error.toJSON();
  const { http: _http, ...shown } = extensions ?? {};
  return { ...rest, extensions: shown };
}

export const formatResult = ({ errors, ...rest }: ExecutionResult) => ({
  ...rest,
  ...(errors ? { errors: errors.map(formatError) } : {}),
});

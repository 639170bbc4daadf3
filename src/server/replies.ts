import type { ServerResponse } from 'node:http';
import type { JsonType } from './accepted-type.ts';

/** Sends answers. */
export interface Replies {
  /** Sends a successful answer with the others of this turn of the event loop. */
  send(reply: ServerResponse, type: JsonType, body: string | Buffer): void;
}

interface Ready {
  readonly reply: ServerResponse;
  readonly type: JsonType;
  readonly body: string | Buffer;
}

function send({ reply, type, body }: Ready): void {
  try {
    reply.writeHead(200, { 'content-type': `${type}; charset=utf-8`, 'content-length': Buffer.byteLength(body) });
    reply.end(body);
  } catch {
    // It was answered in another way. The others shall have their answers all the same.
    reply.destroy();
  }
}

/**
 * Sends the answers of one turn of the event loop one right after the other at its end. Whoever reads them on another core
 * is woken up for the first, and is still awake for the others: written one by one, between the work for them, each wakes
 * somebody up who has gone to sleep again, which costs more than the rest of writing it (docs/performance.md).
 */
export function createReplies(): Replies {
  let ready: Ready[] = [];
  const sendAll = () => {
    const sent = ready;
    ready = [];
    for (const one of sent) send(one);
  };
  return {
    send: (reply, type, body) => {
      ready.push({ reply, type, body });
      if (ready.length === 1) setImmediate(sendAll);
    },
  };
}

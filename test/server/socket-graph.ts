import type { Signal } from '../../src/transport/signal.ts';
import type { TestServerOptions } from './start-server.ts';

/** What runs in the graph of the socket tests at this moment, or has run. */
export const seen = { watching: 0, slowStarted: 0, slowAborted: 0 };

/** Tells nothing until its operation is over. */
async function* silence(signal: Signal) {
  seen.watching += 1;
  try {
    await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
    yield 'the end';
  } finally {
    seen.watching -= 1;
  }
}

async function* count({ to }: { to: number }) {
  for (let number = 1; number <= to; number += 1) yield number;
}

async function* breakAfterOne() {
  yield 1;
  throw new Error('the disk of secret-host-17 is full');
}

/** A graph with everything that a socket has to cope with. */
export const socketGraph: TestServerOptions = {
  schema: `
    type Query { ok: Boolean!, slow: Boolean, fails: Boolean }
    type Mutation { change: Boolean! }
    type Subscription { silence: String!, count(to: Int!): Int!, breaks: Int! }
  `,
  resolvers: {
    'Query.ok': () => true,
    'Query.slow': (_root, _args, { signal }) => {
      seen.slowStarted += 1;
      return new Promise((_resolve, reject) => {
        signal.addEventListener('abort', () => {
          seen.slowAborted += 1;
          reject(signal.reason);
        });
      });
    },
    'Query.fails': () => {
      throw new Error('password hunter2 was refused');
    },
    'Mutation.change': () => true,
    'Subscription.silence': (_root, _args, { signal }) => silence(signal),
    'Subscription.count': (_root, args) => count(args as { to: number }),
    'Subscription.breaks': () => breakAfterOne(),
  },
};

/** A `subscribe` message. */
export const subscribe = (id: string, query: string, variables?: object) => ({
  type: 'subscribe',
  id,
  payload: { query, variables },
});

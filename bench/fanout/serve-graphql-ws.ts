import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buildSchema } from 'graphql';
import { useServer } from 'graphql-ws/use/ws';
import { WebSocketServer } from 'ws';
import { type PlainEvent, pollPlainly, sdl } from './plain-feed.ts';
import type { StartServer } from './servers.ts';

type Listener = (event: PlainEvent) => void;

/** The events of one transfer for one subscriber, as they come. */
async function* listen(listeners: Set<Listener>): AsyncGenerator<PlainEvent> {
  const waiting: PlainEvent[] = [];
  let wake: (() => void) | undefined;
  const listener: Listener = (event) => {
    waiting.push(event);
    wake?.();
  };
  listeners.add(listener);
  try {
    for (;;) {
      const event = waiting.shift();
      if (event) yield event;
      else {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    }
  } finally {
    listeners.delete(listener);
  }
}

/** graphql-ws as its documentation sets it up, with one poll behind it. */
export const startGraphqlWs: StartServer = async ({ nodeUrl, intervalMs }) => {
  const topics = new Map<string, Set<Listener>>();
  const schema = buildSchema(sdl);
  const field = schema.getSubscriptionType()?.getFields().transferProgress;
  if (!field) throw new Error('the schema has no transferProgress');
  field.subscribe = (_root, { id }: { id: string }) => {
    const listeners = topics.get(id) ?? new Set();
    topics.set(id, listeners);
    return listen(listeners);
  };
  pollPlainly(nodeUrl, intervalMs, (id, event) => {
    for (const listener of topics.get(id) ?? []) listener(event);
  });
  const server = createServer();
  useServer({ schema }, new WebSocketServer({ server, path: '/graphql' }));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `ws://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`;
};

import { createClient } from 'graphql-ws';
import { WebSocket } from 'ws';

export interface GraphQLAnswer<Data> {
  readonly data?: Data | null;
  readonly errors?: readonly {
    readonly message: string;
    readonly path?: readonly unknown[];
    readonly extensions?: Record<string, unknown>;
  }[];
}

/** A GraphQL client as an application has one: HTTP for queries and mutations, WebSocket for subscriptions. */
export interface TestClient {
  send<Data = Record<string, unknown>>(
    query: string,
    variables?: object,
    operationName?: string,
  ): Promise<GraphQLAnswer<Data>>;
  /** The data of an answer that must have no errors. */
  data<Data = Record<string, unknown>>(query: string, variables?: object, operationName?: string): Promise<Data>;
  /** The events of a subscription; ends when the server completes it. */
  subscribe<Data>(query: string, variables?: object): AsyncIterableIterator<GraphQLAnswer<Data>>;
  close(): Promise<void>;
}

/** An `error` message of the protocol reaches the client as a thrown list; here it is an answer like any other. */
async function* readEvents<Data>(events: AsyncIterableIterator<GraphQLAnswer<Data>>) {
  try {
    yield* events;
  } catch (errors) {
    if (!Array.isArray(errors)) throw errors;
    yield { errors } as GraphQLAnswer<Data>;
  }
}

export const createTestClient = (url: string, webSocketUrl: string, key: string): TestClient =>
  createClientWith(url, webSocketUrl, { authorization: `Bearer ${key}` });

/** A client that sends headers of its own: over WebSocket in the payload of connection_init, as a browser has to. */
export function createClientWith(
  url: string,
  webSocketUrl: string,
  headers: Readonly<Record<string, string>>,
): TestClient {
  const socket = createClient({
    url: webSocketUrl,
    webSocketImpl: WebSocket,
    connectionParams: { ...headers },
    retryAttempts: 0,
  });
  const send = async <Data>(query: string, variables?: object, operationName?: string) => {
    const response = await fetch(url, {
      method: 'POST',
      headers: { ...headers, 'content-type': 'application/json' },
      body: JSON.stringify({ query, variables, operationName }),
    });
    return (await response.json()) as GraphQLAnswer<Data>;
  };
  return {
    send,
    data: async <Data>(query: string, variables?: object, operationName?: string) => {
      const answer = await send<Data>(query, variables, operationName);
      if (answer.errors || !answer.data) throw new Error(`unexpected answer: ${JSON.stringify(answer)}`);
      return answer.data;
    },
    subscribe: <Data>(query: string, variables?: object) =>
      readEvents<Data>(
        socket.iterate({ query, variables: { ...variables } }) as AsyncIterableIterator<GraphQLAnswer<Data>>,
      ),
    close: async () => {
      await socket.dispose();
    },
  };
}

import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { type ExecutionArgs, GraphQLError } from 'graphql';
import { CloseCode, type Context, GRAPHQL_TRANSPORT_WS_PROTOCOL } from 'graphql-ws';
import { type Extra, useServer } from 'graphql-ws/use/ws';
import type { YogaServerInstance } from 'graphql-yoga';
import { WebSocketServer } from 'ws';
import type { Authenticator } from '../identity/authenticate.ts';
import type { Viewer } from '../identity/viewer.ts';
import type { DoorContext } from './operation-plugin.ts';

export interface WebSocketSettings {
  readonly path: string;
  /** Largest message that is read, in bytes. */
  readonly maxPayloadBytes: number;
  /** Operations that one socket may have open at once. */
  readonly subscriptionsPerSocket: number;
  /** Milliseconds within which connection_init must come. */
  readonly initTimeoutMs: number;
}

export interface WebSocketDoor {
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  /** Closes every socket as "going away" and waits until they are closed. */
  close(): Promise<void>;
  readonly sockets: number;
}

/** What belongs to one socket. */
interface SocketState {
  viewer?: Viewer;
  expiry?: NodeJS.Timeout;
  readonly operations: Map<string, AbortController>;
}

type DoorSocket = Context<Readonly<Record<string, unknown>>, Extra & { state?: SocketState }>;
type Yoga = YogaServerInstance<DoorContext, object>;

interface Envelope {
  readonly execute: (args: ExecutionArgs) => never;
  readonly subscribe: (args: ExecutionArgs) => never;
}

/** setTimeout cannot wait longer than this; a token that lives longer outlives every socket. */
const MAX_TIMER_MS = 2_147_483_647;

/** A close reason may have 123 bytes at most (RFC 6455 §5.5). */
const reasonOf = (text: string) => (Buffer.byteLength(text) <= 123 ? text : 'Forbidden');

function stateOf(context: DoorSocket): SocketState {
  context.extra.state ??= { operations: new Map() };
  return context.extra.state;
}

function credentialOf(context: DoorSocket): string | undefined {
  const { authorization, Authorization } = context.connectionParams ?? {};
  const fromParams = authorization ?? Authorization;
  return typeof fromParams === 'string' ? fromParams : context.extra.request.headers.authorization;
}

/** The viewer is settled once, by connection_init; when their credential ends, so does the socket. */
async function connect(context: DoorSocket, authenticator: Authenticator): Promise<boolean> {
  const { socket } = context.extra;
  const state = stateOf(context);
  try {
    state.viewer = await authenticator.authenticate(credentialOf(context));
  } catch (error) {
    socket.close(CloseCode.Forbidden, reasonOf(error instanceof Error ? error.message : 'Forbidden'));
    return false;
  }
  const lifeMs = (state.viewer.expiresAt?.getTime() ?? Number.POSITIVE_INFINITY) - Date.now();
  if (lifeMs < MAX_TIMER_MS) {
    state.expiry = setTimeout(
      () => socket.close(CloseCode.Forbidden, 'Your token has expired; connect again with a new one.'),
      lifeMs,
    );
  }
  return true;
}

async function begin(
  context: DoorSocket,
  id: string,
  params: {
    query: string;
    operationName?: string | null | undefined;
    variables?: Record<string, unknown> | null | undefined;
  },
  yoga: Yoga,
  settings: WebSocketSettings,
) {
  const state = stateOf(context);
  if (Object.keys(context.subscriptions).length > settings.subscriptionsPerSocket) {
    const message = `At most ${settings.subscriptionsPerSocket} operations may be open on one socket.`;
    return [new GraphQLError(message, { extensions: { code: 'TOO_MANY_SUBSCRIPTIONS' } })];
  }
  const aborter = new AbortController();
  state.operations.set(id, aborter);
  const arrival = { viewer: state.viewer, signal: aborter.signal, params } as never;
  const { schema, execute, subscribe, contextFactory, parse, validate } = yoga.getEnveloped(arrival);
  const document = parse(params.query);
  const errors = validate(schema, document);
  if (errors.length > 0) return errors;
  return {
    schema,
    document,
    operationName: params.operationName,
    variableValues: params.variables,
    contextValue: await contextFactory(),
    rootValue: { execute, subscribe },
  };
}

function end(context: DoorSocket, id: string): void {
  const { operations } = stateOf(context);
  operations.get(id)?.abort();
  operations.delete(id);
}

function disconnect(context: DoorSocket): void {
  const state = stateOf(context);
  clearTimeout(state.expiry);
  for (const aborter of state.operations.values()) aborter.abort();
  state.operations.clear();
}

/** GraphQL over WebSocket (graphql-transport-ws), through the same pipeline as HTTP. */
export function createWebSocketDoor(
  yoga: Yoga,
  authenticator: Authenticator,
  settings: WebSocketSettings,
): WebSocketDoor {
  const server = new WebSocketServer({
    noServer: true,
    maxPayload: settings.maxPayloadBytes,
    // An unknown subprotocol is accepted here, so that the protocol library can close with 4406 and a reason.
    handleProtocols: (protocols) =>
      protocols.has(GRAPHQL_TRANSPORT_WS_PROTOCOL) ? GRAPHQL_TRANSPORT_WS_PROTOCOL : false,
  });
  const door = useServer<Readonly<Record<string, unknown>>, { state?: SocketState }>(
    {
      connectionInitWaitTimeout: settings.initTimeoutMs,
      execute: (args) => (args.rootValue as Envelope).execute(args),
      subscribe: (args) => (args.rootValue as Envelope).subscribe(args),
      onConnect: (context) => connect(context as DoorSocket, authenticator),
      onSubscribe: (context, id, params) => begin(context as DoorSocket, id, params, yoga, settings) as never,
      onComplete: (context, id) => end(context as DoorSocket, id),
      onClose: (context) => disconnect(context as DoorSocket),
    },
    server,
  );
  return {
    upgrade: (request, socket, head) => {
      server.handleUpgrade(request, socket, head, (opened) => server.emit('connection', opened, request));
    },
    close: async () => {
      await door.dispose();
    },
    get sockets() {
      return server.clients.size;
    },
  };
}

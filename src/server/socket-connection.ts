import type { IncomingMessage } from 'node:http';
import { CloseCode, type ConnectionInitMessage, type Message, MessageType, parseMessage } from 'graphql-ws';
import type { Logger } from 'pino';
import type { WebSocket } from 'ws';
import type { Caller } from '../context/actor.ts';
import type { TokenReader } from '../context/upstream-tokens.ts';
import type { Authenticator } from '../identity/authenticate.ts';
import { IdentityProviderUnavailable, Unauthenticated } from '../identity/unauthenticated.ts';
import { atExpiry } from './at-expiry.ts';
import type { Stalls } from './fan-out/stalls.ts';
import { maskRequestError } from './mask-error.ts';
import type { OperationObserver } from './operation-log.ts';
import type { RunOperation } from './run-operation.ts';
import { createSocketLink, type SocketLink } from './socket-link.ts';
import { createSocketOperations, type SocketOperations } from './socket-operations.ts';

export interface ConnectionDeps {
  readonly authenticator: Authenticator;
  /** Takes what callers send along for the sources; undefined where no source wants it. */
  readonly tokenReader?: TokenReader | undefined;
  readonly runOperation: RunOperation;
  readonly observer: OperationObserver;
  readonly logger: Logger;
  readonly stalls: Stalls;
  /** Milliseconds within which connection_init must come. */
  readonly initMs: number;
  /** Operations that one socket may have open at once. */
  readonly operationsAtOnce: number;
}

/** The protocol on one socket. */
export interface Connection {
  /** Whether the client is behind with reading: then its silence says nothing. */
  readonly isStalled: boolean;
  /** Begins nothing new, lets queries and mutations finish, then closes the socket as "going away". */
  drain(): void;
}

interface State {
  readonly link: SocketLink;
  readonly operations: SocketOperations;
  readonly deps: ConnectionDeps;
  /** What the Authorization header of the handshake said. */
  readonly authorization: string | undefined;
  /** What the handshake brought along for the sources, by header. */
  readonly brought: ReadonlyMap<string, unknown>;
  readonly initTimer: NodeJS.Timeout;
  forgetExpiry: () => void;
  isIntroduced: boolean;
  caller: Caller | undefined;
}

/** Codes of WebSocket itself (RFC 6455 §7.4.1, and IANA's registry of close codes). */
const GOING_AWAY = 1001;
const TRY_AGAIN_LATER = 1013;

/** Authorization in the payload of connection_init; a browser cannot set the header of a handshake. */
function credentialOf({ authorization }: State, payload: ConnectionInitMessage['payload']): string | undefined {
  const { authorization: lower, Authorization: upper } = (payload ?? {}) as Readonly<Record<string, unknown>>;
  const given = lower ?? upper;
  return typeof given === 'string' ? given : authorization;
}

/** Tokens in the payload of connection_init come before those of the handshake, as for the credential. */
function readTokens({ deps, brought }: State, payload: ConnectionInitMessage['payload']) {
  const given: Readonly<Record<string, unknown>> = payload ?? {};
  return deps.tokenReader?.read((header) => (Object.hasOwn(given, header) ? given[header] : brought.get(header)));
}

/** How a socket ends whose client could not be told who it is. */
function endingFor(error: unknown, { logger }: ConnectionDeps): readonly [code: number, reason: string] {
  if (error instanceof Unauthenticated) return [CloseCode.Forbidden, error.message];
  if (error instanceof IdentityProviderUnavailable) return [TRY_AGAIN_LATER, error.message];
  maskRequestError(error, logger);
  return [CloseCode.InternalServerError, 'Internal server error'];
}

const EXPIRED = 'Your token has expired; connect again with a new one.';

/** The viewer is settled once; when their credential ends, so does the socket. */
async function introduce(state: State, { payload }: ConnectionInitMessage): Promise<void> {
  const { link, deps } = state;
  if (state.isIntroduced) {
    return link.close(CloseCode.TooManyInitialisationRequests, 'Too many initialisation requests');
  }
  state.isIntroduced = true;
  clearTimeout(state.initTimer);
  try {
    const viewer = await deps.authenticator.authenticate(credentialOf(state, payload));
    if (!link.isOpen) return;
    state.caller = { viewer, upstreamTokens: readTokens(state, payload) };
    state.forgetExpiry = atExpiry(viewer, () => link.close(CloseCode.Forbidden, EXPIRED));
  } catch (error) {
    return link.close(...endingFor(error, deps));
  }
  return link.send({ type: MessageType.ConnectionAck });
}

async function act(state: State, message: Message | undefined): Promise<void> {
  const { link, operations, caller } = state;
  switch (message?.type) {
    case MessageType.ConnectionInit:
      return introduce(state, message);
    case MessageType.Ping:
      return link.send({ type: MessageType.Pong, ...(message.payload ? { payload: message.payload } : {}) });
    case MessageType.Pong:
      return undefined;
    case MessageType.Subscribe:
      if (!caller) return link.close(CloseCode.Unauthorized, 'Unauthorized');
      if (!operations.has(message.id)) return operations.begin(message, caller);
      return link.close(CloseCode.SubscriberAlreadyExists, `Subscriber for ${message.id} already exists`);
    case MessageType.Complete:
      return operations.end(message.id);
    default:
      // Also what only servers send.
      return link.close(CloseCode.BadRequest, 'Invalid message received');
  }
}

function read(data: Buffer, isBinary: boolean): Message | undefined {
  if (isBinary) return undefined;
  try {
    return parseMessage(data.toString('utf8'));
  } catch {
    return undefined;
  }
}

/** Speaks graphql-transport-ws (PROTOCOL.md of graphql-ws) on a socket that has just been opened. */
export function createConnection(socket: WebSocket, request: IncomingMessage, deps: ConnectionDeps): Connection {
  const { runOperation, observer, logger, operationsAtOnce, stalls } = deps;
  const link = createSocketLink(socket, { duplex: request.socket, stalls, logger });
  const operations = createSocketOperations({ link, runOperation, observer, logger, atOnce: operationsAtOnce });
  const initTimer = setTimeout(
    () => link.close(CloseCode.ConnectionInitialisationTimeout, 'Connection initialisation timeout'),
    deps.initMs,
  );
  const state: State = {
    ...{ link, operations, deps, initTimer },
    authorization: request.headers.authorization,
    brought: new Map(deps.tokenReader?.headers.map((header) => [header, request.headers[header]])),
    forgetExpiry: () => undefined,
    isIntroduced: false,
    caller: undefined,
  };
  socket.on('message', (data: Buffer, isBinary) => {
    if (!link.isOpen) return;
    act(state, read(data, isBinary)).catch((error) => link.close(...endingFor(error, deps)));
  });
  socket.once('close', () => {
    clearTimeout(initTimer);
    state.forgetExpiry();
    operations.endAll();
  });
  return {
    get isStalled() {
      return link.isStalled;
    },
    drain: () => operations.drain(() => link.close(GOING_AWAY, 'The gateway stops; connect again.')),
  };
}

import { type ExecutionResult, GraphQLError } from 'graphql';
import { MessageType, type SubscribeMessage } from 'graphql-ws';
import type { Logger } from 'pino';
import type { Caller } from '../context/actor.ts';
import { ClientGone } from '../context/end-of-operation.ts';
import type { Outlet } from './fan-out/outlet.ts';
import { formatError, formatResult } from './format-result.ts';
import { isAsyncIterable } from './is-async-iterable.ts';
import { maskRequestError } from './mask-error.ts';
import { isShared, type SharedResult } from './operation.ts';
import type { OperationObserver } from './operation-log.ts';
import type { OperationResult, RunOperation } from './run-operation.ts';
import { shuttingDown } from './shutting-down.ts';
import type { SocketLink } from './socket-link.ts';

export interface SocketOperationsDeps {
  readonly link: SocketLink;
  readonly runOperation: RunOperation;
  readonly observer: OperationObserver;
  readonly logger: Logger;
  /** Operations that one socket may have open at once. */
  readonly atOnce: number;
}

/** The operations of one socket, by the ids that the client gave them. */
export interface SocketOperations {
  has(id: string): boolean;
  begin(message: SubscribeMessage, caller: Caller): Promise<void>;
  /** Ends an operation, if there is one; its id is free again at once. */
  end(id: string): void;
  endAll(): void;
  /** Begins nothing more, and calls `onFinished` once no query or mutation runs; subscriptions have no end. */
  drain(onFinished: () => void): void;
}

interface Operation {
  readonly id: string;
  /** Ends what is done for it. */
  stop: () => void;
  isStream: boolean;
}

interface State {
  readonly deps: SocketOperationsDeps;
  readonly operations: Map<string, Operation>;
  onFinished: (() => void) | undefined;
}

const clientGone = new ClientGone();

/** Whether the client still wants to hear of it; the id may be that of another operation by now. */
const isWanted = ({ operations }: State, operation: Operation) => operations.get(operation.id) === operation;

async function say(state: State, operation: Operation, type: MessageType, payload?: object): Promise<void> {
  if (!isWanted(state, operation)) return;
  await state.deps.link.send({ id: operation.id, type, ...(payload ? { payload } : {}) });
}

function noteFinished({ operations, onFinished }: State): void {
  if ([...operations.values()].every(({ isStream }) => isStream)) onFinished?.();
}

async function tellEvents(
  state: State,
  operation: Operation,
  events: AsyncIterable<ExecutionResult>,
  signal: AbortSignal,
): Promise<void> {
  const iterator = events[Symbol.asyncIterator]();
  const stop = () => void iterator.return?.().catch(() => undefined);
  if (signal.aborted) stop();
  else signal.addEventListener('abort', stop, { once: true });
  while (isWanted(state, operation)) {
    const { done, value } = await iterator.next();
    if (done) break;
    await say(state, operation, MessageType.Next, formatResult(value));
  }
}

async function tell(state: State, operation: Operation, result: OperationResult, signal: AbortSignal): Promise<void> {
  if (isAsyncIterable(result)) {
    operation.isStream = true;
    noteFinished(state);
    await tellEvents(state, operation, result, signal);
  } else if ('data' in result) {
    await say(state, operation, MessageType.Next, formatResult(result));
  } else {
    // Nothing was executed: the protocol has a message of its own for that, and nothing follows it.
    return say(state, operation, MessageType.Error, (result.errors ?? []).map(formatError));
  }
  return say(state, operation, MessageType.Complete);
}

function finish(state: State, operation: Operation): void {
  if (isWanted(state, operation)) state.operations.delete(operation.id);
  noteFinished(state);
}

/** Where the events go that this operation shares with others: past everything that one subscriber alone would need. */
function createOutlet(state: State, operation: Operation): Outlet {
  const { link } = state.deps;
  const head = Buffer.from(`{"id":${JSON.stringify(operation.id)},"type":"next","payload":`);
  const conclude = (type: MessageType, payload?: object) => {
    void say(state, operation, type, payload);
    finish(state, operation);
  };
  return {
    get isReady() {
      return link.isReady;
    },
    whenReady: link.whenReady,
    next: (result) => {
      if (isWanted(state, operation)) link.write(head, result.closed);
    },
    fail: (errors) => conclude(MessageType.Error, errors),
    complete: () => conclude(MessageType.Complete),
  };
}

function follow(state: State, operation: Operation, { shared }: SharedResult): void {
  operation.isStream = true;
  noteFinished(state);
  // It may be over before it has begun: the client has gone, or the answer is known.
  if (!isWanted(state, operation)) return;
  const leave = shared.follow(createOutlet(state, operation));
  operation.stop = leave;
}

async function carryOut(state: State, { id, payload }: SubscribeMessage, caller: Caller): Promise<void> {
  const { operations, deps } = state;
  const aborter = new AbortController();
  const operation: Operation = { id, stop: () => aborter.abort(clientGone), isStream: false };
  operations.set(id, operation);
  try {
    const result = await deps.runOperation(payload, caller, aborter.signal);
    if (isShared(result)) return follow(state, operation, result);
    await tell(state, operation, result, aborter.signal);
  } catch (error) {
    await say(state, operation, MessageType.Error, [formatError(maskRequestError(error, deps.logger))]);
  }
  return finish(state, operation);
}

const tooMany = (atOnce: number) =>
  new GraphQLError(`At most ${atOnce} operations may be open on one socket.`, {
    extensions: { code: 'TOO_MANY_SUBSCRIPTIONS' },
  });

function refusalOf({ operations, deps, onFinished }: State): GraphQLError | undefined {
  if (onFinished) return shuttingDown();
  return operations.size < deps.atOnce ? undefined : tooMany(deps.atOnce);
}

export function createSocketOperations(deps: SocketOperationsDeps): SocketOperations {
  const operations = new Map<string, Operation>();
  const state: State = { deps, operations, onFinished: undefined };
  const end = (id: string) => {
    const operation = operations.get(id);
    operations.delete(id);
    operation?.stop();
  };
  return {
    has: (id) => operations.has(id),
    begin: async (message, caller) => {
      const refusal = refusalOf(state);
      if (!refusal) return carryOut(state, message, caller);
      const { observer } = deps;
      observer.answer(observer.begin('websocket', caller.viewer), { errors: [refusal] });
      return deps.link.send({ id: message.id, type: MessageType.Error, payload: [formatError(refusal)] });
    },
    end,
    endAll: () => {
      for (const id of [...operations.keys()]) end(id);
    },
    drain: (onFinished) => {
      state.onFinished = onFinished;
      noteFinished(state);
    },
  };
}

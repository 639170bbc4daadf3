import { type ExecutionResult, GraphQLError } from 'graphql';
import { MessageType, type SubscribeMessage } from 'graphql-ws';
import { isAsyncIterable } from 'graphql-yoga';
import type { Logger } from 'pino';
import { ClientGone } from '../context/end-of-operation.ts';
import type { Viewer } from '../identity/viewer.ts';
import { maskRequestError } from './mask-error.ts';
import type { OperationResult, RunOperation } from './run-operation.ts';
import { shuttingDown } from './shutting-down.ts';
import { formatError, formatResult, type SocketLink } from './socket-link.ts';

export interface SocketOperationsDeps {
  readonly link: SocketLink;
  readonly runOperation: RunOperation;
  readonly logger: Logger;
  /** Operations that one socket may have open at once. */
  readonly atOnce: number;
}

/** The operations of one socket, by the ids that the client gave them. */
export interface SocketOperations {
  has(id: string): boolean;
  begin(message: SubscribeMessage, viewer: Viewer): Promise<void>;
  /** Ends an operation, if there is one; its id is free again at once. */
  end(id: string): void;
  endAll(): void;
  /** Begins nothing more, and calls `onFinished` once no query or mutation runs; subscriptions have no end. */
  drain(onFinished: () => void): void;
}

interface Operation {
  readonly id: string;
  readonly aborter: AbortController;
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

async function tellEvents(state: State, operation: Operation, events: AsyncIterable<ExecutionResult>): Promise<void> {
  const { signal } = operation.aborter;
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

async function tell(state: State, operation: Operation, result: OperationResult): Promise<void> {
  if (isAsyncIterable(result)) {
    operation.isStream = true;
    noteFinished(state);
    await tellEvents(state, operation, result);
  } else if ('data' in result) {
    await say(state, operation, MessageType.Next, formatResult(result));
  } else {
    // Nothing was executed: the protocol has a message of its own for that, and nothing follows it.
    return say(state, operation, MessageType.Error, (result.errors ?? []).map(formatError));
  }
  return say(state, operation, MessageType.Complete);
}

async function carryOut(state: State, { id, payload }: SubscribeMessage, viewer: Viewer): Promise<void> {
  const { operations, deps } = state;
  const operation: Operation = { id, aborter: new AbortController(), isStream: false };
  operations.set(id, operation);
  try {
    await tell(state, operation, await deps.runOperation(payload, viewer, operation.aborter.signal));
  } catch (error) {
    await say(state, operation, MessageType.Error, [formatError(maskRequestError(error, deps.logger))]);
  } finally {
    if (isWanted(state, operation)) operations.delete(id);
    noteFinished(state);
  }
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
    operation?.aborter.abort(clientGone);
  };
  return {
    has: (id) => operations.has(id),
    begin: async (message, viewer) => {
      const refusal = refusalOf(state);
      if (!refusal) return carryOut(state, message, viewer);
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

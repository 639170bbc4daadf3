import { type ExecutionArgs, GraphQLError } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import type { OperationContext } from '../context/context.ts';
import type { KnownOperation } from './documents.ts';
import type { DoorContext } from './door-context.ts';
import { createEventStreams } from './fan-out/event-stream.ts';
import type { Stalls } from './fan-out/stalls.ts';
import { isAsyncIterable } from './is-async-iterable.ts';
import { type Given, isShared, type Operations } from './operation.ts';
import type { OperationObserver } from './operation-log.ts';
import { unresolvedOperation } from './unresolved-operation.ts';

/** What yoga passes on: the context of the operation, and the request that it came with. */
interface Arrived extends DoorContext {
  readonly operation: OperationContext;
  readonly request?: Request;
}

const acceptsEvents = (accept: string | null) =>
  accept === null || /(?:^|,)\s*(?:text\/event-stream|text\/\*|\*\/\*)\s*(?:[;,]|$)/i.test(accept);

/** A subscription over HTTP whose client wants JSON could never be answered, but its poll would go on. */
function refuseSilentStream({ request }: Arrived): GraphQLError | undefined {
  if (!request || acceptsEvents(request.headers.get('accept'))) return undefined;
  const message = 'Over HTTP a subscription is answered as text/event-stream: say that you accept it.';
  return new GraphQLError(message, { extensions: { code: 'NOT_ACCEPTABLE', http: { status: 406 } } });
}

/** Has yoga read, check and execute operations the way that all doors share. */
export function useOperations(operations: Operations, observer: OperationObserver, stalls: Stalls): Plugin<Arrived> {
  const streams = createEventStreams(stalls);
  const { documents } = operations;
  const chosen = ({ document, operationName, contextValue, variableValues }: ExecutionArgs) => {
    const arrived = contextValue as Arrived;
    const operation = documents.of(document)?.operation(operationName);
    const { operation: context, observation = observer.begin('http') } = arrived;
    return { arrived, operation, given: { context, variables: variableValues, observation } satisfies Given };
  };
  const begin = async (operation: KnownOperation, arrived: Arrived, given: Given) => {
    const refusal = refuseSilentStream(arrived);
    if (refusal) return { errors: [refusal] };
    arrived.onStream?.(given.context.viewer);
    return operations.subscribe(operation, given);
  };
  return {
    onParse: ({ params, setParsedDocument }) => {
      setParsedDocument(documents.read(params.source.toString()).document);
    },
    onValidate: ({ params, setResult }) => {
      const known = documents.of(params.documentAST);
      if (known) setResult([...known.errors]);
    },
    onExecute: ({ args, setExecuteFn }) => {
      const { operation, given } = chosen(args);
      setExecuteFn(async () => (operation ? operations.run(operation, given) : { errors: [unresolvedOperation()] }));
    },
    onSubscribe: ({ args, setSubscribeFn }) => {
      const { operation, arrived, given } = chosen(args);
      setSubscribeFn(
        async () => (operation ? begin(operation, arrived, given) : { errors: [unresolvedOperation()] }) as never,
      );
    },
    onResultProcess: ({ result, serverContext, setResultProcessor }) => {
      if (Array.isArray(result) || isAsyncIterable(result)) return;
      const { cut, observation, viewer } = serverContext as DoorContext;
      if (isShared(result)) {
        setResultProcessor((_result, fetchApi) => streams.answer(result.shared, fetchApi, cut), 'text/event-stream');
      } else if (observation) {
        observation.viewer ??= viewer;
        observer.answer(observation, result);
      }
    },
  };
}

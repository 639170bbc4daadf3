import { type ExecutionArgs, type ExecutionResult, getOperationAST } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import type { OperationContext } from '../../context/context.ts';
import type { DoorContext } from '../door-context.ts';
import { createEventStreams } from './event-stream.ts';
import { createFanOut, type FanOutDeps } from './fan-out.ts';
import type { SharedEvents } from './outlet.ts';
import type { Stalls } from './stalls.ts';

/** What a shared subscription answers: events that have not begun. */
export interface SharedResult extends ExecutionResult {
  readonly shared: SharedEvents;
}

export const isShared = (result: object): result is SharedResult => 'shared' in result;

/** Takes over subscriptions that may be shared, once they have been admitted, for every door. */
export function useFanOut(deps: FanOutDeps & { readonly stalls: Stalls }): Plugin<OperationContext> {
  const fanOut = createFanOut(deps);
  const streams = createEventStreams(deps.stalls);
  const isMutation = ({ document, operationName }: ExecutionArgs) =>
    getOperationAST(document, operationName)?.operation === 'mutation';
  return {
    onExecute: ({ args }) => {
      if (!isMutation(args)) return undefined;
      fanOut.noteWrite();
      return { onExecuteDone: () => fanOut.noteWrite() };
    },
    onSubscribe: ({ args, setResultAndStopExecution }) => {
      const shared = fanOut.subscribe(args, args.contextValue as OperationContext);
      if (shared) setResultAndStopExecution({ shared } as never);
    },
    onResultProcess: ({ result, serverContext, setResultProcessor }) => {
      if (!isShared(result)) return;
      const { cut } = serverContext as DoorContext;
      setResultProcessor((_result, fetchApi) => streams.answer(result.shared, fetchApi, cut), 'text/event-stream');
    },
  };
}

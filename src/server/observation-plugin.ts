import { type ExecutionArgs, GraphQLError } from 'graphql';
import { isAsyncIterable, type Plugin } from 'graphql-yoga';
import type { OperationContext } from '../context/context.ts';
import type { DoorContext } from './door-context.ts';
import { isShared } from './fan-out/fan-out-plugin.ts';
import type { SharedEvents } from './fan-out/outlet.ts';
import { createFacts } from './operation-facts.ts';
import type { Observation, OperationObserver } from './operation-log.ts';

const contextOf = ({ contextValue }: ExecutionArgs) => contextValue as OperationContext & DoorContext;

/** Events that are served together with others, as far as one of their subscribers is told them. */
function watchEvents(observer: OperationObserver, observation: Observation, events: SharedEvents): SharedEvents {
  return {
    group: events.group,
    follow: (outlet) => {
      observation.group = events.group;
      observer.open(observation);
      const leave = events.follow({
        get isReady() {
          return outlet.isReady;
        },
        whenReady: outlet.whenReady,
        next: (result) => {
          observer.tell(observation);
          outlet.next(result);
        },
        fail: (errors) => {
          observer.end(observation, errors);
          outlet.fail(errors);
        },
        complete: () => {
          observer.end(observation);
          outlet.complete();
        },
      });
      return () => {
        observer.end(observation);
        leave();
      };
    },
  };
}

/** Notes what an operation is, before anything can refuse it, and how it was answered over HTTP. */
export function useObservation(observer: OperationObserver): Plugin<OperationContext> {
  const factsOf = createFacts();
  const identify = (args: ExecutionArgs) => {
    const context = contextOf(args);
    const { observation } = context;
    if (!observation) return undefined;
    observation.viewer = context.viewer;
    observation.facts = factsOf(args.document, args.operationName);
    observation.requestId = context.requestId;
    observation.upstreamCalls = context.upstreamCalls;
    return observation;
  };
  return {
    onExecute: ({ args }) => {
      identify(args);
    },
    onSubscribe: ({ args }) => {
      const observation = identify(args);
      return {
        onSubscribeResult: ({ result, setResult }) => {
          if (!observation || !isShared(result)) return;
          setResult({ shared: watchEvents(observer, observation, result.shared) } as never);
        },
      };
    },
    onResultProcess: ({ result, serverContext }) => {
      const { observation, viewer } = serverContext as DoorContext;
      if (!observation || isAsyncIterable(result) || Array.isArray(result) || isShared(result)) return;
      observation.viewer ??= viewer;
      observer.answer(observation, result);
    },
  };
}

/** Follows the events of subscriptions that are served alone, as their clients are told them. */
export function useEventObservation(observer: OperationObserver): Plugin<OperationContext> {
  return {
    onSubscribe: ({ args }) => {
      const { observation } = contextOf(args);
      if (!observation) return undefined;
      return {
        onSubscribeResult: ({ result }) => {
          if (!isAsyncIterable(result)) return undefined;
          observer.open(observation);
          return {
            onNext: ({ result: event }) => {
              observer.tell(observation);
              if (event.errors) observer.noteErrors(event.errors);
            },
            onEnd: () => observer.end(observation),
          };
        },
        onSubscribeError: ({ error }) => observer.end(observation, [error instanceof GraphQLError ? error : {}]),
      };
    },
  };
}

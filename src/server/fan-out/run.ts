import { createSourceEventStream, type ExecutionResult } from 'graphql';
import type { OperationContext } from '../../context/context.ts';
import { type ContextDeps, createContext } from '../../context/create-context.ts';
import { ClientGone } from '../../context/end-of-operation.ts';
import type { Line, MarkedEvent } from '../../progress/line.ts';
import type { Executor } from '../executor.ts';
import { type FormattedError, formatError } from '../format-result.ts';
import { isAsyncIterable } from '../is-async-iterable.ts';
import { maskOperationError } from '../mask-error.ts';
import { createPayload, type Payload } from './payload.ts';
import { groupOf, type Plan } from './plan.ts';

/** The execution of a subscription for everybody who shares it. */
export interface Run {
  /** Begins. @throws Failed when there is nothing to follow */
  open(): Promise<Line<MarkedEvent>>;
  /** Makes what is told of an event. */
  execute(event: MarkedEvent): Promise<Payload>;
  /** What may be told of a failure. */
  explain(error: unknown): readonly FormattedError[];
  /** Ends everything that is being done for it. */
  end(): void;
}

export interface RunDeps {
  readonly context: ContextDeps;
  readonly execute: Executor;
  /** Milliseconds that making one event may take. */
  readonly eventMs: number;
  /** Hears of the errors of an event, once for all who are told them. */
  readonly noteErrors?: ((errors: ExecutionResult['errors']) => void) | undefined;
}

/** What a subscription answered instead of events. */
class NotBegun extends Error {
  readonly errors: readonly unknown[];

  constructor({ errors = [] }: ExecutionResult) {
    super('The subscription has not begun.');
    this.errors = errors;
  }
}

const clientsGone = new ClientGone();

const isLine = (value: object): value is Line<MarkedEvent> => 'onLevel' in value;

function masked(result: ExecutionResult, context: OperationContext): ExecutionResult {
  if (!result.errors) return result;
  return { ...result, errors: result.errors.map((error) => maskOperationError(error, context)) };
}

export function createRun(plan: Plan, { context: deps, execute, eventMs, noteErrors }: RunDeps): Run {
  const { args, viewer, upstreamTokens, reach, selection } = plan;
  const aborter = new AbortController();
  // Not that of the member who came first: it ends with the last of them.
  const context = createContext(deps, {
    ...{ viewer, upstreamTokens, reach, signal: aborter.signal },
    group: groupOf(plan),
  });
  context.limitEvents(eventMs);
  return {
    open: async () => {
      const events = await createSourceEventStream({ ...args, contextValue: context });
      if (!isAsyncIterable(events)) throw new NotBegun(events as ExecutionResult);
      if (!isLine(events))
        throw new Error(`${selection.root.name.value} declares that it is shared, but gives no line.`);
      return events;
    },
    execute: async (event) => {
      const result = await execute({ ...args, rootValue: event, contextValue: context });
      context.endEvent();
      const shown = masked(result, context);
      if (shown.errors) noteErrors?.(shown.errors);
      return createPayload(shown, selection);
    },
    explain: (error) => {
      const errors = error instanceof NotBegun ? error.errors : [error];
      return errors.map((one) => formatError(maskOperationError(one, context)));
    },
    end: () => aborter.abort(clientsGone),
  };
}

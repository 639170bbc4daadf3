import { type ExecutionArgs, NoSchemaIntrospectionCustomRule, type ParseOptions, parse, type Source } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import type { OperationContext } from '../context/context.ts';
import type { Authenticator } from '../identity/authenticate.ts';
import type { Viewer } from '../identity/viewer.ts';
import { admit, type Limits } from './admit.ts';

export interface OperationLimits extends Limits {
  /** Most tokens that a document may have. */
  readonly tokens: number;
  /** Milliseconds after which a query or mutation is given up; subscriptions have no end. */
  readonly operationDeadlineMs: number;
}

/** What the doors put in before an operation starts; a WebSocket knows its viewer from connection_init. */
export interface DoorContext {
  viewer?: Viewer;
}

/** Who is calling is settled before a byte of the body is read. */
export function useAuthentication(authenticator: Authenticator): Plugin<DoorContext> {
  return {
    onRequestParse: async ({ request, serverContext }) => {
      (serverContext as DoorContext).viewer = await authenticator.authenticate(
        request.headers.get('authorization') ?? undefined,
      );
    },
  };
}

/** Limits and scopes, checked once per operation before anything is executed, whichever door it came through. */
export function useAdmission(limits: OperationLimits, introspection: boolean): Plugin<OperationContext> {
  const check = (args: ExecutionArgs) => {
    const { viewer } = args.contextValue as OperationContext;
    const { schema, document, operationName } = args;
    return admit({ schema, document, operationName, variables: args.variableValues ?? {} }, limits, viewer.scopes);
  };
  return {
    onParse: ({ setParseFn }) => {
      setParseFn((source: string | Source, options?: ParseOptions) =>
        parse(source, { ...options, maxTokens: limits.tokens }),
      );
    },
    onValidate: ({ addValidationRule }) => {
      if (!introspection) addValidationRule(NoSchemaIntrospectionCustomRule);
    },
    onExecute: ({ args, setResultAndStopExecution }) => {
      const errors = check(args);
      if (errors.length > 0) {
        setResultAndStopExecution({ errors });
        return undefined;
      }
      return { onExecuteDone: (args.contextValue as OperationContext).limitTime(limits.operationDeadlineMs) };
    },
    onSubscribe: ({ args, setResultAndStopExecution }) => {
      const errors = check(args);
      if (errors.length > 0) setResultAndStopExecution({ errors } as never);
    },
  };
}

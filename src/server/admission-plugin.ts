import {
  type ExecutionArgs,
  GraphQLError,
  getOperationAST,
  NoSchemaIntrospectionCustomRule,
  type ParseOptions,
  parse,
  type Source,
  validate,
} from 'graphql';
import type { Plugin } from 'graphql-yoga';
import type { OperationContext } from '../context/context.ts';
import { admit, type Limits } from './admit.ts';
import type { DocumentCounts } from './document-cache.ts';
import type { DoorContext } from './door-context.ts';

export interface OperationLimits extends Limits {
  /** Most tokens that a document may have. */
  readonly tokens: number;
  /** Milliseconds after which a query, a mutation, or one event of a subscription is given up. */
  readonly operationDeadlineMs: number;
}

/** What the pipeline passes on to an operation: its context, and over HTTP the request that it came with. */
type Arrived = OperationContext & DoorContext & { readonly request?: Request };

const contextOf = ({ contextValue }: ExecutionArgs) => contextValue as Arrived;

/** Mistakes that one answer names; whoever sends more of them learns nothing from the rest. */
const MAX_VALIDATION_ERRORS = 8;

const asRequestError = (code: string, status: number) => ({ code, http: { status, spec: true } });

/** graphql tells a document with too many tokens from one that is wrong only by its message. */
const isTooLong = (error: GraphQLError) => /Document contains more tha[nt] \d+ tokens/.test(error.message);

function explainSyntax(error: unknown, limits: OperationLimits): unknown {
  if (!(error instanceof GraphQLError)) return error;
  if (isTooLong(error)) {
    return new GraphQLError(`This document has more than ${limits.tokens} tokens, which is the most that is allowed.`, {
      extensions: asRequestError('TOO_MANY_TOKENS', 400),
    });
  }
  const { source, positions } = error;
  return new GraphQLError(error.message, {
    ...(source ? { source } : {}),
    ...(positions ? { positions } : {}),
    extensions: asRequestError('GRAPHQL_PARSE_FAILED', 400),
  });
}

function parseWithin(limits: OperationLimits, counts: Pick<DocumentCounts, 'parsed'>) {
  return (source: string | Source, options?: ParseOptions) => {
    counts.parsed += 1;
    try {
      return parse(source, { ...options, maxTokens: limits.tokens });
    } catch (error) {
      throw explainSyntax(error, limits);
    }
  };
}

function check(args: ExecutionArgs, limits: OperationLimits): readonly GraphQLError[] {
  const { viewer } = contextOf(args);
  const { schema, document, operationName, variableValues } = args;
  return admit({ schema, document, operationName, variables: variableValues ?? {} }, limits, viewer.scopes);
}

const acceptsEvents = (accept: string | null) =>
  accept === null || /(?:^|,)\s*(?:text\/event-stream|text\/\*|\*\/\*)\s*(?:[;,]|$)/i.test(accept);

/** A subscription over HTTP whose client wants JSON could never be answered, but its poll would go on. */
function refuseSilentStream({ request }: Arrived): readonly GraphQLError[] {
  if (!request || acceptsEvents(request.headers.get('accept'))) return [];
  const message = 'Over HTTP a subscription is answered as text/event-stream: say that you accept it.';
  return [new GraphQLError(message, { extensions: { code: 'NOT_ACCEPTABLE', http: { status: 406 } } })];
}

/** Limits and scopes, checked once per operation before anything is executed, whichever door it came through. */
export function useAdmission(
  limits: OperationLimits,
  introspection: boolean,
  counts: Pick<DocumentCounts, 'parsed'>,
): Plugin<OperationContext> {
  const parseFn = parseWithin(limits, counts);
  // Without introspection nobody shall learn names by misspelling them.
  const validation = { maxErrors: MAX_VALIDATION_ERRORS, hideSuggestions: !introspection };
  return {
    onParse: ({ setParseFn }) => setParseFn(parseFn),
    onValidate: ({ addValidationRule, setValidationFn }) => {
      setValidationFn((schema, document, rules) => validate(schema, document, rules, validation));
      if (!introspection) addValidationRule(NoSchemaIntrospectionCustomRule);
    },
    onExecute: ({ args, setResultAndStopExecution }) => {
      const errors = check(args, limits);
      if (errors.length > 0) {
        setResultAndStopExecution({ errors });
        return undefined;
      }
      // A read that failed in one part may have others under way; whatever changes something is left to finish.
      const rest = getOperationAST(args.document, args.operationName)?.operation === 'query' ? 'abort' : 'finish';
      return { onExecuteDone: contextOf(args).limitTime(limits.operationDeadlineMs, rest) };
    },
    onSubscribe: ({ args, setResultAndStopExecution }) => {
      const context = contextOf(args);
      const errors = [...refuseSilentStream(context), ...check(args, limits)];
      if (errors.length > 0) {
        setResultAndStopExecution({ errors } as never);
        return;
      }
      context.limitEvents(limits.operationDeadlineMs);
      context.onStream?.(context.viewer);
    },
  };
}

import { type ExecutionArgs, type ExecutionResult, GraphQLError } from 'graphql';
import { isAsyncIterable, type Plugin } from 'graphql-yoga';
import type { OperationContext } from '../context/context.ts';
import { maskOperationError } from './mask-error.ts';

const contextOf = ({ contextValue }: ExecutionArgs) => contextValue as OperationContext;

/** Validation can be told not to suggest names; the coercion of variables cannot (graphql 16). */
function withoutSuggestion(error: GraphQLError): GraphQLError {
  const message = error.message.replace(/ Did you mean .+\?$/s, '');
  if (!error.message.startsWith('Variable "$') || message === error.message) return error;
  const { nodes, extensions } = error;
  return new GraphQLError(message, { ...(nodes ? { nodes } : {}), extensions });
}

/** Masks the errors of operations while it is still known which operation they belong to. */
export function useMasking(introspection: boolean): Plugin<OperationContext> {
  const mask = (result: ExecutionResult, args: ExecutionArgs): ExecutionResult => {
    if (!result.errors) return result;
    const masked = result.errors.map((error) => maskOperationError(error, contextOf(args)));
    return { ...result, errors: introspection ? masked : masked.map(withoutSuggestion) };
  };
  const tell = (event: { result: ExecutionResult; setResult(result: ExecutionResult): void }, args: ExecutionArgs) => {
    contextOf(args).endEvent();
    event.setResult(mask(event.result, args));
  };
  return {
    onExecute: ({ args }) => ({
      onExecuteDone: ({ result, setResult }) => {
        if (!isAsyncIterable(result)) setResult(mask(result, args));
      },
    }),
    onSubscribe: ({ args }) => ({
      onSubscribeResult: ({ result, setResult }) => {
        if (!isAsyncIterable(result)) setResult(mask(result, args));
        return { onNext: (event) => tell(event, args) };
      },
      onSubscribeError: ({ error, setError }) => setError(maskOperationError(error, contextOf(args))),
    }),
  };
}

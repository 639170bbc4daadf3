import type { ExecutionResult, GraphQLError } from 'graphql';

/** An error as it is told on a stream; what it says about HTTP is for answers that have a status. */
export function formatError(error: GraphQLError) {
  const { extensions, ...rest } = error.toJSON();
  const { http: _http, ...shown } = extensions ?? {};
  return { ...rest, extensions: shown };
}

export type FormattedError = ReturnType<typeof formatError>;

export const formatResult = ({ errors, ...rest }: ExecutionResult) => ({
  ...rest,
  ...(errors ? { errors: errors.map(formatError) } : {}),
});

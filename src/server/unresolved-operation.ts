import { GraphQLError } from 'graphql';

/**
 * Of several operations of a document none was named, or one that is not there. What it says of HTTP is for answers that
 * have a status.
 */
export const unresolvedOperation = () =>
  new GraphQLError('Could not determine what operation to execute.', {
    extensions: { code: 'OPERATION_RESOLUTION_FAILURE', http: { status: 400 } },
  });

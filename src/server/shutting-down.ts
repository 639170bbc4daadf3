import { GraphQLError } from 'graphql';

/** What a caller is told who comes while the gateway stops. */
export const shuttingDown = () =>
  new GraphQLError('The gateway is shutting down. Send this again in a moment.', {
    extensions: { code: 'SHUTTING_DOWN', retryable: true },
  });

import type { SourceError } from '../../../transport/source-error.ts';
import type { FairComService, FairComSession } from '../types.ts';
import { listedServices, listedSessions, wireService, wireSession } from '../wire.ts';
import { type Actions, ignored, readItems } from './call-action.ts';

/** pingSession: the server answers and knows the session; it lives on from now (faircom-netography-api.md §A4). */
export async function pingSession(actions: Actions): Promise<void> {
  await actions.run({ api: 'admin', action: 'pingSession', repeat: 'safe' }, ignored);
}

/** listServices: the server's listeners (§A4). */
export async function listServices(actions: Actions): Promise<readonly (FairComService | SourceError)[]> {
  const request = { api: 'admin', action: 'listServices', repeat: 'safe' } as const;
  const listeners = await actions.run(request, listedServices);
  const convert = (service: FairComService) => service;
  return readItems(actions.source, listeners, { schema: wireService, convert, what: 'a service' });
}

/** listSessions that the gateway's account may see (§A4); never their tokens. */
export async function listSessions(actions: Actions): Promise<readonly (FairComSession | SourceError)[]> {
  const request = { api: 'admin', action: 'listSessions', repeat: 'safe' } as const;
  const sessions = await actions.run(request, listedSessions);
  return readItems(actions.source, sessions, {
    schema: wireSession,
    what: 'a session',
    convert: ({ sessionStartTimestamp, sessionLastAccessedTimestamp, ...session }): FairComSession => ({
      ...session,
      startedAt: sessionStartTimestamp,
      lastAccessedAt: sessionLastAccessedTimestamp,
    }),
  });
}

import { FairComError } from '../errors.ts';
import {
  alterSessionParameters,
  createSessionParameters,
  firstSettings,
  readSettings,
  type SessionSettings,
} from '../session/session-settings.ts';
import type { Session } from '../session/sessions.ts';
import type { JsonObject } from '../wire/exact-json.ts';
import { requireText, textList } from '../wire/parameters.ts';
import type { Action, Call, OpenCall, Outcome } from './action.ts';

/** Sessions show their times to the second (faircom-netography-api.md §A4). */
const secondsOf = (milliseconds: number) => new Date(milliseconds).toISOString().slice(0, 19);

function describeSettings({ format, ...settings }: SessionSettings): JsonObject {
  const { dataFormat, numberFormat, binaryFormat } = format;
  return {
    ...settings,
    defaultBinaryFormat: binaryFormat,
    defaultResponseOptions: {
      dataFormat,
      numberFormat,
      binaryFormat,
      variantFormat: settings.defaultVariantFormat,
    },
  };
}

const describeSession = ({ authToken, username, settings, startedAtMs, lastAccessedAtMs }: Session): JsonObject => ({
  authToken,
  username,
  ...describeSettings(settings),
  sessionStartTimestamp: secondsOf(startedAtMs),
  sessionLastAccessedTimestamp: secondsOf(lastAccessedAtMs),
});

function checkCredentials({ server, parameters }: OpenCall): string {
  const { username, password } = server.account;
  const given = requireText(parameters, 'username');
  // User names are the same in any case; passwords are not (§A4).
  if (given.toLowerCase() !== username.toLowerCase()) throw new FairComError('unknownUser', 'Invalid user ID');
  if (requireText(parameters, 'password') !== password) throw new FairComError('wrongPassword', 'Invalid password');
  return given;
}

function createSession(call: OpenCall): Outcome {
  const { server, parameters } = call;
  const username = checkCredentials(call);
  const settings = readSettings(parameters, firstSettings(server.settings.idleSessionSeconds));
  const session = server.sessions.open(username, settings);
  return { authToken: session.authToken, result: describeSession(session) };
}

function alterSession({ session, parameters }: Call): Outcome {
  session.settings = readSettings(parameters, session.settings);
  return { result: describeSession(session) };
}

function deleteSession({ server, session }: Call): Outcome {
  server.sessions.end(session);
  return { result: {} };
}

/** Shows the sessions without their tokens; only describeSessions returns those. */
function listSessions({ server }: Call): Outcome {
  const sessions = server.sessions.all().map((session) => {
    const { authToken: _authToken, ...shown } = describeSession(session);
    return shown;
  });
  return { result: { sessions } };
}

function describeSessions({ server, parameters }: Call): Outcome {
  const tokens = textList(parameters, 'authTokens');
  const wanted = server.sessions.all().filter(({ authToken }) => tokens.length === 0 || tokens.includes(authToken));
  return { result: { sessions: wanted.map(describeSession) } };
}

/** The listeners; `tls` is shown to sessions only, and ports are strings (§A4). */
function listServices({ server, session }: OpenCall): Outcome {
  const listeners = server.listeners().map(({ serviceName, protocol, port }) => ({
    serviceName,
    description: `JSON DB API over ${protocol}`,
    port: String(port),
    protocol,
    enabled: true,
    ...(session && protocol === 'https'
      ? { tls: { certificateFilename: 'server.pem', certificateAuthoritiesFilename: 'ca.pem' } }
      : {}),
  }));
  const { defaultApi, defaultDatabaseName, defaultOwnerName } = firstSettings(server.settings.idleSessionSeconds);
  return {
    result: {
      listeners,
      apis: ['admin', 'db'],
      jsonActionApiDefaults: { defaultApi, defaultDatabaseName, defaultOwnerName },
    },
  };
}

const none = {};
const admin = 'admin' as const;

/** Sessions and services (faircom-netography-api.md §A4). */
export const sessionActions: readonly Action[] = [
  {
    api: admin,
    action: 'createSession',
    parameters: createSessionParameters,
    isOpen: true,
    ignoresToken: true,
    run: createSession,
  },
  { api: admin, action: 'pingSession', parameters: none, isOpen: true, run: () => ({ result: {} }) },
  { api: admin, action: 'listServices', parameters: none, isOpen: true, run: listServices },
  { api: admin, action: 'alterSession', parameters: alterSessionParameters, isOpen: false, run: alterSession },
  { api: admin, action: 'deleteSession', parameters: none, isOpen: false, run: deleteSession },
  { api: admin, action: 'listSessions', parameters: none, isOpen: false, run: listSessions },
  {
    api: admin,
    action: 'describeSessions',
    parameters: { optional: ['authTokens'] },
    isOpen: false,
    run: describeSessions,
  },
];

import type { SimulatorResponse } from '../kit/message.ts';
import type { Action, Outcome } from './actions/action.ts';
import { actions } from './actions/actions.ts';
import { errorCodes, FairComError } from './errors.ts';
import type { Server } from './server.ts';
import { type Api, apis } from './session/session-settings.ts';
import type { Session } from './session/sessions.ts';
import { type AnswerFormat, readAnswerFormat, vendorDefaults } from './wire/answer-format.ts';
import { parametersOf, readRequest, responseOptionsOf, tokenOf, writeAnswer } from './wire/envelope.ts';
import type { JsonObject } from './wire/exact-json.ts';
import { checkParameters, optionalWord, requireText } from './wire/parameters.ts';

const keyOf = (api: Api, name: string) => `${api} ${name.toLowerCase()}`;

/** Actions by api and name. Published clients differ in the case of names (faircom-netography-api.md §A10). */
const known: ReadonlyMap<string, Action> = new Map(
  actions.flatMap((action) =>
    [action.action, ...(action.aliases ?? [])].map((name) => [keyOf(action.api, name), action] as const),
  ),
);

/** What is known of a request so far; filled in as it is worked on, so that an error can be answered in its format. */
interface Progress {
  readonly request: JsonObject;
  authToken: string | undefined;
  session: Session | undefined;
  format: AnswerFormat | undefined;
}

/** The api that the request names, else the session's, else the product's; administration is found without a name. */
function findAction({ request, session }: Progress): Action | undefined {
  const name = requireText(request, 'action');
  const api = optionalWord(request, 'api', apis);
  if (api) return known.get(keyOf(api, name));
  return known.get(keyOf(session?.settings.defaultApi ?? 'db', name)) ?? known.get(keyOf('admin', name));
}

function sessionUnknown({ settings }: Server): FairComError {
  const name = settings.hasOldExpiryCode ? 'sessionUnknownToOldServers' : 'sessionUnknown';
  return new FairComError(name, 'authToken does not match a session');
}

function takeInactivity({ settings }: Server): void {
  if (settings.inactiveRequests <= 0) return;
  settings.inactiveRequests -= 1;
  throw new FairComError('serviceInactive', 'The service is not active.');
}

/** The session check comes before anything else of a request is looked at (§A13). */
function runAction(server: Server, progress: Progress): Outcome | Promise<Outcome> {
  const { request } = progress;
  takeInactivity(server);
  progress.authToken = tokenOf(request);
  progress.session = progress.authToken === undefined ? undefined : server.sessions.touch(progress.authToken);
  const action = findAction(progress);
  const { authToken, session } = progress;
  if (authToken !== undefined && !session && !action?.ignoresToken) throw sessionUnknown(server);
  if (authToken === undefined && !action?.isOpen) {
    throw new FairComError('parameterMissing', 'The required property "authToken" is missing.');
  }
  if (!action) throw new FairComError('actionUnknown', `There is no action "${request.action}".`);
  const parameters = parametersOf(request);
  const responseOptions = responseOptionsOf(request);
  checkParameters(parameters, action.parameters);
  const format = readAnswerFormat(responseOptions, session?.settings.format ?? vendorDefaults);
  progress.format = format;
  if (action.isOpen) return action.run({ server, parameters, session });
  if (!session) throw sessionUnknown(server);
  return action.run({ server, parameters, session, format, responseOptions });
}

const json = (status: number, body: string): SimulatorResponse => ({
  status,
  body,
  headers: { 'content-type': 'application/json' },
});

const notAnEnvelope = { errorCode: errorCodes.notAnEnvelope, errorMessage: 'The body is not a JSON object.' };

/** Answers the body of one POST (faircom-netography-api.md §A1 to §A3). */
export async function answerRequest(server: Server, body: Buffer): Promise<SimulatorResponse> {
  const request = readRequest(body);
  if (!request) return json(400, JSON.stringify(notAnEnvelope));
  server.sessions.endIdle();
  const progress: Progress = { request, authToken: undefined, session: undefined, format: undefined };
  try {
    const { result, authToken = progress.authToken } = await runAction(server, progress);
    return json(200, writeAnswer({ ...progress, authToken, result, errorCode: 0, errorMessage: '' }));
  } catch (error) {
    if (!(error instanceof FairComError)) throw error;
    const { errorCode, message: errorMessage } = error;
    const status = server.settings.hasHttpErrors ? 400 : 200;
    return json(status, writeAnswer({ ...progress, result: undefined, errorCode, errorMessage }));
  }
}

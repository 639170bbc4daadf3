import { type DebugLevel, debugLevels } from '../session/session-settings.ts';
import type { Session } from '../session/sessions.ts';
import type { AnswerFormat } from './answer-format.ts';
import { isJsonObject, type JsonObject, parseExactJson } from './exact-json.ts';
import { optionalObject, optionalText, optionalWord } from './parameters.ts';

/** Parses a request body; undefined when it is not a JSON object. */
export function readRequest(body: Buffer): JsonObject | undefined {
  try {
    const request = parseExactJson(body.toString('utf8'));
    return isJsonObject(request) ? request : undefined;
  } catch {
    return undefined;
  }
}

/** What came of a request, before it is written down. */
export interface Answer {
  readonly request: JsonObject;
  readonly session: Session | undefined;
  readonly format: AnswerFormat | undefined;
  readonly authToken: string | undefined;
  readonly result: JsonObject | undefined;
  readonly errorCode: number;
  readonly errorMessage: string;
}

/** The vendor limits messages to this many bytes (faircom-netography-api.md §A3). */
const MAX_MESSAGE = 256;

function debugLevel({ request, session }: Answer): DebugLevel {
  try {
    return optionalWord(request, 'debug', debugLevels) ?? session?.settings.defaultDebug ?? 'none';
  } catch {
    return 'none';
  }
}

function suppliedValues({ request, session }: Answer): JsonObject {
  const parameters = isJsonObject(request.params) ? request.params : {};
  return {
    databaseName: parameters.databaseName ? null : (session?.settings.defaultDatabaseName ?? null),
    ownerName: parameters.ownerName ? null : (session?.settings.defaultOwnerName ?? null),
  };
}

/** The whole request comes back, with its password or token: as the vendor documents it (§A3, "Security"). */
const debugInfo = (answer: Answer): JsonObject => ({
  request: answer.request,
  serverSuppliedValues: suppliedValues(answer),
  errorData: { errorData: null },
  warnings: [],
});

function without(object: JsonObject, names: readonly string[]): JsonObject {
  return Object.fromEntries(Object.entries(object).filter(([name]) => !names.includes(name)));
}

/** Writes the response envelope (§A3): compact, or readable when debugging is on. */
export function writeAnswer(answer: Answer): string {
  const { request, result, errorCode, errorMessage, authToken, format } = answer;
  const debug = debugLevel(answer);
  // Published clients fail without errorCode, so that nothing can leave it out ("Seen later").
  const omitted = (format?.omit ?? []).filter((name) => name !== 'errorCode');
  const envelope = {
    ...(authToken ? { authToken } : {}),
    ...(result ? { result: without(result, omitted) } : {}),
    ...('requestId' in request ? { requestId: request.requestId } : {}),
    ...(debug === 'max' ? { debugInfo: debugInfo(answer) } : {}),
    errorCode,
    errorMessage: errorMessage.slice(0, MAX_MESSAGE),
  };
  return JSON.stringify(without(envelope, omitted), null, debug === 'none' ? undefined : 2);
}

export const tokenOf = (request: JsonObject) => optionalText(request, 'authToken') || undefined;
export const parametersOf = (request: JsonObject) => optionalObject(request, 'params') ?? {};
export const responseOptionsOf = (request: JsonObject) => optionalObject(request, 'responseOptions') ?? {};

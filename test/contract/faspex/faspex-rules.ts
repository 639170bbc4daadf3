import { isJsonType } from '../openapi/call.ts';
import type { Answer } from '../openapi/contract.ts';
import { isJson, objectAt, valueAt } from '../openapi/json.ts';
import { readReference } from '../openapi/reference.ts';

const looksLikeError = (json: unknown) =>
  typeof valueAt(json, 'error', 'user_message') === 'string' || typeof valueAt(json, 'failure') === 'string';

/** The error of one request, or of a bulk call that named the ids which failed (aspera-apps-api.md §1.3). */
function isErrorBody(json: unknown): boolean {
  const { status, code, message, trace, errors } = objectAt(json);
  if (Array.isArray(errors)) return errors.every((one) => isJson(one) && typeof one.message === 'string');
  return (
    typeof status === 'string' &&
    /^\d+$/.test(String(code)) &&
    typeof code === 'string' &&
    typeof message === 'string' &&
    typeof trace === 'string'
  );
}

/** A page of a collection: an integer total, so that clients stop, and an array beside it (aspera-apps-api.md §1.1). */
const isBrokenPage = (json: unknown) =>
  isJson(json) &&
  'total_count' in json &&
  !(Number.isInteger(json.total_count) && Object.values(json).some(Array.isArray));

/** The kinds of errors that are documented, as `status code`: a code alone means nothing (aspera-apps-api.md §1.3). */
export function readErrorKinds(): ReadonlySet<string> {
  const rows = readReference('faspex5-errors.tsv').split('\n');
  return new Set(rows.map((row) => row.split('\t')).map(([code, status]) => `${status} ${code}`));
}

/** What holds for every answer of Faspex 5; throws what is broken. */
export function checkAnswer(request: string, answer: Answer, errorKinds: ReadonlySet<string>): void {
  const { status, headers, text, json } = answer;
  const fail = (what: string) => {
    throw new Error(`${request} answered ${status}, but ${what}: ${text.slice(0, 300)}`);
  };
  if (status >= 400 && !isErrorBody(json)) fail('its body is not the error object of Faspex');
  const { code } = objectAt(json);
  if (status >= 400 && code !== undefined && !errorKinds.has(`${status} ${code}`))
    fail('there is no such kind of error');
  if (status < 300 && looksLikeError(json)) fail('its body reads as an error');
  // The root is a page for people.
  if (text !== '' && !request.endsWith('/aspera/faspex/') && !isJsonType(headers.get('content-type')))
    fail('its body is not typed as JSON');
  if (status === 204 && text !== '') fail('has a body');
  if (isBrokenPage(json)) fail('is no page that a client can end');
}

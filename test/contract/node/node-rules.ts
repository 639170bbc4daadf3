import { isJsonType } from '../openapi/call.ts';
import type { Answer } from '../openapi/contract.ts';
import { isJson, objectAt, valueAt } from '../openapi/json.ts';

/** Members that make IBM's client take a success for an error (aspera-node-api.md §1.5). */
const looksLikeError = (json: unknown) =>
  typeof valueAt(json, 'error', 'user_message') === 'string' || typeof valueAt(json, 'failure') === 'string';

function isErrorBody({ status, json }: Answer): boolean {
  const { code, reason, user_message } = objectAt(json, 'error');
  return code === status && typeof reason === 'string' && typeof user_message === 'string' && user_message !== '';
}

/** What holds for every answer of a node (aspera-node-api.md §1.1, §1.5); throws what is broken. */
export function checkAnswer(request: string, answer: Answer): void {
  const { status, headers, text, json } = answer;
  const fail = (what: string) => {
    throw new Error(`${request} answered ${status}, but ${what}: ${text.slice(0, 300)}`);
  };
  if (headers.get('connection') !== 'close') fail('keeps the connection open');
  if (status >= 300 && !isErrorBody(answer)) fail('its body is not the error object of the Node API');
  if (status < 300 && isJson(json) && looksLikeError(json)) fail('its body reads as an error');
  if (json !== undefined && !isJsonType(headers.get('content-type'))) fail('its body is not typed as JSON');
  if (status === 204 && text !== '') fail('has a body');
}

import type { SimulatorResponse } from '../../kit/message.ts';
import type { NodeSettings } from '../node-context.ts';

const SECOND_ANSWER = 'HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n';

/** A bug of real servers: behind the JSON of an async endpoint comes a second answer (aspera-node-api.md §1.1). */
export function withGluedAnswer(settings: NodeSettings, response: SimulatorResponse): SimulatorResponse {
  if (settings.gluedAnswers === 0 || response.json === undefined) return response;
  settings.gluedAnswers -= 1;
  return {
    status: response.status,
    headers: { 'content-type': 'application/json; charset=utf-8' },
    body: `${JSON.stringify(response.json)}${SECOND_ANSWER}`,
  };
}

import { STATUS_CODES } from 'node:http';
import { Refusal } from '../kit/message.ts';

/** The error object of the Node API (aspera-node-api.md §1.5), used for whole answers and inside per-path results. */
export interface NodeError {
  readonly code: number;
  readonly reason: string;
  readonly user_message: string;
}

export function nodeError(status: number, userMessage: string): NodeError {
  return { code: status, reason: STATUS_CODES[status] ?? 'Error', user_message: userMessage };
}

/** Throw this from a route to answer `status` with the Node API's error body. */
export function refusal(status: number, userMessage: string): Refusal {
  return new Refusal({ status, json: { error: nodeError(status, userMessage) } });
}

import { randomUUID } from 'node:crypto';
import { STATUS_CODES } from 'node:http';
import { Refusal } from '../kit/message.ts';

/** The error body of Faspex 5 (aspera-apps-api.md §1.3): `code` is a decimal string that only means something with the status. */
export function faspexError(status: number, code: number, message: string) {
  return { status: STATUS_CODES[status] ?? 'Error', code: String(code), message, trace: randomUUID() };
}

/** Throw this from a route to answer `status` with Faspex's error body. */
export function refusal(status: number, code: number, message: string): Refusal {
  return new Refusal({ status, json: faspexError(status, code, message) });
}

const usualCode: Readonly<Record<number, number>> = {
  400: 1003,
  401: 2005,
  403: 2088,
  404: 1002,
  405: 1002,
  429: 1001,
};

/** The error body for a status that no route chose: unknown routes, crashes and fault switches. */
export const errorBody = (status: number, message: string) => faspexError(status, usualCode[status] ?? 1000, message);

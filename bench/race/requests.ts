import { CALLERS, STRANGERS, TOKEN_HEADER, upstreamToken } from './callers.ts';
import type { Dialect, Operation, Workload } from './operations.ts';

/**
 * Who asks. `known`: callers who come back again and again. `strangers`: so many that none is remembered when they come
 * back. `one`: always the same caller.
 */
export type Mode = 'known' | 'strangers' | 'one';

/** A request as it goes over the wire. */
export interface PreparedRequest {
  readonly bytes: Buffer;
  /** Which answer is the right one: the number of the package that is asked for, 0 for a list. */
  readonly answer: number;
}

/** Requests in turn, for ever. */
export interface Requests {
  next(workload: Workload): PreparedRequest;
  /** How many callers there are. */
  readonly callers: number;
  /** One request of each caller that costs next to nothing, so that they are known from then on. */
  greetings(): readonly PreparedRequest[];
}

export const GRAPHQL_PATH = '/graphql';

const greeting: Operation = { operationName: 'Greet', query: 'query Greet { __typename }', variables: {} };

/** The headers of a caller, as every server gets them. */
export const headersOf = (caller: number, gatewayToken: string) => ({
  host: '127.0.0.1',
  accept: 'application/json',
  'content-type': 'application/json',
  authorization: `Bearer ${gatewayToken}`,
  [TOKEN_HEADER]: upstreamToken(caller),
});

function toBytes(headers: Readonly<Record<string, string>>, operation: Operation): Buffer {
  const body = Buffer.from(JSON.stringify(operation));
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  const head = `POST ${GRAPHQL_PATH} HTTP/1.1\r\n${lines.join('')}content-length: ${body.length}\r\n\r\n`;
  return Buffer.concat([Buffer.from(head), body]);
}

/** How many callers each mode has. */
const sizes: Readonly<Record<Mode, number>> = { known: CALLERS, strangers: STRANGERS, one: 1 };

export interface RequestOptions {
  readonly mode: Mode;
  readonly dialect: Dialect;
  readonly packageIds: readonly string[];
  /** Of all callers, the strangers included. */
  readonly gatewayTokens: readonly string[];
}

export function prepareRequests({ mode, dialect, packageIds, gatewayTokens }: RequestOptions): Requests {
  const tokens = gatewayTokens.slice(0, sizes[mode]);
  const prepare = (operationOf: (caller: number) => Operation, answerOf: (caller: number) => number) =>
    tokens.map((token, caller) => ({
      bytes: toBytes(headersOf(caller, token), operationOf(caller)),
      answer: answerOf(caller),
    }));
  const packageOf = (caller: number) => caller % packageIds.length;
  const prepared: Readonly<Record<Workload, readonly PreparedRequest[]>> = {
    list: prepare(
      () => dialect.list,
      () => 0,
    ),
    point: prepare((caller) => dialect.point(packageIds[packageOf(caller)] ?? ''), packageOf),
  };
  // Both workloads go on where the other has stopped: a stranger comes back only when all the others have been there.
  let turn = 0;
  return {
    callers: tokens.length,
    next: (workload) => {
      const request = prepared[workload][turn % tokens.length];
      turn += 1;
      if (!request) throw new Error('there are no callers');
      return request;
    },
    greetings: () =>
      prepare(
        () => greeting,
        () => 0,
      ),
  };
}

import type { IncomingHttpHeaders } from 'node:http';

/** One request as a simulator's route sees it. */
export interface SimulatorRequest {
  readonly method: string;
  /** The path below the server's prefix, still percent-encoded. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  /** The decoded `:name` segments of the route. */
  readonly params: Readonly<Record<string, string>>;
  /** Aborted when the client goes away before the answer. */
  readonly signal: AbortSignal;
}

/** What a route answers: `json` or raw `body`, never both. Neither means an empty body. */
export interface SimulatorResponse {
  readonly status: number;
  readonly json?: unknown;
  readonly body?: Buffer | string;
  readonly headers?: Readonly<Record<string, string>>;
}

export type RouteHandler = (request: SimulatorRequest) => SimulatorResponse | Promise<SimulatorResponse>;

/** Thrown by a route to answer with an error; the server sends `response` as it is. */
export class Refusal extends Error {
  readonly response: SimulatorResponse;

  constructor(response: SimulatorResponse) {
    super(`refused with ${response.status}`);
    this.name = 'Refusal';
    this.response = response;
  }
}

/** Parses a request body as JSON, or throws what `refuse` makes. An empty body is `undefined`. */
export function readJson(request: SimulatorRequest, refuse: (cause: unknown) => Error): unknown {
  if (request.body.length === 0) return undefined;
  try {
    return JSON.parse(request.body.toString('utf8'));
  } catch (error) {
    throw refuse(error);
  }
}

import { createFaults, type FaultRule, type Faults, isFaultKind } from './faults.ts';
import { createHttpServer, type HttpServer } from './http-server.ts';
import { Refusal, readJson, type SimulatorRequest, type SimulatorResponse } from './message.ts';
import { createRequestLog, type RequestLog } from './request-log.ts';
import { createRouter } from './router.ts';

/** A product's own switch, e.g. a node's history loss. What it returns is the answer's JSON. */
export type Switch = (parameters: Readonly<Record<string, unknown>>) => unknown | Promise<unknown>;

export interface ControlOptions {
  readonly faults: Faults;
  readonly requests: RequestLog;
  readonly switches: Readonly<Record<string, Switch>>;
  readonly port?: number;
}

const refuse = (message: string) => new Refusal({ status: 400, json: { error: message } });

function readObject(request: SimulatorRequest): Record<string, unknown> {
  const value = readJson(request, () => refuse('The body is not JSON.')) ?? {};
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw refuse('The body must be an object.');
  return value as Record<string, unknown>;
}

function addFault(faults: Faults, request: SimulatorRequest): SimulatorResponse {
  const rule = readObject(request);
  if (!isFaultKind(rule.kind)) throw refuse(`Unknown fault kind ${JSON.stringify(rule.kind)}.`);
  faults.add(rule as unknown as FaultRule);
  return { status: 204 };
}

/**
 * The control port of a simulator, on a port of its own so that no fault can lock a tester out:
 * `POST /faults` (a FaultRule), `GET /faults`, `DELETE /faults`, `GET /requests`, `DELETE /requests`,
 * `GET /switches` and `POST /switches/{name}` with the switch's parameters as JSON.
 */
export function createControlServer(options: ControlOptions): HttpServer {
  const { faults, requests, switches } = options;
  const router = createRouter();
  router.on('POST', '/faults', (request) => addFault(faults, request));
  router.on('GET', '/faults', () => ({ status: 200, json: faults.list() }));
  router.on('DELETE', '/faults', () => {
    faults.clear();
    return { status: 204 };
  });
  router.on('GET', '/requests', () => ({ status: 200, json: requests.all() }));
  router.on('DELETE', '/requests', () => {
    requests.clear();
    return { status: 204 };
  });
  router.on('GET', '/switches', () => ({ status: 200, json: Object.keys(switches) }));
  router.on('POST', '/switches/:name', async (request) => {
    const flip = switches[request.params.name ?? ''];
    if (!flip) return { status: 404, json: { error: `Known switches: ${Object.keys(switches).join(', ')}.` } };
    const json = await flip(readObject(request));
    return json === undefined ? { status: 204 } : { status: 200, json };
  });
  return createHttpServer({
    router,
    faults: createFaults(),
    requests: createRequestLog(),
    errorBody: (_status, message) => ({ error: message }),
    ...(options.port === undefined ? {} : { port: options.port }),
  });
}

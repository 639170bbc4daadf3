import { setTimeout as delay } from 'node:timers/promises';
import type { FaultRule } from './faults.ts';
import { Refusal, type SimulatorRequest, type SimulatorResponse } from './message.ts';
import type { Router } from './router.ts';

/** What a product does with a request: its routes, and its error body for what they do not cover. */
export interface Product {
  readonly router: Router;
  readonly errorBody: (status: number, message: string) => unknown;
}

const wrongJson = { surprise: ['this', 'is', 'no', 'known', 'shape'] };
const notJson: SimulatorResponse = {
  status: 200,
  body: '<html><body>The service is not available.</body></html>',
  headers: { 'content-type': 'text/html' },
};

export const ruleOf = (rules: readonly FaultRule[], kind: FaultRule['kind']) =>
  rules.find((rule) => rule.kind === kind);

async function run(product: Product, request: SimulatorRequest): Promise<SimulatorResponse> {
  const match = product.router.match(request.method, request.path);
  if (!match) {
    const status = product.router.knows(request.path) ? 405 : 404;
    return { status, json: product.errorBody(status, `No route for ${request.method} ${request.path}`) };
  }
  try {
    return await match.handler({ ...request, params: match.params });
  } catch (error) {
    if (error instanceof Refusal) return error.response;
    const trace = error instanceof Error ? error.stack : String(error);
    process.stderr.write(`simulator crashed on ${request.method} ${request.path}: ${trace}\n`);
    return { status: 500, json: product.errorBody(500, 'The simulator crashed on this request') };
  }
}

function statusFault(product: Product, rule: FaultRule): SimulatorResponse {
  const status = rule.status ?? 503;
  const json = rule.json ?? product.errorBody(status, 'A fault switch made this request fail');
  return { status, json, ...(rule.headers ? { headers: rule.headers } : {}) };
}

async function wait(rules: readonly FaultRule[], signal: AbortSignal): Promise<void> {
  const latency = ruleOf(rules, 'latency');
  if (latency) await delay(latency.milliseconds ?? 1000, undefined, { signal }).catch(() => undefined);
  if (ruleOf(rules, 'hang') && !signal.aborted) {
    await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
  }
}

/** The answer to a request under the faults that hit it; undefined means that the socket is to be closed instead. */
export async function answer(
  product: Product,
  request: SimulatorRequest,
  rules: readonly FaultRule[],
): Promise<SimulatorResponse | undefined> {
  await wait(rules, request.signal);
  if (ruleOf(rules, 'drop') || request.signal.aborted) return undefined;
  const status = ruleOf(rules, 'status');
  if (status) return statusFault(product, status);
  if (ruleOf(rules, 'notJson')) return notJson;
  const response = await run(product, request);
  if (ruleOf(rules, 'dropAfter')) return undefined;
  if (!ruleOf(rules, 'wrongJson')) return response;
  return { status: response.status === 204 ? 200 : response.status, json: wrongJson };
}

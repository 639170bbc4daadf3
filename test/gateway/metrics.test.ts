import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { doorSettings } from '../helpers/door.ts';
import { connectSocket } from '../helpers/raw-socket.ts';
import { type Scrape, scrape } from '../helpers/scrape.ts';
import { findSecretShapes, findSecrets } from '../helpers/secrets.ts';
import { type DemoSettings, type Stack, startStack } from '../helpers/start-stack.ts';
import { subscribe } from '../server/socket-graph.ts';
import { keyOf } from '../server/stack-key.ts';

const PATIENCE = { timeout: 10_000 };

const withMetrics = (settings: DemoSettings) => Object.assign(settings, { metrics: { port: 0 } });

let stack: Stack;
beforeAll(async () => {
  stack = await startStack({
    configure: (settings) => {
      withMetrics(settings);
      Object.assign(settings, { progress: { intervalMs: 50, idleIntervalMs: 50 } });
      for (const source of [...settings.sources.node, ...settings.sources.faspex]) {
        Object.assign(source, { retries: 0, circuitFailures: 3, deadlineMs: 2_000, circuitOpenMs: 60_000 });
      }
    },
  });
});
afterAll(() => stack?.stop());

const DURATIONS = 'aspera_gateway_operation_duration_seconds_count';
const CALLS = 'aspera_gateway_upstream_calls_total';

/** How much a number has grown. */
async function growth(work: () => Promise<unknown>) {
  const before = await scrape(stack.metricsUrl);
  await work();
  const after = await scrape(stack.metricsUrl);
  return (...[name, labels]: Parameters<Scrape['sum']>) => after.sum(name, labels) - before.sum(name, labels);
}

describe('after some operations', () => {
  it('there are as many of each kind, outcome and door', async () => {
    const grown = await growth(async () => {
      await stack.everything.send('{ viewer { viewerId } }');
      await stack.everything.send('query Named { viewer { viewerId } }');
      await stack.everything.send('{ nothing }');
      await stack.reader.send('mutation { deleteFiles(input: { source: "london", paths: ["/a"] }) { __typename } }');
      await stack.everything.send('{ asperaNode(source: "nowhere") { info { version } } viewer { viewerId } }');
    });
    const door = doorSettings.fastDoor ? 'fast' : 'http';
    expect(grown(DURATIONS, { kind: 'query', outcome: 'ok', door })).toBe(2);
    expect(grown(DURATIONS, { kind: 'unknown', outcome: 'refused', door: 'http' })).toBe(1);
    expect(grown(DURATIONS, { kind: 'mutation', outcome: 'refused', door: 'http' })).toBe(1);
    expect(grown(DURATIONS, { outcome: 'ok' })).toBe(2);
    expect(grown(DURATIONS)).toBe(5);
    expect(grown('aspera_gateway_errors_total', { code: 'GRAPHQL_VALIDATION_FAILED' })).toBe(1);
    expect(grown('aspera_gateway_errors_total', { code: 'FORBIDDEN' })).toBe(1);
    expect(grown('aspera_gateway_errors_total', { code: 'BAD_INPUT' })).toBe(1);
  });

  it('the calls to the sources are counted by what they were', async () => {
    const grown = await growth(async () => {
      await stack.everything.data('{ asperaNode(source: "london") { info { version } } }');
      await stack.everything.data('{ faircom { databases { nodes { databaseName } } } }');
    });
    expect(grown(CALLS, { source: 'london', operation: 'node.info', outcome: '2xx' })).toBe(1);
    expect(grown(CALLS, { source: 'records', operation: 'faircom.createSession', outcome: '2xx' })).toBe(1);
    expect(grown(CALLS, { source: 'tokyo' })).toBe(0);
    const durations = 'aspera_gateway_upstream_call_duration_seconds_count';
    expect(grown(durations, { source: 'london', operation: 'node.info' })).toBe(1);
    expect(grown('aspera_gateway_upstream_tokens_total', { source: 'records', outcome: 'fetched' })).toBe(1);
  });

  it('documents are counted as parsed once, and as found from then on', async () => {
    const grown = await growth(async () => {
      for (let time = 0; time < 4; time += 1) await stack.everything.send('query Kept { viewer { name } }');
    });
    expect(grown('aspera_gateway_documents_total', { step: 'parsed' })).toBe(1);
    expect(grown('aspera_gateway_documents_total', { step: 'hit' })).toBe(3);
    expect(grown('aspera_gateway_documents_kept')).toBe(1);
  });

  it('a hundred names of operations add no series', async () => {
    await stack.everything.send('{ viewer { viewerId } }');
    const before = await scrape(stack.metricsUrl);
    for (let number = 0; number < 100; number += 1) {
      await stack.everything.send(`query Name${number} { viewer { viewerId } }`);
    }
    const after = await scrape(stack.metricsUrl);
    expect(after.size).toBe(before.size);
    expect(after.text).not.toContain('Name7');
  });

  it('a subscriber is counted while they are there, with the poll that is kept up for them', async () => {
    const socket = await connectSocket(stack.webSocketUrl, keyOf(stack));
    socket.send(subscribe('1', 'subscription { transfers(node: "london") { cursor } }'));
    const shows = async (name: string, labels: Record<string, string>, value: number) =>
      vi.waitFor(async () => expect((await scrape(stack.metricsUrl)).sum(name, labels)).toBe(value), PATIENCE);
    await shows('aspera_gateway_polls_running', { source: 'london' }, 1);
    await shows('aspera_gateway_subscriptions', {}, 1);
    const during = await scrape(stack.metricsUrl);
    expect(during.value('aspera_gateway_sockets')).toBe(1);
    expect(during.value('aspera_gateway_subscription_groups')).toBe(1);
    expect(during.sum(DURATIONS, { kind: 'subscription', outcome: 'ok', door: 'websocket' })).toBe(1);
    socket.send({ type: 'complete', id: '1' });
    await shows('aspera_gateway_subscriptions', {}, 0);
    await shows('aspera_gateway_polls_running', { source: 'london' }, 0);
    const after = await scrape(stack.metricsUrl);
    expect(after.sum('aspera_gateway_polls_total', { source: 'london' })).toBeGreaterThan(0);
    expect(after.value('aspera_gateway_subscription_groups')).toBe(0);
    expect(after.sum('aspera_gateway_subscriptions_ended_total', { outcome: 'ok' })).toBe(1);
  });

  it('a source that fails has its failures counted, and its circuit shows as open', async () => {
    const [, tokyo] = stack.simulators.nodes;
    await fetch(`${tokyo?.controlUrl}/faults`, {
      method: 'POST',
      body: JSON.stringify({ kind: 'status', status: 503, times: 100 }),
    });
    onTestFinished(async () => void (await fetch(`${tokyo?.controlUrl}/faults`, { method: 'DELETE' })));
    for (let time = 0; time < 5; time += 1) {
      await stack.everything.send('{ asperaNode(source: "tokyo") { info { version } } }');
    }
    const { sum, value } = await scrape(stack.metricsUrl);
    expect(sum(CALLS, { source: 'tokyo', outcome: '5xx' })).toBe(3);
    expect(value('aspera_gateway_upstream_circuit', { source: 'tokyo', state: 'open' })).toBe(1);
    expect(value('aspera_gateway_upstream_circuit', { source: 'london', state: 'closed' })).toBe(1);
    expect(sum('aspera_gateway_errors_total', { code: 'SOURCE_UNAVAILABLE' })).toBe(5);
  });

  it('nothing in the metrics is secret', async () => {
    const { text, names } = await scrape(stack.metricsUrl);
    expect(names.size).toBeGreaterThan(20);
    expect(findSecrets(text, stack.secrets)).toEqual([]);
    expect(findSecretShapes(text)).toEqual([]);
  });
});

describe('the port of the metrics', () => {
  it('has nothing else, and the port of the graph does not have them', async () => {
    const url = new URL(stack.metricsUrl ?? '');
    expect((await fetch(new URL('/graphql', url))).status).toBe(404);
    expect((await fetch(url, { method: 'POST' })).status).toBe(405);
    const head = await fetch(url, { method: 'HEAD' });
    expect([head.status, await head.text()]).toEqual([200, '']);
    expect((await fetch(url)).headers.get('content-type')).toMatch(/^text\/plain; version=0\.0\.4/);
    expect((await fetch(new URL('/metrics', stack.url))).status).toBe(404);
  });

  it('closes when the gateway stops, and not before it has drained', async () => {
    const other = await startStack({ configure: withMetrics });
    const stopped = other.stop();
    await stopped;
    await expect(fetch(other.metricsUrl ?? '')).rejects.toThrow();
  });

  it('is not there where the configuration has no metrics', async () => {
    const other = await startStack();
    onTestFinished(other.stop);
    expect(other.metricsUrl).toBeUndefined();
  });
});

it('two gateways in one process share no numbers', async () => {
  const other = await startStack({ configure: withMetrics });
  onTestFinished(other.stop);
  const grown = await growth(() => other.everything.send('{ viewer { viewerId } }'));
  expect(grown(DURATIONS)).toBe(0);
  expect((await scrape(other.metricsUrl)).sum(DURATIONS)).toBe(1);
});

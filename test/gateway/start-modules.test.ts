import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, it, onTestFinished, vi } from 'vitest';
import { createDemoConfig } from '../../simulators/demo-config.ts';
import { startSimulators } from '../../simulators/start-simulators.ts';
import { startGatewayProcess } from '../helpers/gateway-process.ts';
import { PATIENCE } from '../server/start-server.ts';

const listModules = pathToFileURL(join(import.meta.dirname, '../helpers/list-modules.ts'));

async function startListing() {
  const simulators = await startSimulators({ seed: false });
  const folder = await mkdtemp(join(tmpdir(), 'modules-'));
  const output = join(folder, 'modules.txt');
  const { yaml, env, keys } = createDemoConfig(simulators, 0);
  const gateway = await startGatewayProcess(yaml, {
    ...env,
    LOADED_MODULES: output,
    NODE_OPTIONS: `--import=${listModules.href}`,
  });
  onTestFinished(async () => {
    await gateway.stop();
    await simulators.close();
    await rm(folder, { recursive: true, force: true });
  });
  const headers = { authorization: `Bearer ${keys.everything}`, 'content-type': 'application/json' };
  return {
    ask: async (query: string) => {
      const reply = await fetch(gateway.url, { method: 'POST', headers, body: JSON.stringify({ query }) });
      return (await reply.json()) as unknown;
    },
    /** Names of the packages that the modules are of. */
    loadedPackages: async () => {
      const urls = await vi.waitFor(() => readFile(output, 'utf8'), PATIENCE);
      return new Set(urls.split('\n').map((url) => /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(url)?.[1]));
    },
  };
}

it('answers a first query without the packages that it does not need', async () => {
  const { ask, loadedPackages } = await startListing();
  const query = '{ asperaNode(source: "london") { info { nodeId } } }';
  expect(await ask(query)).toEqual({ data: { asperaNode: { info: { nodeId: expect.any(String) } } } });
  const loaded = await loadedPackages();
  expect([...loaded]).toEqual(expect.arrayContaining(['graphql', '@pothos/core', 'undici', 'zod']));
  const forbidden = [...loaded].filter((name) =>
    /^(?:@grpc\/|protobufjs$|@redis\/|graphql-yoga$|@graphql-yoga\/|@graphql-tools\/|@whatwg-node\/|@envelop\/|prom-client$|@opentelemetry\/)/.test(
      name ?? '',
    ),
  );
  expect(forbidden).toEqual([]);
  // They are there for whoever does.
  expect(await ask('{ transferd { info { apiVersion } } unknown }')).toMatchObject({ errors: expect.any(Array) });
  expect(await ask('{ sources(kind: TRANSFERD) { health { reachable } } }')).toEqual({
    data: { sources: [{ health: { reachable: true } }] },
  });
});

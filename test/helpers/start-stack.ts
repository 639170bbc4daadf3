import { parse, stringify } from 'yaml';
import { createDemoConfig } from '../../simulators/demo-config.ts';
import { type Simulators, startSimulators } from '../../simulators/start-simulators.ts';
import { loadConfig } from '../../src/config/load-config.ts';
import { createGateway } from '../../src/gateway.ts';
import { createLogger } from '../../src/server/logger.ts';
import { doorSettings } from './door.ts';
import { findSecretShapes, findSecrets, type NamedSecret, secretsOf } from './secrets.ts';
import { createTestClient, type TestClient } from './test-client.ts';

/** The simulators, and a gateway in front of them as the demo runs it, over real sockets. */
export interface Stack {
  readonly simulators: Simulators;
  readonly url: string;
  readonly webSocketUrl: string;
  /** Where the metrics are, when the configuration has them. */
  readonly metricsUrl: string | undefined;
  /** A client for each of the two viewers of the demo. */
  readonly everything: TestClient;
  readonly reader: TestClient;
  /** A client for the holder of any other key; closed with the stack. */
  client(key: string): TestClient;
  /** Answers a request without a socket between the caller and the gateway. */
  fetch(request: Request): Promise<Response>;
  /** Every line that the gateway has logged, at the level `trace`. */
  readonly log: readonly string[];
  /** Everything that no log and no answer may show. */
  readonly secrets: readonly NamedSecret[];
  /** Stops everything. @throws Error when the log holds a secret */
  stop(): Promise<void>;
}

export interface StackOptions {
  readonly seed?: boolean;
  /** Changes the demo's configuration before it is loaded, and the variables that its secrets are in. */
  readonly configure?: (settings: DemoSettings, simulators: Simulators, env: Record<string, string>) => unknown;
}

type Settings = Record<string, unknown>;

/** The demo's configuration as far as tests change it. */
export interface DemoSettings extends Settings {
  readonly viewers: { readonly apiKeys: { name: string; scopes: string[] }[] };
  readonly sources: {
    readonly faspex: Settings[];
    readonly node: Settings[];
    readonly faircom: Settings[];
    readonly transferd: Settings[];
  };
}

/** Whatever a test was about: nothing that it made the gateway log may show a secret. */
function checkLog(log: readonly string[], secrets: readonly NamedSecret[]): void {
  const text = log.join('');
  const found = [...findSecrets(text, secrets), ...findSecretShapes(text)];
  if (found.length > 0) throw new Error(`The log of the gateway holds ${found.join(', ')}.`);
}

async function startGateway(simulators: Simulators, configure: StackOptions['configure'], log: string[]) {
  const demo = createDemoConfig(simulators, 0);
  const settings = parse(demo.yaml) as DemoSettings;
  settings.server = { ...(settings.server as Settings), ...doorSettings };
  const env = { ...demo.env };
  await configure?.(settings, simulators, env);
  const config = loadConfig(stringify(settings), { folder: simulators.folder, file: 'test', env });
  const gateway = createGateway(config, { logger: createLogger('trace', { write: (line) => void log.push(line) }) });
  return { gateway, env, keys: demo.keys, ...(await gateway.listen()) };
}

export async function startStack({ seed = false, configure }: StackOptions = {}): Promise<Stack> {
  const simulators = await startSimulators({ seed });
  const log: string[] = [];
  const { gateway, env, keys, url, webSocketUrl, metricsUrl } = await startGateway(simulators, configure, log);
  const secrets = secretsOf(simulators, env);
  const clients: TestClient[] = [];
  const client = (key: string) => {
    const opened = createTestClient(url, webSocketUrl, key);
    clients.push(opened);
    return opened;
  };
  return {
    simulators,
    url,
    webSocketUrl,
    metricsUrl,
    everything: client(keys.everything),
    reader: client(keys.reader),
    client,
    fetch: gateway.fetch,
    log,
    secrets,
    stop: async () => {
      await Promise.all(clients.map((opened) => opened.close()));
      await gateway.stop();
      await simulators.close();
      checkLog(log, secrets);
    },
  };
}

import { pino } from 'pino';
import { parse, stringify } from 'yaml';
import { createDemoConfig } from '../../simulators/demo-config.ts';
import { type Simulators, startSimulators } from '../../simulators/start-simulators.ts';
import { loadConfig } from '../../src/config/load-config.ts';
import { createGateway } from '../../src/gateway.ts';
import { createTestClient, type TestClient } from './test-client.ts';

/** The simulators, and a gateway in front of them as the demo runs it, over real sockets. */
export interface Stack {
  readonly simulators: Simulators;
  readonly url: string;
  readonly webSocketUrl: string;
  /** A client for each of the two viewers of the demo. */
  readonly everything: TestClient;
  readonly reader: TestClient;
  /** Every line that the gateway has logged. */
  readonly log: readonly string[];
  stop(): Promise<void>;
}

export interface StackOptions {
  readonly seed?: boolean;
  /** Changes the demo's configuration before it is loaded. */
  readonly configure?: (settings: DemoSettings) => void;
}

type Settings = Record<string, unknown>;

/** The demo's configuration as far as tests change it. */
export interface DemoSettings extends Settings {
  readonly viewers: { readonly apiKeys: { name: string; scopes: string[] }[] };
  readonly sources: { readonly faspex: Settings[]; readonly node: Settings[]; readonly faircom: Settings[] };
}

function change(yaml: string, configure: (settings: DemoSettings) => void): string {
  const settings = parse(yaml) as DemoSettings;
  configure(settings);
  return stringify(settings);
}

export async function startStack({ seed = false, configure = () => undefined }: StackOptions = {}): Promise<Stack> {
  const simulators = await startSimulators({ seed });
  const { yaml, env, keys } = createDemoConfig(simulators, 0);
  const log: string[] = [];
  const logger = pino({ level: 'debug' }, { write: (line) => void log.push(line) });
  const config = loadConfig(change(yaml, configure), { folder: simulators.folder, file: 'test', env });
  const gateway = createGateway(config, { logger });
  const { url, webSocketUrl } = await gateway.listen();
  const clients = [keys.everything, keys.reader].map((key) => createTestClient(url, webSocketUrl, key));
  const [everything, reader] = clients as [TestClient, TestClient];
  return {
    simulators,
    url,
    webSocketUrl,
    everything,
    reader,
    log,
    stop: async () => {
      await Promise.all(clients.map((client) => client.close()));
      await gateway.stop();
      await simulators.close();
    },
  };
}

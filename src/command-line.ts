import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { gatewayJsonSchema } from './config/gateway-json-schema.ts';
import { loadConfig } from './config/load-config.ts';
import { ConfigError } from './config/mistakes.ts';
import { createGateway } from './gateway.ts';
import { createProcessEnd } from './process-end.ts';
import { printGatewaySchema } from './schema/print.ts';
import { openLogOutput } from './server/log-output.ts';
import { createLogger } from './server/logger.ts';

const usage = `Usage: node src/main.ts <command> [--config gateway.yaml]

  start           run the gateway
  check           check the configuration and say everything that is wrong with it
  schema          print the schema of the graph
  config-schema   print the JSON schema of the configuration, for editors

The configuration is --config, else the environment variable GATEWAY_CONFIG.
`;

/** An error whose message is all that a person needs to see. */
class UsageError extends Error {}

const STANDARD_OUTPUT = 1;

type Env = Readonly<Record<string, string | undefined>>;

function readConfig(file: string | undefined, env: Env) {
  const chosen = file ?? env.GATEWAY_CONFIG;
  if (chosen === undefined) {
    throw new UsageError(
      'No configuration: say --config <file> or set GATEWAY_CONFIG. gateway.example.yaml shows every setting; ' +
        '`npm run demo` runs a gateway with simulated servers that needs none.',
    );
  }
  const path = resolve(chosen);
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    throw new UsageError(`The configuration ${chosen} cannot be read: ${(error as Error).message}`);
  }
  return loadConfig(text, { folder: dirname(path), file: chosen, env });
}

async function start(file: string | undefined, env: Env): Promise<void> {
  const config = readConfig(file, env);
  const output = openLogOutput(STANDARD_OUTPUT);
  const logger = createLogger(config.log.level, output.stream);
  const end = createProcessEnd(logger, output);
  const gateway = createGateway(config, { logger, lostLines: output.lost });
  const { url, webSocketUrl, metricsUrl } = await gateway.listen();
  process.stdout.write(`${JSON.stringify({ level: 'info', msg: 'listening', url, webSocketUrl, metricsUrl })}\n`);
  let stopping = false;
  const stop = () => {
    if (stopping) return;
    stopping = true;
    gateway.stop().then(end, fail);
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
}

function check(file: string | undefined, env: Env): void {
  const { sources } = readConfig(file, env);
  const names = [...sources.faspex, ...sources.node, ...sources.faircom].map((source) => source.name);
  process.stdout.write(`The configuration is good. Sources: ${names.join(', ')}.\n`);
}

async function run(args: readonly string[], env: Env): Promise<void> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { config: { type: 'string', short: 'c' }, help: { type: 'boolean', short: 'h' } },
  });
  const [command, ...rest] = positionals;
  if (values.help) process.stdout.write(usage);
  else if (rest.length > 0) throw new UsageError(usage);
  else if (command === 'start') await start(values.config, env);
  else if (command === 'check') check(values.config, env);
  else if (command === 'schema') process.stdout.write(`${printGatewaySchema()}\n`);
  else if (command === 'config-schema') process.stdout.write(`${JSON.stringify(gatewayJsonSchema(), null, 2)}\n`);
  else throw new UsageError(usage);
}

/** What a person needs to see of a failure; the stack only where it is our own fault. */
function describe(error: unknown): string {
  const { code, message, stack } = error as Error & { code?: string };
  if (error instanceof UsageError || error instanceof ConfigError || code?.startsWith('ERR_PARSE_ARGS')) return message;
  if (code === 'EADDRINUSE') {
    return (
      `${message}. Another program has this port: set server.port or metrics.port to a free one. ` +
      'Where that is another process of this gateway, set server.reusePort in both.'
    );
  }
  return String(stack);
}

function fail(error: unknown): void {
  process.stderr.write(`${describe(error)}\n`);
  process.exit(1);
}

/** Does what the command line says. `args` are those behind the name of the program. It ends the process when it fails. */
export const runCommandLine = (args: readonly string[], env: Env): Promise<void> => run(args, env).catch(fail);

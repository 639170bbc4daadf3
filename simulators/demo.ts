import './require-node.ts';
import { parseArgs } from 'node:util';
import { loadConfig } from '../src/config/load-config.ts';
import { createGateway } from '../src/gateway.ts';
import { createDemoConfig } from './demo-config.ts';
import { startSimulators } from './start-simulators.ts';

const { values } = parseArgs({ options: { port: { type: 'string', default: '4000' } } });

const query = `{
  viewer { name }
  faspex { packages(first: 3) { totalCount nodes { title status } } }
  sources { name kind health { reachable } }
}`;

const simulators = await startSimulators();
const { yaml, env, keys } = createDemoConfig(simulators, Number(values.port));
const gateway = createGateway(loadConfig(yaml, { folder: simulators.folder, file: 'demo', env }));
const { url, webSocketUrl } = await gateway.listen().catch(async (error: Error) => {
  await simulators.close();
  process.stderr.write(
    `${error.message}. If another program has the port, take another: npm run demo -- --port 4001\n`,
  );
  process.exit(1);
});

process.stdout.write(`
The gateway is ready, in front of simulated servers: Faspex 5, the Aspera nodes ${simulators.nodes.map(({ name }) => name).join(' and ')}, FairCom, and a transfer daemon.
Files of the daemon's machine are in ${simulators.transferd.folder}.

  GraphQL    ${url}     (a browser shows an editor there)
  WebSocket  ${webSocketUrl}

Send one of these headers with every request:

  Authorization: Bearer ${keys.everything}     may do everything
  Authorization: Bearer ${keys.reader}     reads what is theirs

A first query:

curl -s ${url} -H 'Authorization: Bearer ${keys.everything}' -H 'Content-Type: application/json' \\
  -d '${JSON.stringify({ query: query.replace(/\s+/g, ' ') })}'

Ctrl-C stops everything and removes its files.
`);

let stopping = false;
const stop = () => {
  if (stopping) return;
  stopping = true;
  gateway
    .stop()
    .then(() => simulators.close())
    .then(
      () => process.exit(0),
      () => process.exit(1),
    );
};
process.on('SIGINT', stop);
process.on('SIGTERM', stop);

import './require-node.ts';
import { parseArgs } from 'node:util';
import { describeSimulators } from './describe-simulators.ts';
import { startSimulators } from './start-simulators.ts';

const { values } = parseArgs({ options: { json: { type: 'boolean' }, 'port-base': { type: 'string' } } });
const portBase = values['port-base'] === undefined ? undefined : Number(values['port-base']);
if (portBase !== undefined && !(Number.isInteger(portBase) && portBase > 0 && portBase < 65_000)) {
  process.stderr.write('--port-base must be a port number below 65000.\n');
  process.exit(1);
}

const simulators = await startSimulators(portBase === undefined ? {} : { portBase });
const description = describeSimulators(simulators);
process.stdout.write(`${JSON.stringify(description, null, values.json ? 0 : 2)}\n`);
if (!values.json) process.stdout.write('Ctrl-C stops the simulators and removes their files.\n');

let closing = false;
const close = () => {
  if (closing) return;
  closing = true;
  simulators.close().then(
    () => process.exit(0),
    () => process.exit(1),
  );
};
process.on('SIGINT', close);
process.on('SIGTERM', close);

import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Entrant } from '../entrant.ts';
import { projectGenerated } from './projection.ts';

const run = promisify(execFile);

const fileOf = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** Hive Gateway as its command line starts it, with the graph that Mesh generates. */
export const hive: Entrant = {
  name: 'hive',
  label: 'Hive Gateway + Mesh OpenAPI',
  role: 'peer',
  dialect: 'generated',
  projection: { project: projectGenerated, leavesOut: 'global ids and the status of packages' },
  args: async ({ folder, port, upstream }) => {
    const graph = join(folder, 'supergraph.graphql');
    const compose = fileOf('../../node_modules/@graphql-mesh/compose-cli/esm/bin.js');
    await run(process.execPath, [compose, '--config-path', fileOf('./mesh.config.ts'), '--output', graph], {
      env: { ...process.env, FASPEX_URL: upstream.faspexUrl, NODE_URL: upstream.nodeUrl },
    });
    return [
      ...[fileOf('../../node_modules/@graphql-hive/gateway/dist/bin.js'), 'supergraph', graph],
      ...['--config-path', fileOf('./gateway.config.ts'), '--host', '127.0.0.1', '--port', String(port)],
      ...['--fork', '1', '--jit', '--disable-websockets'],
    ];
  },
};

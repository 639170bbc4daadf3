import type { Simulators } from './start-simulators.ts';

/** What somebody who is to use the simulators needs to know: addresses and credentials, in one JSON object. */
export function describeSimulators({ nodes }: Simulators) {
  return {
    nodes: nodes.map((node) => ({
      name: node.name,
      url: node.url,
      sshPort: node.sshPort,
      username: node.username,
      password: node.password,
      accessKeyId: node.accessKeyId,
      accessKeySecret: node.accessKeySecret,
      docroot: node.docroot,
      controlUrl: node.controlUrl,
    })),
  };
}

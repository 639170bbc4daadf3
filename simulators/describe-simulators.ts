import type { Simulators } from './start-simulators.ts';

/** What somebody who is to use the simulators needs to know: addresses and credentials, in one JSON object. */
export function describeSimulators({ faircom, faspex, faspexKeyFile, nodes, transferd }: Simulators) {
  return {
    faspex: {
      url: faspex.url,
      clientId: faspex.clientId,
      privateKeyFile: faspexKeyFile,
      users: faspex.users,
      controlUrl: faspex.controlUrl,
    },
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
    faircom: {
      url: faircom.url,
      plainUrl: faircom.plainUrl,
      username: faircom.username,
      password: faircom.password,
      caFile: faircom.caFile,
      certFile: faircom.certFile,
      keyFile: faircom.keyFile,
      controlUrl: faircom.controlUrl,
    },
    transferd: {
      address: transferd.address,
      port: transferd.port,
      folder: transferd.folder,
      controlUrl: transferd.controlUrl,
    },
  };
}

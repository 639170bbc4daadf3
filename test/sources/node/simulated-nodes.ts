import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { createNodeSimulator, type NodeSimulator } from '../../../simulators/node/node-simulator.ts';
import { createPeerDirectory } from '../../../simulators/node/peers.ts';
import { createSecret } from '../../../src/config/secret.ts';
import type { NodeClient, NodeSource } from '../../../src/sources/node/source.ts';
import { openSource } from './odd-node.ts';

/** A simulated node and the gateway's source for it. */
export interface SimulatedNode {
  readonly node: NodeSimulator;
  readonly source: NodeSource;
  /** The client of the gateway's own identity. */
  readonly client: NodeClient;
  /** The client of a viewer's identity. */
  as(subject: string): NodeClient;
}

const nodeUserOf = ({ username, password }: NodeSimulator) => ({
  nodeUser: { username, password: createSecret(password) },
});

const accessKeyOf = ({ accessKeyId, accessKeySecret }: NodeSimulator) => ({
  accessKey: { id: accessKeyId, secret: createSecret(accessKeySecret) },
});

/** Nodes that know each other, each with an empty docroot; gone after the test. */
export async function startSimulatedNodes<const Names extends readonly string[]>(
  names: Names,
  credential: 'nodeUser' | 'accessKey' = 'nodeUser',
): Promise<{ [K in keyof Names]: SimulatedNode }> {
  const folder = await mkdtemp(join(tmpdir(), 'node-source-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const peers = createPeerDirectory();
  const start = async (name: string): Promise<SimulatedNode> => {
    const docroot = await mkdtemp(join(folder, name));
    const node = createNodeSimulator({ name, docroot, peers });
    await node.start();
    onTestFinished(() => node.close());
    const source = openSource(node.url, {
      name,
      ...(credential === 'nodeUser' ? nodeUserOf(node) : accessKeyOf(node)),
      actAs: 'viewer',
      bearer: { accessKey: node.accessKeyId, privateKey: createSecret(node.accessKeyPrivateKey) },
    });
    const as = (subject: string) => source.open({ identity: source.identify({ subject }) });
    return { node, source, client: source.open({ identity: source.identify(undefined) }), as };
  };
  return (await Promise.all(names.map(start))) as { [K in keyof Names]: SimulatedNode };
}

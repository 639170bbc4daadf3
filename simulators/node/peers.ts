import { readBasic } from './credentials.ts';
import { fieldsOf, textOf, valueAt } from './fields.ts';
import type { SessionTarget } from './protocol/session-client.ts';
import { accessKeyOfBearer } from './tokens/bearer-token.ts';
import { issuerOf } from './tokens/transfer-token.ts';

/** A node as its neighbours know it. */
export interface Peer {
  readonly nodeId: () => string;
  readonly sshPort: () => number;
  readonly hasAccessKey: (id: string) => boolean;
}

/** Simulators that were started together. They find each other by the token of a transfer spec. */
export interface PeerDirectory {
  /** Returns what takes the peer out again. */
  register(peer: Peer): () => void;
  /** The node that a token belongs to: its issuer, or the owner of the access key in it. */
  find(token: string | undefined, tags: unknown): Peer | undefined;
}

/** The port in every spec that a client builds by itself, whatever the node listens on (aspera-node-api.md §11). */
const WELL_KNOWN_SSH_PORT = 33001;

function accessKeyIn(token: string, tags: unknown): string | undefined {
  const [scheme, credential = ''] = token.split(' ');
  if (scheme === 'Basic') return readBasic(credential)?.name;
  if (scheme !== 'Bearer') return undefined;
  return textOf(valueAt(fieldsOf(tags), 'aspera', 'node', 'access_key')) ?? accessKeyOfBearer(credential);
}

export function createPeerDirectory(): PeerDirectory {
  const peers = new Set<Peer>();
  return {
    register: (peer) => {
      peers.add(peer);
      return () => peers.delete(peer);
    },
    find: (token, tags) => {
      if (token === undefined) return undefined;
      const issuer = issuerOf(token);
      const accessKeyId = accessKeyIn(token, tags);
      return [...peers].find((peer) =>
        accessKeyId === undefined ? peer.nodeId() === issuer : peer.hasAccessKey(accessKeyId),
      );
    },
  };
}

/**
 * Where to connect for a spec, in the order to try. The spec's own address comes first unless its port is the
 * well-known one and the token tells which of the simulators is meant.
 */
export function targetsOf(
  spec: { readonly host: string; readonly port: number; readonly token: string | undefined; readonly tags: unknown },
  peers: PeerDirectory | undefined,
): readonly SessionTarget[] {
  const { host, port, token, tags } = spec;
  const peer = peers?.find(token, tags);
  if (!peer) return [{ host, port }];
  const known = { host: '127.0.0.1', port: peer.sshPort() };
  return port === WELL_KNOWN_SSH_PORT ? [known] : [{ host, port }, known];
}

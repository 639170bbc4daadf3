import type { UpstreamRequest, UpstreamResponse } from '../../transport/upstream.ts';
import { pathsForbidden } from './errors.ts';
import type { OwnToken, OwnTokenRequest } from './own-tokens.ts';

/** What the client functions of one call share. */
export interface NodeConnection {
  /** Name of the source in the configuration. */
  readonly source: string;
  /** Address of the node. */
  readonly url: string;
  /** Whether calls carry a viewer's bearer token. */
  readonly isBearer: boolean;
  readonly now: () => number;
  /** Sends a request and throws where the node refuses. */
  send(request: UpstreamRequest): Promise<UpstreamResponse>;
  /** A token for a spec that the node is not asked for, in the name of whoever is called for. */
  readonly ownToken: (request: OwnTokenRequest) => OwnToken;
  /** The node's own id, once an answer to `GET /info` has told it. */
  readonly ownNodeId: { current: string | undefined };
}

/** Sends a call that takes paths (gen3), which no bearer token may make (aspera-node-api.md §1.2). */
export async function sendPaths(connection: NodeConnection, request: UpstreamRequest): Promise<UpstreamResponse> {
  if (connection.isBearer) throw pathsForbidden(connection.source);
  return connection.send(request);
}

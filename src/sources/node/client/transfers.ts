import { itemsIn } from '../../../reading/members.ts';
import { sshSecretsIn } from '../../../transfer-spec/ssh-secrets.ts';
import { isJsonObject, type JsonObject } from '../../../transfer-spec/transfer-spec.ts';
import { SourceError } from '../../../transport/source-error.ts';
import type { UpstreamRequest, UpstreamResponse } from '../../../transport/upstream.ts';
import type { NodeConnection } from '../connection.ts';
import { withoutWords } from '../errors.ts';
import { iterationTokenOf } from '../link-header.ts';
import { parseAnswer } from '../parse.ts';
import { readTransfer } from '../read-transfer.ts';
import { toSeconds } from '../request-shape.ts';
import { segment } from '../segment.ts';
import type { NodeTransfer, TransferChange, TransferFeed, TransferFeedQuery } from '../types.ts';
import { transfer } from '../wire/transfer.ts';

/** Reads a transfer; members that the answer of a start lacks are taken from `otherwise`. */
function parseTransfer(connection: NodeConnection, body: unknown, otherwise: JsonObject = {}): NodeTransfer {
  const raw = isJsonObject(body) ? { ...otherwise, ...body } : body;
  const wire = parseAnswer(connection.source, 'a transfer', transfer, raw);
  const spec = isJsonObject(raw) && isJsonObject(raw.start_spec) ? raw.start_spec : {};
  return readTransfer(wire, spec, connection.ownNodeId.current);
}

const pathOf = ({ source }: NodeConnection, transferId: string) => `/ops/transfers/${segment(source, transferId)}`;

/** Sends a spec. Where it holds a system user's secrets, nobody is told in which words the node refuses it. */
async function sendSpec(connection: NodeConnection, spec: JsonObject): Promise<UpstreamResponse> {
  const request = { operation: 'node.startTransfer', method: 'POST', path: '/ops/transfers', json: spec } as const;
  try {
    return await connection.send({ ...request, repeat: 'never' });
  } catch (error) {
    throw error instanceof SourceError && sshSecretsIn(spec).length > 0 ? withoutWords(error) : error;
  }
}

/**
 * `POST /ops/transfers`: this node becomes the client of the transfer (aspera-node-api.md §5.1).
 * Whether the answer holds a status is not documented (§11); accepted without one means waiting for its first session.
 */
export async function startTransfer(connection: NodeConnection, spec: JsonObject): Promise<NodeTransfer> {
  const { body } = await sendSpec(connection, spec);
  const answered = isJsonObject(body) ? body : {};
  return parseTransfer(connection, body, {
    status: 'waiting',
    start_spec: { ...spec, ...answered, endpoint: 'client' },
  });
}

/** Nodes sometimes answer 200 with nothing for a transfer that they have (aspera-node-api.md §1.1): asked once more. */
async function sendUntilBody(connection: NodeConnection, request: UpstreamRequest): Promise<UpstreamResponse> {
  const response = await connection.send(request);
  return response.body === undefined ? connection.send(request) : response;
}

/** `GET /ops/transfers/{id}` (aspera-node-api.md §5.3). */
export async function readTransferById(connection: NodeConnection, transferId: string): Promise<NodeTransfer> {
  const { body } = await sendUntilBody(connection, {
    operation: 'node.transfer',
    method: 'GET',
    path: pathOf(connection, transferId),
    repeat: 'safe',
  });
  return parseTransfer(connection, body);
}

/**
 * `GET /ops/transfers`: what changed since the token, oldest first (aspera-node-api.md §5.2). The end is an empty list
 * or a token that repeats, never a missing one.
 */
export async function readTransferFeed(connection: NodeConnection, query: TransferFeedQuery): Promise<TransferFeed> {
  const { body, headers } = await connection.send({
    operation: 'node.transferFeed',
    method: 'GET',
    path: '/ops/transfers',
    query: {
      iteration_token: query.iterationToken,
      after_time: query.afterTime && toSeconds(query.afterTime.getTime()),
      active_only: query.activeOnly,
      count: query.count,
      tag: query.tag,
      view: query.view,
      direction: query.direction?.toLowerCase(),
    },
    repeat: 'safe',
  });
  const items = parseAnswer(connection.source, 'a list of transfers', itemsIn, body);
  const transfers = items.map((item) => {
    try {
      return parseTransfer(connection, item ?? null);
    } catch (error) {
      if (error instanceof SourceError) return error;
      throw error;
    }
  });
  return { transfers, nextToken: iterationTokenOf(headers.link) };
}

const stateWords = { CANCELED: 'canceled', PAUSED: 'paused', RUNNING: 'running' } as const;

/**
 * `PUT /ops/transfers/{id}`, also to cancel: proxies and HTTP stacks refuse the vendor's CANCEL method
 * (aspera-node-api.md §1.1, §5.4). The answer may be the spec alone; then the transfer is read.
 */
export async function changeTransfer(
  connection: NodeConnection,
  transferId: string,
  change: TransferChange,
): Promise<NodeTransfer> {
  const { body } = await connection.send({
    operation: 'node.changeTransfer',
    method: 'PUT',
    path: pathOf(connection, transferId),
    json: {
      status: change.status && stateWords[change.status],
      target_rate_kbps: change.targetRateKbps,
      min_rate_kbps: change.minRateKbps,
      rate_policy: change.ratePolicy?.toLowerCase(),
    },
    repeat: 'never',
  });
  if (!isJsonObject(body) || typeof body.status !== 'string') return readTransferById(connection, transferId);
  return parseTransfer(connection, body);
}

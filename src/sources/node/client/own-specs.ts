import { readTransferSpec, type TransferSpec } from '../../../transfer-spec/transfer-spec.ts';
import { SourceError } from '../../../transport/source-error.ts';
import type { NodeConnection } from '../connection.ts';
import type { OwnToken } from '../own-tokens.ts';
import { compact } from '../request-shape.ts';
import type { NodeInfo, OwnSpecRequest } from '../types.ts';
import { readInfo } from './node-info.ts';

/** In every spec that IBM's client makes by itself, whatever the node listens on (aspera-node-api.md §11). */
const PORT = 33_001;

/** Who owns files where a node does not tell (aspera-apps-api.md §13). */
const DEFAULT_USER = 'xfer';

/** What the node says of its WebSocket, which some clients prefer to SSH. */
function webSocketOf({ settings }: NodeInfo) {
  const setting = (wanted: string) => settings.find(({ name }) => name === wanted)?.value;
  const port = Number(setting('wss_port'));
  return setting('wss_enabled') === 'true' && port > 0 ? { wss_enabled: true, wss_port: port } : {};
}

type TokenWishes = Pick<OwnSpecRequest, 'kind' | 'tokenLifeSeconds' | 'accessKey'>;

/**
 * The token of such a spec. It costs no call, so that it may be had before anything is asked of the node.
 * @throws SourceError when the source has no such token, or one of another access key
 */
export function takeOwnToken(connection: NodeConnection, wishes: TokenWishes): OwnToken {
  const own = connection.ownToken({ kind: wishes.kind, lifeSeconds: wishes.tokenLifeSeconds });
  if (wishes.accessKey === undefined || wishes.accessKey === own.accessKey) return own;
  const message = `${connection.source} is configured with another access key: ${own.accessKey}.`;
  throw new SourceError('BAD_INPUT', message, { source: connection.source });
}

/**
 * A spec that no server makes (gen4): host of the node's address, the ports that clients expect, user and WebSocket of
 * `GET /info`, and the folder by its id in the tags, to which all paths are relative (aspera-node-api.md §1.4, §9).
 * One upstream call.
 */
export async function makeSpec(connection: NodeConnection, request: OwnSpecRequest): Promise<TransferSpec> {
  const { token, accessKey, expiresAt } = takeOwnToken(connection, request);
  const info = await readInfo(connection);
  const node = { access_key: accessKey, file_id: request.folderId };
  const raw = compact({
    direction: request.direction.toLowerCase(),
    remote_host: new URL(connection.url).hostname,
    remote_user: info.transferUser ?? DEFAULT_USER,
    ssh_port: PORT,
    fasp_port: PORT,
    ...webSocketOf(info),
    token,
    paths: request.paths.map(({ source, destination }) => compact({ source, destination })),
    // The folder of the tags; where a download goes is the client's business.
    destination_root: request.direction === 'SEND' ? '/' : undefined,
    cipher: request.cipher,
    rate_policy: request.ratePolicy?.toLowerCase(),
    target_rate_kbps: request.targetRateKbps,
    title: request.title,
    cookie: request.cookie,
    tags: { ...request.tags, aspera: { node } },
  });
  return readTransferSpec(raw, expiresAt);
}

import type { NodeConnection } from '../connection.ts';
import { badAnswer } from '../errors.ts';
import { parseAnswer } from '../parse.ts';
import type { NodeInfo } from '../types.ts';
import { nodeInfo } from '../wire/node-info.ts';

export const infoRequest = { operation: 'node.info', method: 'GET', path: '/info' } as const;

/** `GET /info` (aspera-node-api.md §2). */
export async function readInfo(connection: NodeConnection): Promise<NodeInfo> {
  const { body } = await connection.send({ ...infoRequest, repeat: 'safe' });
  const info = parseAnswer(connection.source, 'information about a node', nodeInfo, body);
  connection.ownNodeId.current = info.nodeId ?? connection.ownNodeId.current;
  return info;
}

/** `GET /ping`: by the empty answer clients know a node. It needs no credential (aspera-node-api.md §2). */
export async function ping(connection: NodeConnection): Promise<void> {
  const { body } = await connection.send({ operation: 'node.ping', method: 'GET', path: '/ping', repeat: 'safe' });
  if (body !== undefined) throw badAnswer(connection.source, 'an answer that no node gives');
}

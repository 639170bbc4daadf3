import type { NodeConnection } from '../connection.ts';
import { parseAnswer } from '../parse.ts';
import { toSeconds } from '../request-shape.ts';
import type { BandwidthQuery, NodeBandwidth } from '../types.ts';
import { bandwidth } from '../wire/bandwidth.ts';

/** `GET /ops/transfers/bandwidth`: the rates over the first seconds of each transfer (aspera-node-api.md §5.6). */
export async function readBandwidth(connection: NodeConnection, query: BandwidthQuery): Promise<NodeBandwidth> {
  const { body } = await connection.send({
    operation: 'node.bandwidth',
    method: 'GET',
    path: '/ops/transfers/bandwidth',
    query: {
      duration: query.seconds,
      start_time: query.startedAfter && toSeconds(query.startedAfter.getTime()),
    },
    repeat: 'safe',
  });
  return parseAnswer(connection.source, 'the rates of transfers', bandwidth, body);
}

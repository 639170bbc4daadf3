import { describe, expect, it } from 'vitest';
import { withoutServerSides } from '../../../src/resolvers/node/one-record.ts';
import { type NodeTransferNode, toTransferNode } from '../../../src/resolvers/node/transfer.ts';
import { readTransfer } from '../../../src/sources/node/read-transfer.ts';
import { transfer } from '../../../src/sources/node/wire/transfer.ts';
import type { JsonObject } from '../../../src/transfer-spec/transfer-spec.ts';

const START_USEC = 1_700_000_000_000_000;

function record(id: string, endpoint: 'client' | 'server', spec: JsonObject, startUsec = START_USEC): NodeTransferNode {
  const json = { id, status: 'completed', start_time_usec: startUsec, start_spec: { ...spec, endpoint } };
  return toTransferNode(
    endpoint === 'client' ? 'london' : 'tokyo',
    readTransfer(transfer(json), json.start_spec, undefined),
  );
}

const idsOf = (records: readonly NodeTransferNode[]) =>
  withoutServerSides(records, (one) => one).map(({ transferId }) => transferId);

const tagged = (xferId: string): JsonObject => ({ tags: { aspera: { xfer_id: xferId } } });

describe('the records of transfers from several nodes', () => {
  it('are merged by xfer_id, in favour of the node that started it, in whatever order they come', () => {
    const pair = [record('s', 'server', tagged('x')), record('c', 'client', tagged('x'))];
    expect(idsOf(pair)).toEqual(['c']);
    expect(idsOf(pair.toReversed())).toEqual(['c']);
  });

  it('are merged by cookie where there is no xfer_id, if they started at about the same time', () => {
    const client = record('c', 'client', { cookie: 'k' });
    expect(idsOf([client, record('s', 'server', { cookie: 'k' })])).toEqual(['c']);
    const later = record('s', 'server', { cookie: 'k' }, START_USEC + 3_600_000_000);
    expect(idsOf([client, later])).toEqual(['c', 's']);
  });

  it('stay apart when they are of different transfers, or only one side is known', () => {
    expect(idsOf([record('c', 'client', tagged('x')), record('s', 'server', tagged('y'))])).toEqual(['c', 's']);
    expect(idsOf([record('a', 'server', {}), record('b', 'client', {})])).toEqual(['a', 'b']);
    expect(idsOf([record('a', 'server', tagged('x')), record('b', 'server', tagged('x'))])).toEqual(['a', 'b']);
  });

  it('leave errors where they are', () => {
    const rows = [new Error('down'), record('s', 'server', tagged('x')), record('c', 'client', tagged('x'))];
    const left = withoutServerSides(rows, (row) => (row instanceof Error ? undefined : row));
    expect(left).toEqual([rows[0], rows[2]]);
  });
});

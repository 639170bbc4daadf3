import { describe, expect, it } from 'vitest';
import { createSeenTransfers } from '../../../src/sources/transferd/seen-transfers.ts';
import type { TransferdTransfer } from '../../../src/sources/transferd/types.ts';

const transfer = (status: TransferdTransfer['status'], more: Partial<TransferdTransfer> = {}): TransferdTransfer => ({
  ...{ transferId: 'a', status, vendorStatus: status, title: undefined, direction: undefined, bytesTransferred: 0 },
  ...{ bytesWritten: undefined, bytesLost: undefined, bytesExpected: undefined, filesCompleted: undefined },
  ...{ filesSkipped: undefined, filesExpected: undefined, progress: undefined, averageRateKbps: undefined },
  ...{ currentRateKbps: undefined, targetRateKbps: undefined, startedAt: undefined, endedAt: undefined },
  ...{ elapsedMs: undefined, error: undefined, tags: {} },
  ...more,
});

describe('the transfers that were seen', () => {
  it('keep what was told while a question was on its way', async () => {
    const seen = createSeenTransfers(Date.now);
    const answer = Promise.withResolvers<TransferdTransfer>();
    const asked = seen.look(() => answer.promise);
    seen.note(transfer('RUNNING', { bytesTransferred: 500 }));
    answer.resolve(transfer('RUNNING', { bytesTransferred: 100 }));
    expect((await asked).transfer.bytesTransferred).toBe(500);
    expect((await seen.look(async () => transfer('PAUSED'))).transfer.status).toBe('PAUSED');
  });

  it('never come back from an end', () => {
    const seen = createSeenTransfers(Date.now);
    seen.note(transfer('COMPLETED'));
    expect(seen.note(transfer('RUNNING')).transfer.status).toBe('COMPLETED');
    seen.lose('a');
    expect(seen.get('a')?.transfer.status).toBe('COMPLETED');
  });

  it('keep the total and the labels that answers to questions lack', async () => {
    const seen = createSeenTransfers(Date.now);
    seen.note(transfer('RUNNING', { bytesExpected: 1000, tags: { x: 1 }, title: 'cut' }));
    const { transfer: known } = await seen.look(async () => transfer('RUNNING', { bytesTransferred: 500 }));
    expect(known).toMatchObject({ bytesExpected: 1000, progress: 0.5, tags: { x: 1 }, title: 'cut' });
  });

  it('remember the rate before a hold, and for whom they were started', () => {
    const seen = createSeenTransfers(Date.now);
    seen.note(transfer('RUNNING', { targetRateKbps: 700 }));
    seen.note(transfer('PAUSED', { targetRateKbps: 0 }));
    expect(seen.rateBeforeHold('a')).toBe(700);
    seen.claim('a', 'key:ada');
    expect([seen.isClaimedBy('a', 'key:ada'), seen.isClaimedBy('a', 'key:bela')]).toEqual([true, false]);
  });

  it('are bounded in number: the oldest are forgotten', () => {
    const seen = createSeenTransfers(() => 0);
    for (let number = 0; number < 10_001; number += 1) seen.note(transfer('COMPLETED', { transferId: `t${number}` }));
    expect(seen.all()).toHaveLength(10_000);
    expect(seen.get('t0')).toBeUndefined();
    expect(seen.all()[0]?.transfer.transferId).toBe('t10000');
    expect(seen.since).toEqual(new Date(0));
  });
});

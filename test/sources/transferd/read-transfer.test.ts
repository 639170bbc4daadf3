import { describe, expect, it } from 'vitest';
import { serveGrpc } from '../../helpers/serve-grpc.ts';
import { answerOf, openDaemon } from './open-daemon.ts';

/** How the gateway reads an answer, and an event. */
async function read(answer: object, event?: object) {
  const daemon = await serveGrpc({
    unary: { QueryTransfer: () => answer },
    streams: { MonitorTransfers: (_call, write) => write(event ?? {}) },
  });
  const { client } = openDaemon(daemon.address);
  if (event === undefined) return (await client.transfer('a')).transfer;
  for await (const { transfer } of client.monitor()) return transfer;
  throw new Error('no event');
}

describe('a transfer of a daemon', () => {
  it.each([
    ['QUEUED', 'WAITING'],
    ['RUNNING', 'RUNNING'],
    ['PAUSED', 'PAUSED'],
    ['COMPLETED', 'COMPLETED'],
    ['FAILED', 'FAILED'],
    ['CANCELED', 'CANCELED'],
    ['ORPHANED', 'UNKNOWN'],
  ])('that is %s is %s', async (vendorStatus, status) => {
    expect(await read(answerOf(vendorStatus))).toMatchObject({ vendorStatus, status });
  });

  it('in a state that nobody has heard of is unknown', async () => {
    expect(await read({ ...answerOf('RUNNING'), status: 42 })).toMatchObject({ vendorStatus: '42', status: 'UNKNOWN' });
  });

  it('has no progress while the total is not known', async () => {
    expect((await read(answerOf('RUNNING', { bytesTransferred: 10 }))).progress).toBeUndefined();
  });

  it('is done by what is through of the total, and all done only when it is complete', async () => {
    const event = (status: string, bytesTransferred: number) =>
      answerOf(status, { bytesTransferred }, { sessionInfo: { preTransferBytes: 1000, preTransferFiles: 4 } });
    expect(await read({}, event('RUNNING', 250))).toMatchObject({
      progress: 0.25,
      bytesExpected: 1000,
      filesExpected: 4,
    });
    expect((await read({}, event('RUNNING', 1000))).progress).toBeLessThan(1);
    expect((await read({}, event('FAILED', 1000))).progress).toBeLessThan(1);
    expect(await read(answerOf('COMPLETED'))).toMatchObject({ progress: 1 });
  });

  it('that failed says why: the sentence of `message`, else that of the error', async () => {
    const failed = answerOf('FAILED', { errorCode: '14', errorDescription: 'from the info' });
    const withMessage = {
      ...failed,
      message: JSON.stringify({ Description: 'boom' }),
      error: { code: 14, description: 'x' },
    };
    expect((await read(withMessage)).error).toEqual({
      ...{ code: 14, name: 'CONNECTION_ERROR', retryable: true, description: 'boom' },
      advice: expect.stringContaining('SSH port'),
    });
    expect((await read({ ...failed, message: 'no JSON' })).error?.description).toBe('from the info');
    expect((await read(answerOf('RUNNING', { errorCode: '14' }))).error).toBeUndefined();
  });

  it('shows its tags without secrets, whichever member they are in', async () => {
    const tags = { who: 'ada', aspera: { node: { access_key: 'k' } }, token: 'secret' };
    const tags64 = Buffer.from(JSON.stringify(tags)).toString('base64');
    const shown = { who: 'ada', aspera: { node: { access_key: 'k' } } };
    expect((await read(answerOf('RUNNING', { tags64 }))).tags).toEqual(shown);
    const event = answerOf('RUNNING', {}, { sessionInfo: { tags: JSON.stringify(tags) } });
    expect((await read({}, event)).tags).toEqual(shown);
    expect((await read(answerOf('RUNNING', { tags64: '!!!' }))).tags).toEqual({});
  });
});

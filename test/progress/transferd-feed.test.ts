import { once } from 'node:events';
import { status } from '@grpc/grpc-js';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createProgress } from '../../src/progress/progress.ts';
import type { TopicEvent } from '../../src/progress/types.ts';
import type { TransferdTransfer } from '../../src/sources/transferd/types.ts';
import type { SourceError } from '../../src/transport/source-error.ts';
import { type GrpcCall, grpcFailure, serveGrpc } from '../helpers/serve-grpc.ts';
import { openDaemon } from '../sources/transferd/open-daemon.ts';

const patiently = { timeout: 10_000 };

/** A daemon with transfers whose states a test sets and pushes. */
async function startDaemon({ silenceMs = 60_000 } = {}) {
  const states = new Map<string, object>();
  const open = new Set<(message: object) => void>();
  const behaviour: { refuse: number | undefined; asking: ((call: GrpcCall) => Promise<void>) | undefined } = {
    ...{ refuse: undefined, asking: undefined },
  };
  const demand = () => {
    if (behaviour.refuse !== undefined) throw grpcFailure(behaviour.refuse, 'as the test wants');
  };
  const aborters = new Set<AbortController>();
  const server = await serveGrpc({
    unary: {
      QueryTransfer: async (call) => {
        demand();
        await behaviour.asking?.(call);
        return { transferId: call.request.transferId, ...states.get(String(call.request.transferId)) };
      },
    },
    streams: {
      MonitorTransfers: async ({ signal }, write) => {
        demand();
        const aborter = new AbortController();
        aborters.add(aborter);
        open.add(write);
        await Promise.race([once(signal, 'abort'), once(aborter.signal, 'abort')]);
        open.delete(write);
        aborters.delete(aborter);
      },
    },
  });
  const { source, identity } = openDaemon(server.address, { silenceMs, retries: 0, circuitFailures: 1000 });
  const settings = { intervalMs: 50, idleIntervalMs: 50, maxAgeMs: 60_000, maxEntries: 100 };
  const progress = createProgress({ settings, logger: { debug: () => undefined, warn: () => undefined } });
  const set = (transferId: string, state: string, bytesTransferred = 0) =>
    void states.set(transferId, { status: state, transferInfo: { bytesTransferred } });
  return {
    ...{ source, behaviour, set, countOf: server.countOf },
    streams: () => open.size,
    forget: (transferId: string) => states.delete(transferId),
    push: (transferId: string) => {
      for (const write of open) write({ transferId, ...states.get(transferId) });
    },
    /** The daemon ends every stream. */
    cut: () => {
      for (const aborter of aborters) aborter.abort();
    },
    watch: (transferId: string, after?: string) => {
      const topic = progress.localTransfersOf(source, identity);
      const events: TopicEvent<TransferdTransfer>[] = [];
      const watch = topic.watch({ only: transferId, after });
      const end = (async () => {
        for await (const event of watch) events.push(event);
      })().catch((error: SourceError) => error);
      const leave = async () => void (await watch.return());
      onTestFinished(leave);
      const told = () => events.map((event) => (event.kind === 'gap' ? 'gap' : event.value.status));
      return { events, told, end, leave };
    },
  };
}

describe('the events of a daemon', () => {
  it('come from one stream, which ends with the last who watches', async () => {
    const daemon = await startDaemon();
    daemon.set('a', 'RUNNING', 1);
    daemon.set('b', 'RUNNING', 1);
    const watching = [daemon.watch('a'), daemon.watch('a'), daemon.watch('b')];
    await expect.poll(daemon.streams, patiently).toBe(1);
    await expect.poll(() => watching.every(({ events }) => events.length > 0), patiently).toBe(true);
    daemon.set('a', 'COMPLETED', 9);
    daemon.push('a');
    await expect
      .poll(() => watching.map(({ told }) => told().at(-1)), patiently)
      .toEqual([...['COMPLETED', 'COMPLETED', 'RUNNING']]);
    expect(daemon.countOf('MonitorTransfers')).toBe(1);
    // Each watched transfer, when the stream was opened; nothing after that.
    expect(daemon.countOf('QueryTransfer')).toBe(2);
    for (const { leave } of watching) await leave();
    await expect.poll(daemon.streams, patiently).toBe(0);
  });

  it('tell what happened while the stream was being opened', async () => {
    const daemon = await startDaemon();
    daemon.set('a', 'RUNNING');
    daemon.behaviour.asking = async () => daemon.set('a', 'COMPLETED', 5);
    const { told } = daemon.watch('a');
    await expect.poll(told, patiently).toEqual(['COMPLETED']);
  });

  it('go on after a break with a gap and one question for each watched transfer', async () => {
    const daemon = await startDaemon();
    daemon.set('a', 'RUNNING', 1);
    daemon.set('b', 'PAUSED', 1);
    const [first, second] = [daemon.watch('a'), daemon.watch('b')];
    await expect.poll(() => [first, second].every(({ events }) => events.length > 0), patiently).toBe(true);
    daemon.behaviour.refuse = status.UNAVAILABLE;
    daemon.cut();
    await expect.poll(() => daemon.countOf('MonitorTransfers'), patiently).toBeGreaterThan(2);
    const asked = daemon.countOf('QueryTransfer');
    daemon.set('a', 'COMPLETED', 9);
    daemon.behaviour.refuse = undefined;
    await expect.poll(() => first.told().slice(-2), patiently).toEqual(['gap', 'COMPLETED']);
    await expect.poll(() => second.told().slice(-2), patiently).toEqual(['gap', 'PAUSED']);
    // The attempts that were refused asked too; the one that was not asked once for each.
    expect(daemon.countOf('QueryTransfer') - asked).toBeLessThanOrEqual(4);
    expect([first, second].map(({ told }) => told().filter((one) => one === 'gap').length)).toEqual([1, 1]);
  });

  it('tell who watches it that the daemon has lost a transfer, and nobody else', async () => {
    const daemon = await startDaemon();
    daemon.set('a', 'RUNNING');
    daemon.set('b', 'RUNNING');
    const [lost, kept] = [daemon.watch('a'), daemon.watch('b')];
    await expect.poll(() => [lost, kept].every(({ events }) => events.length > 0), patiently).toBe(true);
    daemon.forget('a');
    daemon.cut();
    expect(await lost.end).toMatchObject({ code: 'NOT_FOUND' });
    await expect.poll(() => kept.told().slice(-2), patiently).toEqual(['gap', 'RUNNING']);
  });

  it('end with an error where the daemon refuses the credential', async () => {
    const daemon = await startDaemon();
    daemon.behaviour.refuse = status.UNAUTHENTICATED;
    expect(await daemon.watch('a').end).toMatchObject({ code: 'SOURCE_UNAUTHENTICATED' });
    await expect.poll(daemon.streams, patiently).toBe(0);
  });

  it('are asked for when nothing has been heard for too long: what a dead line has swallowed is found', async () => {
    const daemon = await startDaemon({ silenceMs: 300 });
    daemon.set('a', 'RUNNING', 1);
    const { told } = daemon.watch('a');
    await expect.poll(daemon.streams, patiently).toBe(1);
    await expect.poll(told, patiently).toContain('RUNNING');
    // Never pushed.
    daemon.set('a', 'COMPLETED', 9);
    await expect.poll(told, patiently).toContain('COMPLETED');
    expect(told()).not.toContain('gap');
    const asked = daemon.countOf('QueryTransfer');
    daemon.push('a');
    await expect.poll(daemon.streams, patiently).toBe(1);
    // It is over: nobody asks any more.
    expect(daemon.countOf('QueryTransfer')).toBe(asked);
  });

  it('begin anew for who comes back when nobody watched meanwhile: with a gap', async () => {
    const daemon = await startDaemon();
    daemon.set('a', 'RUNNING', 1);
    const first = daemon.watch('a');
    await expect.poll(() => first.events.length, patiently).toBeGreaterThan(0);
    const { cursor = '' } = first.events.at(-1) ?? {};
    await first.leave();
    await expect.poll(daemon.streams, patiently).toBe(0);
    const back = daemon.watch('a', cursor);
    await expect.poll(() => back.told()[0], patiently).toBe('gap');
  });
});

import { describe, expect, it } from 'vitest';
import { asAbortSignal, createAborter } from '../../src/transport/signal.ts';

describe('a signal', () => {
  it('tells who listens, once, and says why', () => {
    const aborter = createAborter();
    const { signal } = aborter;
    const heard: unknown[] = [];
    signal.addEventListener('abort', () => heard.push(signal.reason));
    aborter.abort('first');
    aborter.abort('second');
    expect([signal.aborted, heard]).toEqual([true, ['first']]);
  });

  it('does not tell who has stopped listening, also when another listener stops it', () => {
    const aborter = createAborter();
    const { signal } = aborter;
    const heard: string[] = [];
    const left = () => heard.push('left');
    signal.addEventListener('abort', left);
    signal.removeEventListener('abort', left);
    signal.addEventListener('abort', () => heard.push('stayed'));
    aborter.abort('reason');
    expect(heard).toEqual(['stayed']);
  });

  it('can be given to what takes an AbortSignal only, before it ends and after', () => {
    const early = createAborter();
    const follower = asAbortSignal(early.signal);
    expect(follower.aborted).toBe(false);
    early.abort('reason');
    expect([follower.aborted, follower.reason]).toEqual([true, 'reason']);
    expect(asAbortSignal(early.signal).reason).toBe('reason');
  });

  it('that is an AbortSignal already stays what it is', () => {
    const { signal } = new AbortController();
    expect(asAbortSignal(signal)).toBe(signal);
  });
});

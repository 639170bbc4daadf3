import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createLease } from '../../../src/progress/redis/lease.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

test('a lease ends here before it ends in Redis, counted from when it was asked for', async () => {
  const ended = vi.fn();
  const lease = createLease(1_000, ended);
  const askedMs = performance.now();
  await vi.advanceTimersByTimeAsync(300);
  lease.grant('1:me', askedMs);
  await vi.advanceTimersByTimeAsync(499);
  expect([lease.value, ended.mock.calls.length]).toEqual(['1:me', 0]);
  await vi.advanceTimersByTimeAsync(2);
  expect([lease.value, ended.mock.calls.length]).toEqual(['', 1]);
});

test('a lease that is renewed goes on, and one that is given up ends without a word', async () => {
  const ended = vi.fn();
  const lease = createLease(1_000, ended);
  for (let renewals = 0; renewals < 5; renewals += 1) {
    lease.grant('1:me', performance.now());
    await vi.advanceTimersByTimeAsync(700);
    expect(lease.value).toBe('1:me');
  }
  lease.giveUp();
  expect(lease.value).toBe('');
  await vi.advanceTimersByTimeAsync(5_000);
  expect(ended).not.toHaveBeenCalled();
});

test('a process that was stopped does not take itself for the owner, whatever its timers have still to do', () => {
  const lease = createLease(1_000, () => undefined);
  lease.grant('1:me', performance.now() - 801);
  expect(lease.value).toBe('');
});

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createDeadlines } from '../../src/transport/deadlines.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('deadlines', () => {
  it('pass once each, not before their time and soon after it', () => {
    const deadlines = createDeadlines();
    const passed: string[] = [];
    deadlines.after(100, () => passed.push('100'));
    deadlines.after(50, () => passed.push('50'));
    vi.advanceTimersByTime(49);
    expect(passed).toEqual([]);
    vi.advanceTimersByTime(21);
    expect(passed).toEqual(['50']);
    vi.advanceTimersByTime(1_000);
    expect(passed).toEqual(['50', '100']);
  });

  it('that are called off do not pass', () => {
    const deadlines = createDeadlines();
    const passed: string[] = [];
    const deadline = deadlines.after(50, () => passed.push('50'));
    deadline.cancel();
    vi.advanceTimersByTime(1_000);
    expect(passed).toEqual([]);
  });

  it('share one timer, which ends with the last of them', () => {
    const deadlines = createDeadlines();
    const waiting = Array.from({ length: 100 }, () => deadlines.after(1_000, () => undefined));
    expect(vi.getTimerCount()).toBe(1);
    for (const { cancel } of waiting) cancel();
    vi.advanceTimersByTime(20);
    expect(vi.getTimerCount()).toBe(0);
    deadlines.after(10, () => undefined);
    expect(vi.getTimerCount()).toBe(1);
    vi.advanceTimersByTime(100);
    expect(vi.getTimerCount()).toBe(0);
  });
});

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createKeptSpecs } from '../../src/context/kept-specs.ts';
import { readTransferSpec } from '../../src/transfer-spec/transfer-spec.ts';

const HOUR_MS = 3_600_000;

const newSpec = (members: object = {}, expiresAt?: Date) =>
  readTransferSpec({ direction: 'send', remote_host: 'h', token: 'ATB3_ACx_3BTA', ...members }, expiresAt);

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe('kept transfer specs', () => {
  it('are found by their viewer alone', () => {
    const specs = createKeptSpecs();
    const spec = newSpec();
    const specId = specs.keep('ada', spec) ?? '';
    expect(specs.find('ada', specId)).toBe(spec);
    expect(specs.find('bob', specId)).toBeUndefined();
    expect(specs.find('ada', `${specId}x`)).toBeUndefined();
  });

  it('have one id, however often it is asked for, and another one for another viewer', () => {
    const specs = createKeptSpecs();
    const spec = newSpec();
    const specId = specs.keep('ada', spec);
    expect(specs.keep('ada', spec)).toBe(specId);
    const other = specs.keep('bob', spec);
    expect(other).not.toBe(specId);
    expect(specs.find('bob', other ?? '')).toBe(spec);
    expect(specs.find('ada', specId ?? '')).toBe(spec);
  });

  it('go after an hour', () => {
    const specs = createKeptSpecs();
    const specId = specs.keep('ada', newSpec()) ?? '';
    vi.advanceTimersByTime(HOUR_MS - 1);
    expect(specs.find('ada', specId)).toBeDefined();
    vi.advanceTimersByTime(1);
    expect(specs.find('ada', specId)).toBeUndefined();
    expect(vi.getTimerCount()).toBe(0);
  });

  it('go when their token ends, and are not kept at all afterwards', () => {
    const specs = createKeptSpecs();
    const specId = specs.keep('ada', newSpec({}, new Date(Date.now() + 5_000))) ?? '';
    vi.advanceTimersByTime(4_999);
    expect(specs.find('ada', specId)).toBeDefined();
    vi.advanceTimersByTime(1);
    expect(specs.find('ada', specId)).toBeUndefined();
    expect(specs.keep('ada', newSpec({}, new Date(Date.now() - 1)))).toBeUndefined();
  });

  it('make room for newer ones of their viewer, the oldest first', () => {
    const specs = createKeptSpecs({ lifeMs: HOUR_MS, specsPerViewer: 2, bytesPerViewer: 10_000, bytes: 100_000 });
    const others = specs.keep('bob', newSpec()) ?? '';
    const [first, second, third] = [newSpec(), newSpec(), newSpec()].map((spec) => specs.keep('ada', spec) ?? '');
    expect(specs.find('ada', first ?? '')).toBeUndefined();
    expect(specs.find('ada', second ?? '')).toBeDefined();
    expect(specs.find('ada', third ?? '')).toBeDefined();
    expect(specs.find('bob', others)).toBeDefined();
  });

  it('are bounded in bytes for each viewer, and for all together', () => {
    const bulk = (bytes: number) => newSpec({ title: 'x'.repeat(bytes) });
    const specs = createKeptSpecs({ lifeMs: HOUR_MS, specsPerViewer: 100, bytesPerViewer: 2_500, bytes: 4_000 });
    const keep = (viewer: string) => specs.keep(viewer, bulk(1_000)) ?? '';
    const [a1, a2, a3] = [keep('ada'), keep('ada'), keep('ada')];
    expect([a1, a2, a3].map((id) => specs.find('ada', id) !== undefined)).toEqual([false, true, true]);
    const [b1, b2] = [keep('bob'), keep('bob')];
    expect([a2, a3].map((id) => specs.find('ada', id) !== undefined)).toEqual([false, true]);
    expect([b1, b2].map((id) => specs.find('bob', id) !== undefined)).toEqual([true, true]);
    expect(specs.keep('ada', bulk(3_000))).toBeUndefined();
    expect(specs.find('ada', a3)).toBeDefined();
  });
});

import { describe, expect, it } from 'vitest';
import { createSpecMakers } from '../../src/context/spec-makers.ts';
import { readTransferSpec } from '../../src/transfer-spec/transfer-spec.ts';

const newSpec = (token: string, members: object = {}) =>
  readTransferSpec({ direction: 'send', remote_host: 'Node.example', ssh_port: 33001, token, ...members });

describe('makers of transfer specs', () => {
  it('are known by the token, whatever else of the spec was changed', () => {
    const makers = createSpecMakers();
    makers.note('london', newSpec('ATB3_ACone_3BTA'));
    expect(makers.ofToken(newSpec('ATB3_ACone_3BTA', { remote_host: 'other' }))).toBe('london');
    expect(makers.ofToken(newSpec('ATB3_ACtwo_3BTA'))).toBeUndefined();
    expect(makers.ofToken(readTransferSpec({ direction: 'send', remote_host: 'h' }))).toBeUndefined();
  });

  it('are known by address and port, several of them where they share one', () => {
    const makers = createSpecMakers();
    makers.note('london', newSpec('ATB3_ACone_3BTA'));
    makers.note('my-london', newSpec('ATB3_ACtwo_3BTA'));
    expect(makers.atAddressOf(newSpec('x', { remote_host: 'node.EXAMPLE' }))).toEqual(['london', 'my-london']);
    expect(makers.atAddressOf(newSpec('x', { ssh_port: 22 }))).toEqual([]);
  });

  it('forget the oldest tokens, so that they never take more memory', () => {
    const makers = createSpecMakers();
    for (let index = 0; index <= 20_000; index += 1) makers.note('london', newSpec(`ATB3_AC${index}_3BTA`));
    expect(makers.ofToken(newSpec('ATB3_AC0_3BTA'))).toBeUndefined();
    expect(makers.ofToken(newSpec('ATB3_AC1_3BTA'))).toBe('london');
    expect(makers.ofToken(newSpec('ATB3_AC20000_3BTA'))).toBe('london');
  });
});

import { describe, expect, it } from 'vitest';
import { transferdRequest, transferdSpec } from '../../src/transfer-spec/transferd-request.ts';

describe('a transfer spec for a transfer daemon', () => {
  it.each([
    ['none', 'none'],
    ['attrs', 'attributes'],
    ['sparse_csum', 'sparse_checksum'],
    ['full_csum', 'full_checksum'],
    ['attributes', 'attributes'],
  ])('says %s as %s', (resume_policy, expected) => {
    expect(transferdSpec({ resume_policy })).toEqual({ resume_policy: expected });
  });

  it('renames what the daemon spells differently and leaves the rest alone', () => {
    const spec = { direction: 'receive', remove_empty_source_directory: true, tags: { a: 1 } };
    expect(transferdSpec(spec)).toEqual({ direction: 'receive', remove_empty_source_dir: true, tags: { a: 1 } });
  });

  it('is JSON text in the message of StartTransfer', () => {
    expect(transferdRequest({ token: 'x' })).toEqual({
      ...{ transferType: 'FILE_REGULAR', config: {}, transferSpec: '{"token":"x"}' },
    });
  });
});

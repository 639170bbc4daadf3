import { describe, expect, it } from 'vitest';
import {
  addTags,
  changeTransferSpec,
  InvalidTransferSpec,
  readTransferSpec,
} from '../../src/transfer-spec/transfer-spec.ts';

const raw = {
  direction: 'send',
  remote_host: 'node.example.com',
  remote_user: 'xfer',
  ssh_port: 33001,
  token: 'ATB3_ACabc_3BTA',
  tags: null,
  sshfp: null,
  authentication: 'token',
  paths: [{ source: '/a', destination: '/b' }, { source: '/c' }],
};

describe('reading a transfer spec', () => {
  it('drops what clients refuse: nulls and `authentication`', () => {
    const spec = readTransferSpec(raw);
    expect(spec.json).not.toHaveProperty('tags');
    expect(spec.json).not.toHaveProperty('sshfp');
    expect(spec.json).not.toHaveProperty('authentication');
    expect(spec.tags).toEqual({});
    expect(spec.paths).toEqual([
      { source: '/a', destination: '/b' },
      { source: '/c', destination: undefined },
    ]);
  });

  it.each([
    [undefined, 'SSH'],
    ['ATV7_x_7VTA', 'TRANSFER_TOKEN'],
    ['Basic eDp5', 'BASIC'],
    ['Bearer eJx', 'BEARER'],
  ])('tells how it is authorized (%s)', (token, kind) => {
    expect(readTransferSpec({ ...raw, token }).authorizationKind).toBe(kind);
  });

  it.each([
    [[], 'A transfer spec is a JSON object.'],
    [{ ...raw, remote_host: '' }, '`remote_host` is missing'],
    [{ ...raw, direction: 'up' }, '`direction` must be'],
    [{ ...raw, paths: 'x' }, '`paths` must be an array'],
    [{ ...raw, paths: ['x'] }, 'Each of `paths`'],
  ])('says what is wrong with %j', (value, message) => {
    expect(() => readTransferSpec(value)).toThrow(InvalidTransferSpec);
    expect(() => readTransferSpec(value)).toThrow(message);
  });

  it('keeps every other member when some are changed', () => {
    const spec = changeTransferSpec(readTransferSpec(raw), { target_rate_kbps: 5 });
    expect(spec.targetRateKbps).toBe(5);
    expect(spec.token).toBe(raw.token);
  });
});

describe('adding tags', () => {
  it('merges objects and leaves what was there', () => {
    const tags = { aspera: { faspex: { f5_xfer_id: '1' } } };
    expect(addTags(tags, { aspera: { xfer_id: '2' }, gateway: { viewer: 'v' } })).toEqual({
      aspera: { faspex: { f5_xfer_id: '1' }, xfer_id: '2' },
      gateway: { viewer: 'v' },
    });
    expect(tags).toEqual({ aspera: { faspex: { f5_xfer_id: '1' } } });
  });
});

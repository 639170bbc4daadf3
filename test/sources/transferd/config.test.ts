import { describe, expect, it } from 'vitest';
import { transferdConfig } from '../../../src/sources/transferd/config.ts';

const mistakesOf = (settings: object) =>
  transferdConfig
    .safeParse({ name: 'workstation', url: '127.0.0.1:55002', ...settings })
    .error?.issues.map(({ message }) => message) ?? [];

describe('the configuration of a transfer daemon', () => {
  it('needs a name and an address, and fills in the rest', () => {
    const config = transferdConfig.parse({ name: 'workstation', url: 'daemon.example.com:55002' });
    expect(config).toMatchObject({ actAs: 'service', visibility: 'own', deadlineMs: 15_000 });
    expect([config.tls, config.apiKey]).toEqual([undefined, undefined]);
  });

  it.each(['127.0.0.1', 'http://127.0.0.1:55002', 'user:pass@host:1', ''])('refuses %s as an address', (url) => {
    expect(mistakesOf({ url })).toEqual(['must be a host and a port, e.g. 127.0.0.1:55002']);
  });

  it('takes an IPv6 address, and an empty `tls` for TLS with the system’s certificates', () => {
    expect(mistakesOf({ url: '[::1]:55002', tls: {} })).toEqual([]);
    expect(transferdConfig.parse({ name: 'a', url: 'b:1', tls: {} }).tls).toEqual({});
    expect(mistakesOf({ tls: { certFile: 'x' } })).toEqual(['certFile and keyFile belong together']);
  });

  it.each(['viewer', 'forward'])('cannot act as anybody but itself: %s', (actAs) => {
    expect(mistakesOf({ actAs })).toEqual(['must be service: a daemon knows no users, and no tokens of theirs']);
  });

  it('refuses a key in the open', () => {
    expect(mistakesOf({ apiKey: 'plain' })[0]).toMatch(/must be \{ env/);
  });
});

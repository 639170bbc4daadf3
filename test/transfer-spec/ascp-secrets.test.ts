import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { renderAscli } from '../../src/transfer-spec/ascli.ts';
import { type JsonObject, readTransferSpec } from '../../src/transfer-spec/transfer-spec.ts';
import { validateTransferSpec } from '../../src/transfer-spec/validate.ts';
import { render, upload } from './specs.ts';

const values = ({ environment }: ReturnType<typeof render>) =>
  Object.fromEntries(environment.map(({ name, value }) => [name, value]));

describe('the environment of ascp', () => {
  it('holds every secret of the spec', () => {
    const spec = {
      token: 'ATB3_abc_3BTA',
      cookie: 'lunch',
      content_protection: 'encrypt',
      content_protection_password: 'file-pass',
      ssh_private_key: '-----BEGIN-----\nk\n',
      ssh_private_key_passphrase: 'phrase',
    };
    expect(values(render(spec))).toEqual({
      ASPERA_SCP_TOKEN: 'ATB3_abc_3BTA',
      ASPERA_SCP_COOKIE: 'lunch',
      ASPERA_SCP_FILEPASS: 'file-pass',
      ASPERA_SCP_KEY: '-----BEGIN-----\nk\n',
      ASPERA_SCP_PASS: 'phrase',
    });
    expect(values(render({ remote_password: 'word' }))).toEqual({ ASPERA_SCP_PASS: 'word' });
    expect(values(render())).toEqual({});
  });

  it('takes the password out of the address of a proxy', () => {
    const { arguments: words, environment } = render({ proxy: 'dnats://ada:p@ss:w/rd@proxy.example.com:9092' });
    expect(words[words.indexOf('--proxy') + 1]).toBe('dnats://ada@proxy.example.com:9092');
    expect(environment).toEqual([{ name: 'ASPERA_PROXY_PASS', value: 'p@ss:w/rd' }]);
    for (const proxy of ['dnat://ada@proxy.example.com', 'dnat://proxy.example.com:9091']) {
      const plain = render({ proxy });
      expect(plain.arguments).toContain(proxy);
      expect(plain.environment).toEqual([]);
    }
  });
});

/** Texts that no other part of a command holds by chance. */
const secret = fc.string({ unit: 'binary', maxLength: 40 }).map((text) => `S3CR3T${text.replaceAll('\0', '')}`);

const secretMembers = [
  'token',
  'cookie',
  'content_protection_password',
  'remote_password',
  'ssh_private_key',
  'ssh_private_key_passphrase',
  'password',
];

const secrets = fc.record(Object.fromEntries(secretMembers.map((name) => [name, secret])), { requiredKeys: [] });

/** The members of a spec that mention none of the secrets themselves. */
const others = fc.record(
  {
    multi_session: fc.integer({ min: 0, max: 128 }),
    use_ascp4: fc.boolean(),
    wss_enabled: fc.boolean(),
    source_root: fc.string(),
    tags: fc.dictionary(fc.string(), fc.string()),
  },
  { requiredKeys: [] },
);

describe('whatever the spec', () => {
  it('no secret is in the arguments, the command, or the command of ascli', () => {
    fc.assert(
      fc.property(secrets, others, fc.option(secret), (hidden, shown, proxyPassword) => {
        const proxy = proxyPassword ? { proxy: `dnat://ada:${proxyPassword.replaceAll(/\s/g, '')}@proxy:9091` } : {};
        const spec = { ...shown, ...hidden, ...proxy } as JsonObject;
        const { arguments: words, command, environment } = render(spec, { keyFile: '/key' });
        const ascli = renderAscli(readTransferSpec({ ...upload, ...spec }));
        expect([...words, command, ascli].join('\n')).not.toContain('S3CR3T');
        const told = environment.map(({ value }) => value);
        const expected = { ...hidden } as Record<string, string>;
        delete expected.password;
        if (expected.ssh_private_key_passphrase !== undefined) delete expected.remote_password;
        for (const value of Object.values(expected)) expect(told).toContain(value);
      }),
    );
  });

  it('no value of it is in what is wrong with it', () => {
    const anything = fc.oneof(secret, fc.array(secret), fc.dictionary(fc.constant('source'), secret));
    const names = [...secretMembers, 'direction', 'ssh_port', 'proxy', 'paths', 'tags', 'overwrite', 'unknown_one'];
    const spec = fc.record(Object.fromEntries(names.map((name) => [name, anything])), { requiredKeys: [] });
    fc.assert(
      fc.property(spec, (wrong) => {
        expect(JSON.stringify(validateTransferSpec(wrong, 'DIRECT'))).not.toContain('S3CR3T');
      }),
    );
  });
});

import { describe, expect, it } from 'vitest';
import { renderAscli } from '../../src/transfer-spec/ascli.ts';
import { type JsonObject, readTransferSpec } from '../../src/transfer-spec/transfer-spec.ts';
import { upload } from './specs.ts';

const ascli = (members: JsonObject) => renderAscli(readTransferSpec({ ...upload, ...members }));

const start = 'ascli server upload --url=ssh://tokyo.example.com';
const end = '--sources=@ts --ts=@json:@stdin:';

describe('the command of ascli', () => {
  it('reads the spec from standard input', () => {
    expect(ascli({ token: 't', ssh_port: 33001 })).toBe(`${start}:33001 ${end}`);
    expect(ascli({ token: 't', direction: 'receive' })).toBe(`${start.replace('upload', 'download')} ${end}`);
    expect(ascli({ token: 't', remote_host: 'fe80::1' })).toContain("'--url=ssh://[fe80::1]'");
  });

  it('says how to log in where there is no token, without the secret', () => {
    expect(ascli({ remote_password: 'hush' })).toBe(`${start} --password=@env:ASPERA_SCP_PASS ${end}`);
    expect(ascli({ ssh_private_key_path: '/home/ada/a key' })).toBe(`${start} '--ssh-keys=/home/ada/a key' ${end}`);
    expect(ascli({ ssh_private_key: '-----BEGIN' })).toBe(`${start} --ssh-keys=@env:ASPERA_SSH_KEY_FILE ${end}`);
  });

  it('is none for a persistent session', () => {
    expect(ascli({ keepalive: true, paths: [] })).toBeUndefined();
  });
});

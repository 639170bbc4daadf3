import { describe, expect, it } from 'vitest';
import type { TransferAgent } from '../../src/transfer-spec/parameter.ts';
import type { JsonObject } from '../../src/transfer-spec/transfer-spec.ts';
import { refusalOf, validateTransferSpec } from '../../src/transfer-spec/validate.ts';
import { upload } from './specs.ts';

const issuesOf = (members: JsonObject, agent?: TransferAgent) => validateTransferSpec({ ...upload, ...members }, agent);

/** The one thing that is wrong. */
function issueOf(members: JsonObject, agent?: TransferAgent) {
  const issues = issuesOf(members, agent);
  expect(issues).toHaveLength(1);
  return issues[0];
}

describe('a spec that is right', () => {
  it('has no issues, whichever agent runs it', () => {
    for (const agent of [undefined, 'DIRECT', 'NODE', 'TRANSFERD', 'CONNECT', 'HTTP_GATEWAY'] as const) {
      expect(issuesOf({ token: 't', ssh_port: 33001, create_dir: true, overwrite: 'diff+older' }, agent)).toEqual([]);
    }
  });

  it('may hold nulls, as servers send them', () => {
    expect(issuesOf({ tags: null, sshfp: null, ssh_port: null })).toEqual([]);
  });

  it.each<JsonObject>([
    { http_fallback: true },
    { http_fallback: 'force' },
    { retry_duration: 300 },
    { retry_duration: '5min' },
    { proxy: 'dnats://ada:pw@proxy.example.com:9092' },
    { multi_session: 128 },
    { keepalive: true, paths: null },
    { content_protection: 'encrypt', content_protection_password: 'p' },
  ])('may say %j', (members) => {
    expect(issuesOf(members)).toEqual([]);
  });
});

describe('a value that cannot be', () => {
  it.each<readonly [JsonObject, string, string]>([
    [{ ssh_port: '33001' }, 'WRONG_TYPE', '`ssh_port` must be a whole number, without quotes.'],
    [{ ssh_port: 1.5 }, 'WRONG_TYPE', '`ssh_port` must be a whole number.'],
    [{ create_dir: 'true' }, 'WRONG_TYPE', '`create_dir` must be true or false, without quotes.'],
    [{ create_dir: 1 }, 'WRONG_TYPE', '`create_dir` must be true or false.'],
    [{ exclude_newer_than: -60 }, 'WRONG_TYPE', '`exclude_newer_than` must be a text.'],
    [{ tags: 'e30=' }, 'WRONG_TYPE', '`tags` must be an object.'],
    [{ ssh_args: '-vv' }, 'WRONG_TYPE', '`ssh_args` must be a list.'],
    [{ http_fallback: 1 }, 'WRONG_TYPE', '`http_fallback` must be true or false or "force".'],
    [{ multi_session: 129 }, 'OUT_OF_RANGE', '`multi_session` must be from 0 to 128.'],
    [{ fasp_port: 0 }, 'OUT_OF_RANGE', '`fasp_port` must be from 1 to 65535.'],
    [{ target_rate_kbps: -1 }, 'OUT_OF_RANGE', '`target_rate_kbps` must be at least 0.'],
    [{ overwrite: 'sometimes' }, 'NOT_ALLOWED', '`overwrite` must be one of never, always, diff, older, diff+older.'],
    [{ http_fallback: 'yes' }, 'NOT_ALLOWED', '`http_fallback` must be true or false or "force".'],
    [
      { proxy: 'http://proxy' },
      'NOT_ALLOWED',
      '`proxy` must look like dnat://user@host:port, or dnats:// for a proxy with TLS.',
    ],
  ])('is an error: %j', (members, code, message) => {
    const [parameter] = Object.keys(members);
    expect(issueOf(members)).toMatchObject({ severity: 'ERROR', code, parameter, path: parameter, message });
  });

  it.each<readonly [JsonObject, string]>([
    [{ overwrite: 'allways' }, 'always'],
    [{ cipher: 'aes128' }, 'aes-128'],
    [{ cipher: 'AES-256-GCM' }, 'aes-256-gcm'],
    [{ resume_policy: 'attributes' }, 'attrs'],
    [{ resume_policy: 'sparse_checksum' }, 'sparse_csum'],
    [{ direction: 'recv' }, 'receive'],
    [{ direction: 'download' }, 'receive'],
    [{ direction: 'upload' }, 'send'],
  ])('comes with the one that was meant: %j', (members, suggestion) => {
    expect(issueOf(members)).toMatchObject({ code: 'NOT_ALLOWED', suggestion });
  });

  it('is another one for transferd, which has words of its own', () => {
    expect(issuesOf({ resume_policy: 'sparse_checksum' }, 'TRANSFERD')).toEqual([]);
    expect(issueOf({ resume_policy: 'attrs' }, 'TRANSFERD')).toMatchObject({
      severity: 'ERROR',
      suggestion: 'attributes',
    });
  });
});

describe('what is missing', () => {
  it('is an error where nothing can be done without it', () => {
    const issues = validateTransferSpec({ remote_host: '' });
    expect(issues.map(({ parameter, severity }) => `${severity} ${parameter}`)).toEqual([
      'ERROR direction',
      'ERROR remote_host',
      'ERROR paths',
      'WARNING remote_user',
      'WARNING destination_root',
    ]);
  });

  it.each([null, undefined, [], 'spec', 1])('is everything in %j', (raw) => {
    expect(validateTransferSpec(raw)).toEqual([
      {
        severity: 'ERROR',
        code: 'NOT_A_SPEC',
        parameter: undefined,
        path: '',
        message: 'A transfer spec is a JSON object.',
        suggestion: undefined,
      },
    ]);
  });
});

describe('a parameter that has no effect', () => {
  it.each<readonly [string, string | undefined]>([
    ['target_rate_kbs', 'target_rate_kbps'],
    ['targetRateKbps', 'target_rate_kbps'],
    ['create-dir', 'create_dir'],
    ['__proto_', undefined],
    ['constructor', undefined],
    ['aspera_connect_settings', undefined],
  ])('is a warning when nobody knows it: %s', (name, suggestion) => {
    const issue = issueOf({ [name]: 1 });
    expect(issue).toMatchObject({ severity: 'WARNING', code: 'UNKNOWN_PARAMETER', parameter: name, suggestion });
    expect(issue?.message).toContain(
      suggestion === undefined ? 'not a documented parameter' : `Did you mean \`${suggestion}\``,
    );
  });

  it('is not shown whole when its name may be a value', () => {
    const [issue] = issuesOf({ [`ATV7_${'x'.repeat(200)}`]: 1 });
    expect(issue?.parameter).toHaveLength(21);
  });

  it('is a warning when it is for other agents', () => {
    expect(issuesOf({ preserve_acls: 'native' }, 'DIRECT')).toEqual([]);
    expect(issueOf({ preserve_acls: 'native' }, 'NODE')).toMatchObject({
      severity: 'WARNING',
      code: 'NOT_FOR_AGENT',
      message: '`preserve_acls` has no effect at the agent NODE; it is for DIRECT, TRANSFERD.',
    });
    expect(issueOf({ remove_empty_source_directory: true }, 'TRANSFERD')?.suggestion).toBe('remove_empty_source_dir');
    expect(issueOf({ read_threads: 2 })?.message).toContain('nothing uses it any longer');
  });
});

describe('paths', () => {
  it.each<readonly [JsonObject, string, string]>([
    [{ paths: [{ source: 'a' }, 'b'] }, 'WRONG_TYPE', 'paths[1]'],
    [{ paths: [{ source: 1 }] }, 'WRONG_TYPE', 'paths[0].source'],
    [{ paths: [{ source: 'a', destination: true }] }, 'WRONG_TYPE', 'paths[0].destination'],
    [{ paths: [{ source: 'a' }, { destination: null }] }, 'MISSING', 'paths[1].source'],
    [{ paths: [{ source: 'a', destination: 'b' }, { source: 'c' }] }, 'CONTRADICTION', 'paths'],
  ])('are looked at one by one: %j', (members, code, path) => {
    expect(issueOf(members)).toMatchObject({ severity: 'ERROR', code, parameter: 'paths', path });
  });

  it('cannot have line breaks in the list that ascp reads', () => {
    const members = { paths: [{ source: 'a\nb' }] };
    expect(issueOf(members, 'DIRECT')).toMatchObject({ severity: 'ERROR', path: 'paths[0].source' });
    expect(issueOf(members, 'NODE')?.severity).toBe('WARNING');
  });
});

describe('parameters that do not go together', () => {
  it.each([{ remove_after_transfer: true }, { delete_source: true }])('keep and remove the sources: %j', (remover) => {
    const issue = issueOf({ move_after_transfer: '/done', ...remover });
    expect(issue).toMatchObject({ severity: 'ERROR', code: 'CONTRADICTION', parameter: 'move_after_transfer' });
  });

  it.each<readonly [JsonObject, string]>([
    [{ delete_source: true, remove_empty_directories: false }, '`delete_source` wins over `remove_empty_directories`.'],
    [{ delete_source: false, remove_after_transfer: true }, '`delete_source` wins over `remove_after_transfer`.'],
    [{ remove_skipped: true }, 'no effect without `remove_after_transfer`'],
    [{ content_protection: 'decrypt' }, 'needs `content_protection_password`'],
    [{ remote_password: 'a', ssh_private_key_passphrase: 'b' }, '`remote_password` has no effect'],
    [{ tags: {}, tags64: 'e30=' }, '`tags64` has no effect'],
    [{ src_base: '/a', src_base64: 'L2E=' }, '`src_base64` has no effect'],
    [{ http_fallback_port: 80, https_fallback_port: 443 }, '`http_fallback_port` has no effect'],
    [{ http_fallback_port: 80, https_fallback_port: 443, cipher: 'none' }, '`https_fallback_port` has no effect'],
    [{ multi_session: 2, multi_session_threshold: 1 }, 'only with `resume_policy: "none"`'],
    [{ wss_enabled: true }, 'needs `wss_port`'],
  ])('are a warning where one of them counts: %j', (members, message) => {
    expect(issueOf(members)).toMatchObject({
      severity: 'WARNING',
      code: 'CONTRADICTION',
      message: expect.stringContaining(message),
    });
  });

  it.each<JsonObject>([
    { delete_source: true, remove_after_transfer: true },
    { remove_skipped: true, remove_after_transfer: true },
    { remove_skipped: true, delete_source: true },
    { move_after_transfer: '/done', remove_empty_directories: true },
    { multi_session: 2, multi_session_threshold: 1, resume_policy: 'none' },
    { multi_session: 1, multi_session_threshold: 1 },
  ])('are not these: %j', (members) => {
    expect(issuesOf(members)).toEqual([]);
  });
});

describe('a spec with very much in it', () => {
  it('has a hundred issues at most, the errors first', () => {
    const paths = Array.from({ length: 50_000 }, () => ({}));
    const names = Array.from({ length: 50_000 }, (_, index) => [`name_${index}`, 1]);
    const issues = issuesOf({ ...Object.fromEntries(names), paths });
    expect(issues).toHaveLength(100);
    expect(issues.every(({ severity }) => severity === 'ERROR')).toBe(true);
    expect(issuesOf(Object.fromEntries(names)).length).toBe(50);
  });

  it('is refused in a message that can be read', () => {
    const paths = Array.from({ length: 12 }, () => ({}));
    expect(refusalOf(issuesOf({ paths }))).toMatch(/^`paths\[0\].source` is missing\. .*`paths\[9\].*There is more/);
    expect(refusalOf(issuesOf({ unknown_one: 1 }))).toBeUndefined();
  });
});

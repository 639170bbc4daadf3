import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../src/transfer-spec/transfer-spec.ts';
import { added, IN, render } from './specs.ts';

type Case = readonly [members: JsonObject, words: readonly string[]];

const inBase64 = (text: string) => Buffer.from(text).toString('base64');

describe('the arguments of ascp', () => {
  it('say direction, server and user, then the list of files, then the folder in base64', () => {
    expect(render().arguments).toEqual([
      ...['--mode', 'send', '--host', 'tokyo.example.com', '--user', 'xfer'],
      ...['--dest64', '--file-list=list.txt', IN],
    ]);
    expect(render({ direction: 'receive' }).arguments.slice(0, 2)).toEqual(['--mode', 'recv']);
  });

  it.each<Case>([
    [{ create_dir: true }, ['-d']],
    [{ create_dir: false }, []],
    [{ preserve_access_time: true, skip_special_files: false }, ['--preserve-access-time']],
    [{ use_system_ssh: true }, ['-SSH']],
    [{ skip_duplicate_check: true }, ['--skip-dir-traversal-dupes']],
    [{ precalculate_job_size: true }, ['--precalculate-job-size']],
    [{ precalculate_job_size: false }, ['--precalculate-disable']],
    [{ preserve_times: true }, ['-p']],
    [{ preserve_times: false }, []],
  ])('have a switch where %j', (members, words) => {
    expect(added(members)).toEqual(words);
  });

  it.each<Case>([
    [{ cipher: 'aes-192-cfb' }, ['-c', 'aes192cfb']],
    [{ resume_policy: 'attrs' }, ['-k', '1']],
    [{ resume_policy: 'sparse_csum' }, ['-k', '2']],
    [{ overwrite: 'older' }, ['--overwrite', 'older']],
    [{ rate_policy: 'low' }, ['--policy', 'low']],
    [{ symlink_policy: 'skip' }, ['--symbolic-links', 'skip']],
    [{ file_checksum: 'md5' }, ['--file-checksum', 'md5']],
    [{ http_fallback: 'force' }, ['-y', 'F']],
    [{ http_fallback: true, http_fallback_port: 8080 }, ['-y', '1', '-t', '8080']],
    [{ http_fallback: false }, ['-y', '0']],
  ])('have ascp’s own words where %j', (members, words) => {
    expect(added(members)).toEqual(words);
  });

  it.each<Case>([
    [{ ssh_port: 33001, fasp_port: 33002 }, ['-O', '33002', '-P', '33001']],
    [{ min_rate_kbps: 0, target_rate_kbps: 10_000 }, ['-l', '10000', '-m', '0']],
    [{ dgram_size: 1400 }, ['-Z', '1400']],
    [{ multi_session_threshold: 0 }, ['--multi-session-threshold', '0']],
    [{ exclude_newer_than: '-3600' }, ['--exclude-newer-than', '-3600']],
    [{ sshfp: 'ab12' }, ['--check-sshfp', 'ab12']],
    [{ ssh_private_key_path: '/home/ada/key' }, ['-i', '/home/ada/key']],
    [{ move_after_transfer: '/done here' }, ['--move-after-transfer', '/done here']],
  ])('have a value where %j', (members, words) => {
    expect(added(members)).toEqual(words);
  });

  it.each<Case>([
    [{ source_root: '/große Filme' }, ['--source-prefix64', inBase64('/große Filme')]],
    [{ source_root: '' }, []],
    [{ src_base: '/a' }, ['--src-base64', inBase64('/a')]],
    [{ src_base64: 'L2I=' }, ['--src-base64', 'L2I=']],
    [{ src_base: '/a', src_base64: 'L2I=' }, ['--src-base64', inBase64('/a')]],
    [{ tags: { a: { b: 'ü' } } }, ['--tags64', inBase64('{"a":{"b":"ü"}}')]],
    [{ tags64: 'e30=' }, ['--tags64', 'e30=']],
    [{ tags: { a: 1 }, tags64: 'e30=' }, ['--tags64', inBase64('{"a":1}')]],
  ])('have base64 where %j', (members, words) => {
    expect(added(members)).toEqual(words);
  });

  it.each<Case>([
    [{ https_fallback_port: 8443 }, ['-t', '8443']],
    [{ http_fallback_port: 8080, https_fallback_port: 8443 }, ['-t', '8443']],
    [{ http_fallback_port: 8080, https_fallback_port: 8443, cipher: 'none' }, ['-c', 'none', '-t', '8080']],
    [{ https_fallback_port: 8443, cipher: 'none' }, ['-c', 'none', '-t', '8443']],
  ])('have one fallback port where %j', (members, words) => {
    expect(added(members)).toEqual(words);
  });

  it.each<Case>([
    [
      { delete_source: true, remove_empty_directories: false },
      ['--remove-after-transfer', '--remove-empty-directories', '--remove-empty-source-directory'],
    ],
    [{ delete_source: false, remove_after_transfer: true }, []],
  ])('remove sources as `delete_source` says where %j', (members, words) => {
    expect(added(members)).toEqual(words);
  });

  it('repeat an option for each argument of an external ssh, and turn that on', () => {
    expect(added({ ssh_args: ['-vv', '-o Foo=bar'] })).toEqual(['-SSH', '--ssh-arg=-vv', '--ssh-arg=-o Foo=bar']);
  });

  it('leave out what is not for ascp, and what nobody knows', () => {
    const members = { title: 'A', password: 'p', rate_policy_allowed: 'low', source_root_id: '12', compression: 1 };
    expect(added({ ...members, lock_min_rate: true, icos: {}, authentication: 'token', from_tomorrow: 1 })).toEqual([]);
  });

  it('use a WebSocket in place of SSH where the server has one', () => {
    const ports = { ssh_port: 33001, fasp_port: 33001, sshfp: 'ab12', wss_port: 443 };
    const { arguments: words } = render(
      { ...ports, wss_enabled: true, token: 't' },
      { bypassKeyFile: '/keys/bypass', keyFile: '/keys/mine' },
    );
    expect(words.slice(0, 3)).toEqual(['--ws-connect', '--mode', 'send']);
    expect(words.slice(words.indexOf('-P'))).toEqual(['-P', '443', '--dest64', '--file-list=list.txt', IN]);
    for (const word of ['-i', '-O', '33001', '--check-sshfp']) expect(words).not.toContain(word);
    expect(added({ ...ports, wss_enabled: false })).toEqual(['-O', '33001', '-P', '33001', '--check-sshfp', 'ab12']);
  });
});

describe('the key with which ascp logs in', () => {
  const bypassKeyFile = '/keys/bypass';

  it('is the bypass key for a token alone', () => {
    const { arguments: words, needsKey } = render({ token: 't' }, { bypassKeyFile });
    expect(words.slice(0, 3)).toEqual(['-i', bypassKeyFile, '--mode']);
    expect(needsKey).toBe(false);
  });

  it.each([[{ remote_password: 'p' }], [{ ssh_private_key: 'k' }], [{ ssh_private_key_path: '/mine' }]])(
    'is not the bypass key beside %j',
    (credential) => {
      const { arguments: words, needsKey } = render({ token: 't', ...credential }, { bypassKeyFile });
      expect(words).not.toContain(bypassKeyFile);
      expect(needsKey).toBe(false);
    },
  );

  it('is the caller’s own where they name one, with and without a token', () => {
    for (const members of [{}, { token: 't' }]) {
      const { arguments: words, needsKey } = render(members, { bypassKeyFile, keyFile: '/keys/ada' });
      expect(words.slice(0, 3)).toEqual(['-i', '/keys/ada', '--mode']);
      expect(needsKey).toBe(false);
    }
  });

  it('is the caller’s own in place of that of the spec', () => {
    const { arguments: words } = render({ ssh_private_key_path: '/keys/spec' }, { keyFile: '/keys/ada' });
    expect(words.filter((word) => word.startsWith('/keys/'))).toEqual(['/keys/ada']);
  });

  it('is missed where none is known', () => {
    expect(render({ token: 't' }).needsKey).toBe(true);
    expect(render({}, { bypassKeyFile }).needsKey).toBe(true);
  });
});

describe('the list of files', () => {
  it('has sources, or sources and destinations in turn', () => {
    expect(render({ paths: [{ source: '/a b' }, { source: 'c' }] }).fileList).toEqual(['/a b', 'c']);
    const pairs = [
      { source: 'a', destination: 'x' },
      { source: 'b', destination: 'y' },
    ];
    expect(render({ paths: pairs }).fileList).toEqual(['a', 'x', 'b', 'y']);
    expect(added({ paths: pairs })).toEqual(['--file-pair-list=list.txt']);
  });

  it('is not needed for a persistent session', () => {
    const { fileList, arguments: words } = render({ keepalive: true, paths: [] });
    expect(fileList).toBeUndefined();
    expect(words.slice(-3)).toEqual(['--keepalive', '--dest64', IN]);
  });

  it.each<readonly [JsonObject, string]>([
    [{ paths: [{ source: 'a', destination: 'b' }, { source: 'c' }] }, 'for all of `paths` or for none'],
    [{ paths: [{ source: 'a\nb' }] }, '`paths[0].source` has a line break'],
    [{ paths: [{}] }, '`paths[0].source` is missing'],
    [{ paths: [] }, '`paths` is missing'],
    [{ paths: [{ source: 'a\0b' }] }, 'NUL'],
    [{ ssh_port: '22' }, '`ssh_port` must be a whole number, without quotes'],
  ])('and the rest are refused where ascp could not run them: %j', (members, message) => {
    expect(() => render(members)).toThrow(message);
  });
});

describe('the destination', () => {
  it('is clear text for ascp4', () => {
    const { program, arguments: words } = render({ use_ascp4: true, destination_root: '/in' });
    expect(program).toBe('ascp4');
    expect(words.slice(-2)).toEqual(['--file-list=list.txt', '/in']);
  });

  it.each([
    ['send', '/'],
    ['receive', '.'],
  ])('is the top of the server or the present folder where the spec (%s) has none', (direction, folder) => {
    expect(render({ direction, destination_root: '' }).arguments.at(-1)).toBe(inBase64(folder));
  });

  it('is what the client wants where it says so', () => {
    const { arguments: words } = render({ direction: 'receive' }, { destination: '/home/ada/Downloads' });
    expect(words.at(-1)).toBe(inBase64('/home/ada/Downloads'));
  });
});

describe('several processes for one transfer', () => {
  const tagsIn = (words: readonly string[]) =>
    JSON.parse(Buffer.from(words[words.indexOf('--tags64') + 1] ?? '', 'base64').toString());

  it('share an id, which the tags get when they have none', () => {
    const { sessions, arguments: words } = render({ multi_session: 3, tags: { mine: 1, aspera: { xfer_retry: 1 } } });
    expect(sessions).toBe(3);
    expect(tagsIn(words)).toEqual({ mine: 1, aspera: { xfer_retry: 1, xfer_id: 'made-up-id' } });
    expect(tagsIn(render({ multi_session: 2, tags: { aspera: { xfer_id: 'x' } } }).arguments)).toEqual({
      aspera: { xfer_id: 'x' },
    });
  });

  it.each([0, 1])('are one process for %i', (multi_session) => {
    expect(render({ multi_session }).sessions).toBe(1);
    expect(added({ multi_session })).toEqual([]);
  });
});

import {
  base64,
  boolean,
  countFrom,
  flag,
  integer,
  json64,
  list,
  object,
  oneOf,
  option,
  type Parameter,
  port,
  renamed,
  repeated,
  text,
} from './parameter.ts';

const local = ['DIRECT', 'TRANSFERD'] as const;
const servers = ['DIRECT', 'TRANSFERD', 'NODE'] as const;
const dialogs = ['TRANSFERD', 'CONNECT'] as const;
const nobody = [] as const;

const ciphers = oneOf(
  'none',
  ...(['aes-128', 'aes-192', 'aes-256'] as const),
  ...(['aes-128-cfb', 'aes-192-cfb', 'aes-256-cfb'] as const),
  ...(['aes-128-gcm', 'aes-192-gcm', 'aes-256-gcm'] as const),
);
const policies = oneOf('low', 'fair', 'high', 'fixed');
const preservation = oneOf('none', 'native', 'metafile');

/**
 * Every parameter of a transfer spec v1, in the order in which IBM's client gives them to ascp (aspera-node-api.md §7,
 * §7.1). Those without `ascp` and `variable` say nothing to it, or are told in a way of their own (`ascp.ts`).
 */
const parameters = {
  apply_local_docroot: { ...boolean, agents: local, ascp: flag('--apply-local-docroot') },
  cipher: { ...ciphers, ascp: option('-c', (value) => String(value).replaceAll('-', '')) },
  content_protection: { ...oneOf('encrypt', 'decrypt'), ascp: option('--file-crypt') },
  content_protection_password: { ...text, variable: 'ASPERA_SCP_FILEPASS' },
  cookie: { ...text, variable: 'ASPERA_SCP_COOKIE' },
  create_dir: { ...boolean, ascp: flag('-d') },
  delete_before_transfer: { ...boolean, ascp: flag('--delete-before-transfer') },
  delete_source: { ...boolean, agents: servers },
  destination_root: text,
  destination_root_id: { ...text, agents: ['TRANSFERD'] },
  direction: { ...oneOf('send', 'receive'), ascp: renamed('--mode', { receive: 'recv' }) },
  exclude_newer_than: { ...text, ascp: option('--exclude-newer-than') },
  exclude_older_than: { ...text, ascp: option('--exclude-older-than') },
  fail_bad_filepass: { ...boolean, agents: local, ascp: flag('--fail-bad-filepass') },
  fasp_port: { ...port, ascp: option('-O') },
  fasp_proxy: { ...object, agents: ['TRANSFERD'] },
  file_checksum: {
    ...oneOf('sha-512', 'sha-384', 'sha-256', 'sha1', 'md5', 'none'),
    agents: ['DIRECT', 'NODE'],
    ascp: option('--file-checksum'),
  },
  http_fallback: {
    types: ['boolean', 'text'],
    values: ['force'],
    ascp: renamed('-y', { force: 'F', true: '1', false: '0' }),
  },
  http_fallback_port: { ...port, ascp: option('-t') },
  https_fallback_port: { ...port, ascp: option('-t') },
  icos: { ...object, agents: ['TRANSFERD'] },
  lock_min_rate: { ...boolean, agents: ['CONNECT'] },
  lock_min_rate_kbps: { ...boolean, agents: dialogs },
  lock_rate_policy: { ...boolean, agents: dialogs },
  lock_target_rate: { ...boolean, agents: ['CONNECT'] },
  lock_target_rate_kbps: { ...boolean, agents: dialogs },
  min_rate_cap_kbps: { ...countFrom(0), agents: dialogs },
  move_after_transfer: { ...text, agents: servers, ascp: option('--move-after-transfer') },
  multi_session: countFrom(0, 128),
  multi_session_threshold: { ...countFrom(0), agents: servers, ascp: option('--multi-session-threshold') },
  overwrite: { ...oneOf('never', 'always', 'diff', 'older', 'diff+older'), ascp: option('--overwrite') },
  password: { ...text, agents: ['NODE'] },
  paths: list,
  precalculate_job_size: { ...boolean, ascp: flag('--precalculate-job-size', '--precalculate-disable') },
  preserve_access_time: { ...boolean, ascp: flag('--preserve-access-time') },
  preserve_acls: { ...preservation, agents: local, ascp: option('--preserve-acls') },
  preserve_creation_time: { ...boolean, ascp: flag('--preserve-creation-time') },
  preserve_extended_attrs: { ...preservation, agents: local, ascp: option('--preserve-xattrs') },
  preserve_file_owner_gid: { ...boolean, agents: local, ascp: flag('--preserve-file-owner-gid') },
  preserve_file_owner_uid: { ...boolean, agents: local, ascp: flag('--preserve-file-owner-uid') },
  preserve_modification_time: { ...boolean, ascp: flag('--preserve-modification-time') },
  preserve_remote_acls: { ...preservation, agents: local, ascp: option('--remote-preserve-acls') },
  preserve_remote_extended_attrs: { ...preservation, agents: local, ascp: option('--remote-preserve-xattrs') },
  preserve_source_access_time: { ...boolean, agents: local, ascp: flag('--preserve-source-access-time') },
  // IBM's client says `-p true`, and ascp would take the `true` for a path (aspera-node-api.md §7.1).
  preserve_times: { ...boolean, agents: servers, ascp: flag('-p') },
  rate_policy: { ...policies, ascp: option('--policy') },
  remote_access_key: { ...text, agents: ['TRANSFERD'] },
  remote_host: { ...text, ascp: option('--host') },
  remote_password: { ...text, variable: 'ASPERA_SCP_PASS' },
  remote_user: { ...text, ascp: option('--user') },
  remove_after_transfer: { ...boolean, agents: servers, ascp: flag('--remove-after-transfer') },
  remove_empty_directories: { ...boolean, agents: servers, ascp: flag('--remove-empty-directories') },
  remove_empty_source_dir: { ...boolean, agents: ['TRANSFERD'] },
  remove_empty_source_directory: { ...boolean, agents: ['DIRECT'], ascp: flag('--remove-empty-source-directory') },
  remove_skipped: { ...boolean, agents: ['DIRECT', 'NODE', 'CONNECT'], ascp: flag('--remove-skipped') },
  proxy: {
    ...text,
    shape: { pattern: /^dnats?:\/\/\S+$/, words: 'dnat://user@host:port, or dnats:// for a proxy with TLS' },
    agents: ['DIRECT', 'NODE'],
    ascp: option('--proxy'),
  },
  resume_policy: {
    ...oneOf('none', 'attrs', 'sparse_csum', 'full_csum'),
    valuesOf: { TRANSFERD: ['none', 'attributes', 'sparse_checksum', 'full_checksum'] },
    ascp: renamed('-k', { none: '0', attrs: '1', sparse_csum: '2', full_csum: '3' }),
  },
  retry_duration: { types: ['integer', 'text'], agents: ['TRANSFERD'] },
  save_before_overwrite: { ...boolean, agents: servers, ascp: flag('--save-before-overwrite') },
  skip_duplicate_check: { ...boolean, agents: local, ascp: flag('--skip-dir-traversal-dupes') },
  skip_special_files: { ...boolean, agents: local, ascp: flag('--skip-special-files') },
  source_root: { ...text, ascp: option('--source-prefix64', base64) },
  source_root_id: { ...text, agents: ['TRANSFERD', 'NODE'] },
  src_base: { ...text, agents: servers, ascp: option('--src-base64', base64) },
  src_base64: { ...text, agents: local, ascp: option('--src-base64') },
  ssh_port: { ...port, ascp: option('-P') },
  ssh_private_key: { ...text, agents: local, variable: 'ASPERA_SCP_KEY' },
  ssh_private_key_passphrase: { ...text, agents: local, variable: 'ASPERA_SCP_PASS' },
  ssh_private_key_path: { ...text, agents: local, ascp: option('-i') },
  symlink_policy: { ...oneOf('follow', 'copy', 'copy+force', 'skip'), ascp: option('--symbolic-links') },
  tags: { ...object, ascp: option('--tags64', json64) },
  tags64: { ...text, agents: local, ascp: option('--tags64') },
  target_rate_cap_kbps: { ...countFrom(0), agents: dialogs },
  target_rate_kbps: { ...countFrom(0), ascp: option('-l') },
  title: { ...text, agents: ['NODE', 'CONNECT', 'TRANSFERD'] },
  token: { ...text, variable: 'ASPERA_SCP_TOKEN' },
  use_ascp4: { ...boolean, agents: servers },
  use_system_ssh: { ...boolean, agents: local, ascp: flag('-SSH') },
  ssh_args: { ...list, agents: local, ascp: repeated('--ssh-arg') },
  keepalive: { ...boolean, agents: local, ascp: flag('--keepalive') },
  dgram_size: { ...countFrom(1), ascp: option('-Z') },
  min_rate_kbps: { ...countFrom(0), ascp: option('-m') },
  sshfp: { ...text, ascp: option('--check-sshfp') },
  target_rate_percentage: { ...text, agents: nobody },
  rate_policy_allowed: { ...policies, agents: ['CONNECT'] },
  fasp_url: { ...text, agents: nobody },
  authentication: { ...text, agents: ['CONNECT'] },
  cipher_allowed: { ...ciphers, agents: ['CONNECT'] },
  obfuscate_file_names: { ...boolean, agents: ['HTTP_GATEWAY'] },
  wss_enabled: boolean,
  wss_port: port,
  compression: { ...integer, agents: nobody },
  read_threads: { ...countFrom(1), agents: nobody },
  write_threads: { ...countFrom(1), agents: nobody },
  xfer_max_retries: { ...countFrom(0), agents: ['NODE'] },
} as const satisfies Readonly<Record<string, Parameter>>;

/** The same, one by one. */
export const parameterEntries: readonly (readonly [name: string, parameter: Parameter])[] = Object.entries(parameters);

const byName: ReadonlyMap<string, Parameter> = new Map(parameterEntries);

/** What is known of a parameter; undefined for a name that the vendor does not document. */
export const parameterOf = (name: string): Parameter | undefined => byName.get(name);

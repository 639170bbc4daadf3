import { type Fields, present } from '../fields.ts';
import { DEFAULT_RATE_KBPS } from './transfer-spec.ts';

/** Who is at the ends of a transfer, as far as this node knows. */
export interface Parties {
  readonly endpoint: 'client' | 'server';
  readonly tokenType: string;
  readonly clientAccessKey: string | undefined;
  readonly clientUser: string | undefined;
  readonly serverAccessKey: string | undefined;
  readonly serverUser: string | undefined;
  readonly clusterId: string;
}

/** `start_spec.token_type` of a spec (aspera-node-api.md §5.3). */
export function tokenTypeOf(token: string | null | undefined): string {
  if (!token) return 'none';
  if (token.startsWith('Basic ')) return 'basic_token';
  return token.startsWith('Bearer ') ? 'bearer_token' : 'auth_token';
}

/** What a transfer is started with where its spec does not say; a real server takes these from aspera.conf. */
const defaults: Fields = {
  destination_root: '/',
  tags: {},
  cookie: '',
  remote_user: 'xfer',
  ssh_port: 33001,
  fasp_port: 33001,
  rate_policy: 'fair',
  target_rate_kbps: DEFAULT_RATE_KBPS,
  min_rate_kbps: 0,
  cipher: 'aes-128',
  overwrite: 'diff',
  resume_policy: 'sparse_csum',
  create_dir: true,
  http_fallback: false,
  precalculate_job_size: true,
  lock_min_rate: false,
  lock_rate_policy: false,
  lock_target_rate: false,
};

/** Members of a spec that `start_spec` shows under the same name (aspera-node-api.md §5.3); never a secret. */
const shown = [
  'tags',
  'cookie',
  'direction',
  'remote_host',
  'remote_user',
  'ssh_port',
  'fasp_port',
  'rate_policy',
  'target_rate_kbps',
  'min_rate_kbps',
  'cipher',
  'resume_policy',
  'create_dir',
  'http_fallback',
  'http_fallback_port',
  'https_fallback_port',
  'lock_min_rate',
  'lock_rate_policy',
  'lock_target_rate',
  'source_root_id',
  'destination_root_id',
  'dgram_size',
  'read_block_size',
  'write_block_size',
  'target_rate_percentage',
  'preserve_xattrs',
  'remote_preserve_xattrs',
  'preserve_acls',
  'remote_preserve_acls',
  'filters',
];

const isSet = ([, value]: [string, unknown]) => value !== undefined && value !== null;

/** `start_spec` of a transfer: what it was started with, in the words of the Node API. */
export function startSpecOf(spec: Fields, sources: readonly string[], parties: Parties): Fields {
  const { endpoint, clusterId } = parties;
  const whole: Fields = { ...defaults, ...Object.fromEntries(Object.entries(spec).filter(isSet)) };
  return present({
    ...Object.fromEntries(shown.map((name) => [name, whole[name]])),
    source_paths: sources,
    destination_path: whole.destination_root,
    overwrite_policy: whole.overwrite,
    precalc_enabled: whole.precalculate_job_size,
    endpoint,
    token_type: parties.tokenType,
    client_token_user_id: parties.clientUser,
    server_token_user_id: parties.serverUser,
    client_access_key: parties.clientAccessKey,
    server_access_key: parties.serverAccessKey,
    [`${endpoint}_cluster_id`]: clusterId,
    keepalive: false,
    wss_enabled: false,
    number_of_parts: 1,
  });
}

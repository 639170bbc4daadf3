import { hostname, release, type as systemName } from 'node:os';
import type { Router } from '../kit/router.ts';
import type { Authenticate } from './caller.ts';
import type { NodeContext } from './node-context.ts';

const VERSION = '4.4.6.1646';
const LICENSE_VALID_MS = 365 * 24 * 3_600_000;

const transferCapabilities = [
  'cipher',
  'policy',
  'target_rate_cap_kbps',
  'target_rate_kbps',
  'preserve_timestamps',
  'content_protection_secret',
  'aggressiveness',
  'token_encryption_key',
  'byok_enabled',
  'bandwidth_flow_network_rc_module',
  'file_checksum_type',
  'client_password_requirements',
];

const serverCapabilities = [
  'activity_event_logging',
  'activity_file_event_logging',
  'recursive_counts',
  'aej_logging',
  'wss_enabled',
  'activity_transfer_ignore_skipped_files',
  'activity_files_max',
  'access_key_credentials_encryption_type',
  'discovery',
  'auto_delete',
  'allow',
  'deny',
  'ftsearch',
];

const capabilities = [
  { name: 'sync', value: true },
  { name: 'watchfolder', value: true },
  { name: 'symbolic_links', value: true },
  { name: 'move_file', value: true },
  { name: 'move_directory', value: true },
  { name: 'filelock', value: false },
  { name: 'ssh_fingerprint', value: false },
  { name: 'aej_version', value: '1.0' },
  { name: 'page', value: true },
  { name: 'file_id_version', value: '2.0' },
  { name: 'auto_delete', value: false },
];

const settings = [
  { name: 'content_protection_required', value: false },
  { name: 'content_protection_strong_pass_required', value: false },
  { name: 'filelock_restriction', value: 'none' },
  { name: 'ssh_fingerprint', value: null },
  { name: 'wss_enabled', value: false },
  { name: 'wss_port', value: 443 },
];

/** A time as the Node API writes it: ISO in UTC without a fraction. */
export const isoSeconds = (milliseconds: number): string =>
  new Date(milliseconds).toISOString().replace(/\.\d+Z$/, 'Z');

const describeNode = (node: NodeContext) => ({
  application: 'node',
  version: VERSION,
  current_time: isoSeconds(node.clock.now()),
  license_expiration_date: isoSeconds(node.clock.now() + LICENSE_VALID_MS).slice(0, 10),
  license_max_rate: '10000000',
  os: `${systemName()} ${hostname()} ${release()}`,
  aej_status: 'disconnected',
  async_reporting: 'yes',
  transfer_activity_reporting: node.settings.isActivityLogged ? 'yes' : 'no',
  transfer_user: node.transferUser,
  docroot: `file:///${node.docroot}`,
  node_id: node.settings.nodeId,
  cluster_id: node.clusterId,
  acls: ['admin', 'impersonation'],
  access_key_configuration_capabilities: { transfer: transferCapabilities, server: serverCapabilities },
  capabilities,
  settings,
});

/**
 * `/ping` (no credentials, empty 200: clients detect a node by it) and `/info` (aspera-node-api.md §2). A bearer
 * token may read `/info` although OpenAPI says basic only, because IBM's client does so (§1.2).
 */
export function registerInfoRoutes(router: Router, node: NodeContext, authenticate: Authenticate): void {
  router.on('GET', '/ping', () => ({ status: 200 }));
  router.on('GET', '/info', (request) => {
    authenticate(request);
    return { status: 200, json: describeNode(node) };
  });
}

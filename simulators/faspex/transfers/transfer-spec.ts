import { refusal } from '../errors.ts';
import type { User } from '../model.ts';
import type { Package } from '../package.ts';
import type { Lifecycle } from '../packages/lifecycle.ts';
import type { StorageNode, TransferSpec } from '../storage/storage-node.ts';
import type { World } from '../world.ts';
import type { Grant, Grants } from './grants.ts';
import type { TransferWatch } from './transfer-watch.ts';

export interface TransferDeps {
  readonly world: World;
  readonly storage: StorageNode;
  readonly grants: Grants;
  readonly watch: TransferWatch;
  readonly lifecycle: Lifecycle;
}

const TRANSFER_TYPES = ['connect', 'http_gateway', 'remote_transfer'];

/** The query's `transfer_type`: missing is 400/1232, unknown 400/1225 (aspera-apps-api.md §5.5). */
export function readTransferType(query: URLSearchParams): string {
  const type = query.get('transfer_type');
  if (!type) throw refusal(400, 1232, 'transfer_type is missing.');
  if (!TRANSFER_TYPES.includes(type)) {
    throw refusal(400, 1225, `transfer_type must be one of ${TRANSFER_TYPES.join(', ')}.`);
  }
  return type;
}

const base64 = (text: string) => Buffer.from(text, 'utf8').toString('base64url');

/** Metadata of a package as cookie and tags carry it, with Faspex's own members under an underscore. */
function metadataOf(pkg: Package, inboxName: string | undefined) {
  return {
    ...pkg.metadata,
    _pkg_uuid: pkg.uuid,
    _pkg_name: pkg.title,
    _created_utc: new Date(pkg.createdAt).toISOString(),
    ...(inboxName === undefined ? {} : { _dropbox_name: inboxName }),
  };
}

/** Cookie and tags by which Faspex finds a transfer again (aspera-apps-api.md §5.5, real sample of IBM/aspera-cli#134). */
function marksOf(world: World, pkg: Package, grant: Grant, user: User) {
  const inbox = pkg.deliveries.find(({ kind }) => kind === 'shared_inbox');
  const inboxName = inbox && world.groups.get(inbox.id)?.name;
  const metadata = metadataOf(pkg, inboxName);
  const isUpload = grant.direction === 'upload';
  const letter = isUpload ? 'u' : 'd';
  const texts = [user.username, JSON.stringify(metadata), pkg.title].map(base64);
  const faspex = {
    f5_xfer_id: grant.id,
    ...(isUpload ? { num_recipients: pkg.deliveries.length, recipients: {} } : {}),
    ...(isUpload && inboxName !== undefined ? { dropbox: inboxName } : {}),
    metadata,
    _pkg_id: Number(pkg.id),
  };
  return {
    cookie: ['aspera.faspex20', letter, grant.id, ...texts].join(':'),
    tags: { aspera: { faspex, ...(isUpload ? { xfer_retry: 3600 } : {}) } },
  };
}

/** A node answers null for what it has not set; Faspex leaves such members out. */
const withoutNulls = (spec: TransferSpec): TransferSpec =>
  Object.fromEntries(Object.entries(spec).filter(([, value]) => value !== null));

/** What real servers add (§5.5): the cap of the rate, and the node's WebSocket port, which this one does not serve. */
const extras = ({ target_rate_kbps: rate }: TransferSpec): TransferSpec => ({
  ...(typeof rate === 'number' ? { target_rate_cap_kbps: rate } : {}),
  wss_enabled: false,
  wss_port: 443,
});

/**
 * Has the node authorize a transfer under a new grant and gives the node's spec with Faspex's marks in it. The change
 * feed is followed from before the spec exists, so that no change of its transfer is missed.
 */
export async function authorize(
  deps: TransferDeps,
  pkg: Package,
  user: User,
  wanted: { readonly direction: Grant['direction']; readonly isPartial: boolean; readonly request: TransferSpec },
): Promise<TransferSpec> {
  const { world, storage, grants, watch } = deps;
  const { direction, isPartial, request } = wanted;
  const grant = grants.add(pkg, { direction, userId: user.id, isPartial });
  const marks = marksOf(world, pkg, grant, user);
  try {
    await watch.begin();
    const spec = await storage.setUp(direction, { ...request, ...marks });
    return { ...extras(spec), ...withoutNulls(spec), authentication: 'token', ...marks };
  } catch (error) {
    grants.forget(grant);
    throw error;
  }
}

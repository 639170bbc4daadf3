import { existsSync } from 'node:fs';
import * as z from 'zod';
import type { Caller } from '../caller.ts';
import { refusal } from '../errors.ts';
import { type Fields, present, textOf } from '../fields.ts';
import { resolveInRoot } from '../files/resolve-in-root.ts';
import type { NodeContext } from '../node-context.ts';
import { issueTransferToken, type TransferGrant } from '../tokens/transfer-token.ts';
import { joinPath } from '../virtual-path.ts';
import { DEFAULT_RATE_KBPS } from './transfer-spec.ts';

export type SetupKind = 'upload' | 'download' | 'sync';

const requestShape = z.looseObject({
  paths: z.array(z.looseObject({ source: z.string().nullish(), destination: z.string().nullish() })).nullish(),
  source_root: z.string().nullish(),
  destination_root: z.string().nullish(),
  token_life_seconds: z.int().positive().nullish(),
  target_rate_kbps: z.int().positive().nullish(),
  type: z.enum(['sync_upload', 'sync_download', 'sync']).nullish(),
});

type SetupRequest = z.infer<typeof requestShape>;

/** What a request authorizes, and the roots and paths that its spec gives back. */
interface Authorization extends Pick<TransferGrant, 'direction' | 'scope' | 'paths'> {
  readonly spec: {
    readonly source_root: string;
    readonly destination_root: string;
    readonly paths: readonly Fields[];
  };
}

/** aspera.conf `token_life_seconds` of a real server. */
const TOKEN_LIFE_SECONDS = 86_400;

/** Members of a request that a spec repeats as they are; everything else is the server's own. */
const echoed = [
  'cookie',
  'content_protection',
  'fasp_port',
  'http_fallback',
  'http_fallback_port',
  'https_fallback_port',
  'rate_policy_allowed',
  'rate_policy',
  'target_rate_cap_kbps',
  'tags',
  'aspera_connect_settings',
];

const isNamed = (path: string | null | undefined): path is string => textOf(path) !== undefined && path !== '*';

/** Everything in and below one folder. */
const below = (folder: string, paths: readonly Fields[], sourceRoot: string): Authorization => ({
  ...{ direction: 'send', scope: 'below', paths: [folder] },
  spec: { source_root: sourceRoot, destination_root: folder, paths },
});

function authorizeUpload(request: SetupRequest): Authorization {
  const paths = request.paths ?? [];
  const destinations = paths.map(({ destination }) => destination).filter(isNamed);
  if (!textOf(request.destination_root) && destinations.length === 0) {
    throw refusal(400, 'destination_root or a destination is required');
  }
  const sourceRoot = request.source_root ?? '';
  const folder = joinPath(request.destination_root ?? '');
  const [destination] = destinations;
  // One folder and no source: the folder becomes the spec's root, because the client adds its own sources without
  // naming a destination again (aspera-node-api.md §3).
  if (destination !== undefined && paths.length === 1 && !textOf(paths[0]?.source)) {
    return below(joinPath(folder, destination), [{}], sourceRoot);
  }
  if (destinations.length === 0 || destinations.length < paths.length) return below(folder, paths, sourceRoot);
  return {
    ...below(folder, paths, sourceRoot),
    scope: 'exactly',
    paths: destinations.map((path) => joinPath(folder, path)),
  };
}

function authorizeDownload(caller: Caller, request: SetupRequest): Authorization {
  const root = textOf(request.source_root);
  const paths = request.paths ?? [];
  const sources = paths.map(({ source }) => textOf(source)).filter((source) => source !== undefined);
  if (root === undefined && sources.length === 0) throw refusal(400, 'source_root or a source is required');
  const folder = joinPath(root ?? '');
  const named = sources.filter(isNamed).map((source) => joinPath(folder, source));
  for (const path of [folder, ...named]) {
    if (!existsSync(resolveInRoot(caller.root, path))) throw refusal(404, 'No such file or directory');
  }
  const isList = named.length > 0 && named.length === paths.length;
  return {
    direction: 'receive',
    scope: isList ? 'exactly' : 'below',
    paths: isList ? named : [folder],
    spec: { source_root: root ?? '', destination_root: request.destination_root ?? '', paths },
  };
}

const syncDirections = { sync_upload: 'send', sync_download: 'receive', sync: 'both' } as const;

function authorizeSync(request: SetupRequest): Authorization {
  const [first] = request.paths ?? [];
  const remote =
    textOf(request.destination_root) ??
    textOf(request.source_root) ??
    textOf(first?.path) ??
    textOf(first?.destination) ??
    textOf(first?.source);
  if (remote === undefined) throw refusal(400, 'a path is required');
  const folder = joinPath(remote);
  return {
    direction: syncDirections[request.type ?? 'sync'],
    scope: 'below',
    paths: [folder],
    spec: { source_root: '', destination_root: folder, paths: request.paths ?? [] },
  };
}

function authorize(caller: Caller, kind: SetupKind, request: SetupRequest): Authorization {
  if (kind === 'upload') return authorizeUpload(request);
  return kind === 'download' ? authorizeDownload(caller, request) : authorizeSync(request);
}

function tokenFor(node: NodeContext, caller: Caller, request: SetupRequest, authorization: Authorization): string {
  const issuedAt = node.clock.now();
  const { direction, scope, paths } = authorization;
  return issueTransferToken(node.tokenKey, {
    ...{ issuer: node.settings.nodeId, direction, scope, paths, issuedAt, epoch: node.settings.tokenEpoch },
    user: caller.accessKeyId ?? node.username,
    expiresAt: issuedAt + (request.token_life_seconds ?? TOKEN_LIFE_SECONDS) * 1000,
    ...(caller.accessKeyId === undefined ? {} : { accessKeyId: caller.accessKeyId }),
  });
}

/** The transfer spec for one `transfer_request`; throws a refusal, which becomes the item's error. */
export function authorizeRequest(node: NodeContext, caller: Caller, kind: SetupKind, body: Fields): Fields {
  const parsed = requestShape.safeParse(body);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw refusal(400, `Invalid parameter ${issue?.path.join('.')}: ${issue?.message}`);
  }
  const request = parsed.data;
  const authorization = authorize(caller, kind, request);
  return present({
    // Real servers answer with nulls here, which clients have to drop (aspera-node-api.md §3).
    tags: null,
    sshfp: null,
    fasp_port: 33001,
    http_fallback: false,
    rate_policy_allowed: 'fixed',
    rate_policy: 'fair',
    ...Object.fromEntries(echoed.filter((name) => body[name] !== undefined).map((name) => [name, body[name]])),
    ...authorization.spec,
    token: tokenFor(node, caller, request, authorization),
    direction: authorization.direction === 'receive' ? 'receive' : 'send',
    cipher: textOf(body.cipher_allowed) ?? 'aes-128',
    target_rate_kbps: request.target_rate_kbps ?? DEFAULT_RATE_KBPS,
    min_rate_kbps: 0,
    remote_host: new URL(node.origin()).hostname,
    remote_user: node.transferUser,
    ssh_port: node.sshPort(),
  });
}

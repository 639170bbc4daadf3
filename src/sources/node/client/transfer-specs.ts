import {
  addTags,
  changeTransferSpec,
  isJsonObject,
  type JsonObject,
  readTransferSpec,
  type TransferSpec,
} from '../../../transfer-spec/transfer-spec.ts';
import { type NodeConnection, sendPaths } from '../connection.ts';
import { embeddedRefusal, readVendorSpec } from '../errors.ts';
import { parseAnswer } from '../parse.ts';
import { compact } from '../request-shape.ts';
import type { SpecRequest, SyncDirection } from '../types.ts';
import { transferSpecs } from '../wire/transfer-specs.ts';
import { nodeErrorOf } from '../wire.ts';

/** The request as the node spells it (aspera-node-api.md §3, `*_setup`; node-api 4.4.6, token-transfer-request-body). */
function toWire(request: SpecRequest): Record<string, unknown> {
  return compact({
    paths: request.paths.map(({ source, destination }) => compact({ source, destination })),
    source_root: request.sourceRoot,
    destination_root: request.destinationRoot,
    token_life_seconds: request.tokenLifeSeconds,
    target_rate_kbps: request.targetRateKbps,
    target_rate_cap_kbps: request.targetRateCapKbps,
    rate_policy: request.ratePolicy?.toLowerCase(),
    cipher_allowed: request.cipher,
    content_protection: request.contentProtection?.mode.toLowerCase(),
    content_protection_password: request.contentProtection?.password,
    cookie: request.cookie,
    tags: request.tags,
  });
}

/**
 * What the caller wants in the spec but a node may not give back: titles and passphrases are the client's matter, and
 * tags come back as null where the node has nothing of its own to say. What the node does say wins.
 */
function complete(spec: TransferSpec, request: SpecRequest): TransferSpec {
  const { title, cookie, tags, contentProtection } = request;
  const protection = contentProtection && {
    content_protection: contentProtection.mode.toLowerCase(),
    content_protection_password: contentProtection.password,
  };
  const wanted: JsonObject = {
    ...(title === undefined ? {} : { title }),
    ...(cookie === undefined ? {} : { cookie }),
    ...protection,
  };
  return changeTransferSpec(spec, {
    ...wanted,
    ...spec.json,
    ...(tags && { tags: addTags(tags, spec.tags) }),
  });
}

interface Setup {
  readonly operation: string;
  readonly path: string;
  /** Members that only this kind of setup has. */
  readonly extra?: Readonly<Record<string, unknown>>;
}

/** Asks for one spec. A refusal comes inside an answer of status 200 (aspera-node-api.md §1.5). */
async function authorize(connection: NodeConnection, setup: Setup, request: SpecRequest): Promise<TransferSpec> {
  const { source, now } = connection;
  const json = { transfer_requests: [{ transfer_request: { ...toWire(request), ...setup.extra } }] };
  const { operation, path } = setup;
  // Never repeated and never shared: every caller gets a token of its own.
  const { body } = await sendPaths(connection, { operation, method: 'POST', path, json, repeat: 'never' });
  const [item] = parseAnswer(source, 'a list of transfer specs', transferSpecs, body);
  const raw = isJsonObject(item) ? item.transfer_spec : undefined;
  const error = nodeErrorOf(item) ?? nodeErrorOf(raw);
  if (error) throw embeddedRefusal(source, error);
  const life = request.tokenLifeSeconds;
  const expiresAt = life === undefined ? undefined : new Date(now() + life * 1000);
  return readVendorSpec(source, () => complete(readTransferSpec(raw, expiresAt), request));
}

/** `POST /files/upload_setup` on the node that will be written to (aspera-node-api.md §3). */
export const authorizeUpload = (connection: NodeConnection, request: SpecRequest) =>
  authorize(connection, { operation: 'node.authorizeUpload', path: '/files/upload_setup' }, request);

/** `POST /files/download_setup` on the node that will be read from (aspera-node-api.md §3). */
export const authorizeDownload = (connection: NodeConnection, request: SpecRequest) =>
  authorize(connection, { operation: 'node.authorizeDownload', path: '/files/download_setup' }, request);

const syncTypes: Readonly<Record<SyncDirection, string>> = { PUSH: 'sync_upload', PULL: 'sync_download', BOTH: 'sync' };

/** `POST /files/sync_setup`, as IBM's own client sends it; no document of IBM's has it (aspera-node-api.md §3). */
export const authorizeSync = (connection: NodeConnection, direction: SyncDirection, request: SpecRequest) =>
  authorize(
    connection,
    { operation: 'node.authorizeSync', path: '/files/sync_setup', extra: { type: syncTypes[direction] } },
    request,
  );

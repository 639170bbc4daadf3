/** JSON as a transfer spec holds it. */
export type JsonValue = string | number | boolean | null | readonly JsonValue[] | JsonObject;
export interface JsonObject {
  readonly [name: string]: JsonValue;
}

/** A path of a transfer spec: what is sent, and under which name it arrives where the spec says so. */
export interface TransferPath {
  readonly source: string | undefined;
  readonly destination: string | undefined;
}

/** What proves to the serving node that a transfer is allowed (aspera-node-api.md §1.4). */
export type AuthorizationKind = 'TRANSFER_TOKEN' | 'BASIC' | 'BEARER' | 'SSH';

/**
 * A transfer spec: everything a client needs to run one transfer. It contains a token: treat it as a secret.
 * `json` is exactly what a client SDK wants; the other members are read from it.
 */
export interface TransferSpec {
  readonly json: JsonObject;
  /** Seen from the client: SEND is an upload, RECEIVE a download. */
  readonly direction: 'SEND' | 'RECEIVE';
  readonly remoteHost: string;
  readonly remoteUser: string | undefined;
  readonly sshPort: number | undefined;
  readonly faspPort: number | undefined;
  readonly paths: readonly TransferPath[];
  readonly sourceRoot: string | undefined;
  readonly destinationRoot: string | undefined;
  readonly token: string | undefined;
  readonly cookie: string | undefined;
  readonly tags: JsonObject;
  readonly targetRateKbps: number | undefined;
  readonly authorizationKind: AuthorizationKind;
  /** When the token stops being valid; undefined unless the caller set its life. */
  readonly expiresAt: Date | undefined;
}

/** Why a value is not a transfer spec, in a sentence for the person who sent it. */
export class InvalidTransferSpec extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'InvalidTransferSpec';
  }
}

export const isJsonObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const text = (value: unknown) => (typeof value === 'string' && value !== '' ? value : undefined);
const integer = (value: unknown) => (typeof value === 'number' && Number.isInteger(value) ? value : undefined);

/**
 * Servers send members that clients refuse: `null` values (`tags`, `sshfp`), and `authentication`, which only says how
 * IBM Connect should ask for a password (aspera-node-api.md §3, aspera-apps-api.md §5.5).
 */
function clean(raw: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(raw).filter(([name, value]) => value !== null && name !== 'authentication' && name !== 'error'),
  );
}

function readPaths(value: unknown): readonly TransferPath[] {
  if (value === undefined) return [];
  if (!Array.isArray(value)) throw new InvalidTransferSpec('`paths` must be an array of { source, destination }.');
  return value.map((path) => {
    if (!isJsonObject(path))
      throw new InvalidTransferSpec('Each of `paths` must be an object { source, destination }.');
    return { source: text(path.source), destination: text(path.destination) };
  });
}

function readDirection(value: unknown): TransferSpec['direction'] {
  if (value === 'send') return 'SEND';
  if (value === 'receive') return 'RECEIVE';
  throw new InvalidTransferSpec('`direction` must be "send" or "receive".');
}

function authorizationKind(token: string | undefined): AuthorizationKind {
  if (token === undefined) return 'SSH';
  if (token.startsWith('Basic ')) return 'BASIC';
  return token.startsWith('Bearer ') ? 'BEARER' : 'TRANSFER_TOKEN';
}

/**
 * Reads a transfer spec v1 (aspera-node-api.md §7) from a server's answer or a caller's input.
 * @param expiresAt when its token ends, where the caller chose the life
 * @throws InvalidTransferSpec when it cannot be one
 */
export function readTransferSpec(raw: unknown, expiresAt?: Date): TransferSpec {
  if (!isJsonObject(raw)) throw new InvalidTransferSpec('A transfer spec is a JSON object.');
  const json = clean(raw);
  const remoteHost = text(json.remote_host);
  if (remoteHost === undefined) throw new InvalidTransferSpec('`remote_host` is missing: the server to talk to.');
  const token = text(json.token);
  return {
    json,
    direction: readDirection(json.direction),
    remoteHost,
    remoteUser: text(json.remote_user),
    sshPort: integer(json.ssh_port),
    faspPort: integer(json.fasp_port),
    paths: readPaths(json.paths),
    sourceRoot: text(json.source_root),
    destinationRoot: text(json.destination_root),
    token,
    cookie: text(json.cookie),
    tags: isJsonObject(json.tags) ? json.tags : {},
    targetRateKbps: integer(json.target_rate_kbps),
    authorizationKind: authorizationKind(token),
    expiresAt,
  };
}

/** The same spec with some members of its JSON replaced. */
export function changeTransferSpec(spec: TransferSpec, changes: JsonObject): TransferSpec {
  return readTransferSpec({ ...spec.json, ...changes }, spec.expiresAt);
}

/** Adds to the tags without touching what the server put there: Faspex and AoC recognise their transfers by it. */
export function addTags(tags: JsonObject, more: JsonObject): JsonObject {
  const merged: Record<string, JsonValue> = { ...tags };
  for (const [name, value] of Object.entries(more)) {
    const present = merged[name];
    merged[name] = isJsonObject(present) && isJsonObject(value) ? addTags(present, value) : value;
  }
  return merged;
}

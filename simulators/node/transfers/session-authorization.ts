import { isSameSecret } from '../access-keys.ts';
import { AscpError } from '../ascp-error.ts';
import { accessKeyOfBasic, claimsOfBearer } from '../credentials.ts';
import { textOf, valueAt } from '../fields.ts';
import type { NodeContext } from '../node-context.ts';
import type { Hello } from '../protocol/message.ts';
import type { SessionGrant } from '../protocol/session-server.ts';
import { type TransferGrant, unauthorized, verifyTransferToken } from '../tokens/transfer-token.ts';
import { isWithin, locate, toAbsolute } from '../virtual-path.ts';

const requestedPaths = (hello: Hello): readonly string[] =>
  (hello.direction === 'send' ? hello.destinations : hello.sources.map(({ path }) => path)).map(toAbsolute);

function isAuthorized(grant: TransferGrant, requested: readonly string[]): boolean {
  if (grant.scope === 'below') return requested.every((path) => grant.paths.some((root) => isWithin(root, path)));
  const [authorized, wanted] = [new Set(grant.paths), new Set(requested)];
  return authorized.size === wanted.size && [...wanted].every((path) => authorized.has(path));
}

function byTransferToken(node: NodeContext, hello: Hello, token: string): SessionGrant {
  const { nodeId, tokenEpoch: epoch } = node.settings;
  const grant = verifyTransferToken(token, { key: node.tokenKey, nodeId, epoch, now: node.clock.now() });
  if (grant.direction !== 'both' && grant.direction !== hello.direction) {
    throw unauthorized(`token does not authorize the direction ${hello.direction}`);
  }
  // The words that integrators know from ascp (aspera-node-api.md §10.2).
  if (!isAuthorized(grant, requestedPaths(hello))) throw unauthorized("Token doesn't match file-list");
  const key = grant.accessKeyId === undefined ? undefined : node.accessKeys.find(grant.accessKeyId);
  if (grant.accessKeyId !== undefined && !key) throw unauthorized('access key does not exist');
  return {
    root: key?.root ?? node.docroot,
    accessKeyId: key?.id,
    userId: grant.user,
    tokenType: key ? 'access_key_auth_token' : 'auth_token',
  };
}

/** The folder that `tags.aspera.node.file_id` names: paths of a gen4 transfer are relative to it. */
function folderOf(node: NodeContext, accessKeyId: string, hello: Hello): string {
  const key = node.accessKeys.find(accessKeyId);
  if (!key) throw unauthorized('access key does not exist');
  const fileId = textOf(valueAt(hello.tags, 'aspera', 'node', 'file_id'));
  if (fileId === undefined) return key.root;
  const path = node.fileIds.pathOfFileId(key, fileId);
  if (path === undefined) throw new AscpError(4, 'No such file or directory: file_id of the tags is not known');
  return locate(key.root, path);
}

/** Only access keys: since HSTS 4.3 a node user's Basic token is refused (aspera-node-api.md §1.4). */
function byBasicToken(node: NodeContext, hello: Hello, encoded: string): SessionGrant {
  const key = accessKeyOfBasic(node, encoded);
  if (!key) throw unauthorized('basic token is not of an access key of this node');
  return { root: folderOf(node, key.id, hello), accessKeyId: key.id, userId: undefined, tokenType: 'basic_token' };
}

async function byBearerToken(node: NodeContext, hello: Hello, token: string): Promise<SessionGrant> {
  const accessKeyId = textOf(valueAt(hello.tags, 'aspera', 'node', 'access_key'));
  const fileId = textOf(valueAt(hello.tags, 'aspera', 'node', 'file_id'));
  if (accessKeyId === undefined || fileId === undefined) {
    throw unauthorized('a bearer token needs access_key and file_id in tags.aspera.node');
  }
  const claims = claimsOfBearer(node, token, accessKeyId);
  if (!claims) throw unauthorized('bearer token is invalid or expired');
  const root = folderOf(node, accessKeyId, hello);
  const headers = { authorization: `Bearer ${token}`, 'x-aspera-accesskey': accessKeyId };
  const level = hello.direction === 'send' ? 'write' : 'read';
  if (!(await node.fileLevels(headers, fileId)).has(level)) {
    throw unauthorized(`the user of the bearer token has no permission to ${level} there`);
  }
  return { root, accessKeyId, userId: claims.userId, tokenType: 'bearer_token' };
}

/**
 * With a key that was registered for the transfer user, in the storage of whoever registered it. A user with permissions
 * of their own would get round these, so their key opens nothing without a token.
 */
function byKey(node: NodeContext, { user, sessionId }: Hello, proof: string): SessionGrant {
  const registrar = user === undefined ? undefined : node.publicKeys.registrarOf({ user, sessionId }, proof);
  if (!registrar?.isAdmin) throw new AscpError(19, 'Unable to authenticate');
  return { root: registrar.root, accessKeyId: registrar.accessKeyId, userId: undefined, tokenType: 'none' };
}

/** Without a token, the transfer user itself logs in; it shares the node user's password. */
function byPassword(node: NodeContext, { user, password }: Hello): SessionGrant {
  const isKnown = user === node.transferUser || user === node.username;
  if (!isKnown || password === undefined || !isSameSecret(password, node.password)) {
    throw new AscpError(19, 'Unable to authenticate');
  }
  return { root: node.docroot, accessKeyId: undefined, userId: undefined, tokenType: 'none' };
}

/** What a hello may reach, by its token, password or key (aspera-node-api.md §1.4); throws the ascp failure otherwise. */
export async function authorizeSession(node: NodeContext, hello: Hello): Promise<SessionGrant> {
  const { token, keyProof } = hello;
  if (token === undefined) return keyProof === undefined ? byPassword(node, hello) : byKey(node, hello, keyProof);
  if (token.startsWith('Basic ')) return byBasicToken(node, hello, token.slice('Basic '.length));
  if (token.startsWith('Bearer ')) return byBearerToken(node, hello, token.slice('Bearer '.length));
  return byTransferToken(node, hello, token);
}

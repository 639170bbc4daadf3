import type { SimulatorRequest } from '../kit/message.ts';
import { type AccessKey, isSameSecret } from './access-keys.ts';
import type { Authenticate, Caller } from './caller.ts';
import { refusal } from './errors.ts';
import { textOf } from './fields.ts';
import type { NodeContext } from './node-context.ts';
import { type BearerClaims, verifyBearerToken } from './tokens/bearer-token.ts';

type AccountsOf = Pick<NodeContext, 'accessKeys' | 'clock' | 'docroot' | 'username' | 'password'>;

/** Name and password of a Basic credential, with or without its scheme's name. */
export function readBasic(encoded: string): { readonly name: string; readonly secret: string } | undefined {
  const text = Buffer.from(encoded, 'base64').toString('utf8');
  const colon = text.indexOf(':');
  return colon < 0 ? undefined : { name: text.slice(0, colon), secret: text.slice(colon + 1) };
}

/** The access key that a Basic credential proves, or undefined. */
export function accessKeyOfBasic(node: AccountsOf, encoded: string): AccessKey | undefined {
  const basic = readBasic(encoded);
  const key = basic && node.accessKeys.find(basic.name);
  return key && isSameSecret(key.secret, basic.secret) ? key : undefined;
}

/** The claims of a bearer token that names an access key of this node, or undefined. */
export function claimsOfBearer(node: AccountsOf, token: string, accessKeyId: string): BearerClaims | undefined {
  const publicKey = node.accessKeys.find(accessKeyId)?.tokenVerificationKey;
  return publicKey === undefined
    ? undefined
    : verifyBearerToken(token, { accessKeyId, publicKey, now: node.clock.now() });
}

const nodeUser = (node: AccountsOf): Caller => ({
  kind: 'nodeUser',
  root: node.docroot,
  accessKeyId: undefined,
  userId: undefined,
  groupIds: [],
  isAdmin: true,
});

function basicCaller(node: AccountsOf, encoded: string): Caller {
  const basic = readBasic(encoded);
  if (basic?.name === node.username && isSameSecret(basic.secret, node.password)) return nodeUser(node);
  const key = accessKeyOfBasic(node, encoded);
  if (!key) throw refusal(401, 'Invalid credentials');
  return { ...nodeUser(node), kind: 'accessKey', root: key.root, accessKeyId: key.id };
}

function bearerCaller(node: AccountsOf, token: string, request: SimulatorRequest): Caller {
  const accessKeyId = textOf(request.headers['x-aspera-accesskey']);
  if (accessKeyId === undefined) throw refusal(401, 'X-Aspera-AccessKey is required with a bearer token');
  const claims = claimsOfBearer(node, token, accessKeyId);
  const key = node.accessKeys.find(accessKeyId);
  if (!claims || !key) throw refusal(401, 'Invalid or expired bearer token');
  const { userId, groupIds, isAdmin } = claims;
  return { kind: 'bearer', root: key.root, accessKeyId, userId, groupIds, isAdmin };
}

/**
 * Finds who calls: the node user or an access key by Basic authorization, or a user by a bearer token together with
 * X-Aspera-AccessKey (aspera-node-api.md §1.2, §1.3).
 */
export function createAuthenticate(node: AccountsOf): Authenticate {
  return (request) => {
    const [scheme, credential] = (request.headers.authorization ?? '').split(' ');
    if (credential === undefined) throw refusal(401, 'Authorization is required');
    if (scheme?.toLowerCase() === 'basic') return basicCaller(node, credential);
    if (scheme?.toLowerCase() === 'bearer') return bearerCaller(node, credential, request);
    throw refusal(401, 'Authorization scheme is not supported');
  };
}

/** As `authenticate`, for the endpoints that take Basic authorization only (aspera-node-api.md §1.2). */
export const basicOnly =
  (authenticate: Authenticate): Authenticate =>
  (request) => {
    const caller = authenticate(request);
    if (caller.kind === 'bearer') throw refusal(403, 'A bearer token is not allowed here');
    return caller;
  };

import { createPrivateKey } from 'node:crypto';
import { z } from 'zod';
import {
  actAs,
  checkForwarding,
  httpSource,
  type Report,
  renewEarlyMs,
  secret,
  type Unchecked,
  visibility,
  withRule,
} from '../../config/blocks.ts';
import type { Secret } from '../../config/secret.ts';

function isRsaPrivateKey(key: Secret): boolean {
  try {
    return createPrivateKey(key.reveal()).asymmetricKeyType === 'rsa';
  } catch {
    return false;
  }
}

const nodeUser = z
  .strictObject({
    username: z.string().min(1).describe('Name of the node user.'),
    password: secret.describe('Its password.'),
  })
  .describe('A node user: sees the docroot of its transfer user and every transfer of the tenant.');

const accessKey = z
  .strictObject({
    id: z.string().min(1).describe('Id of the access key.'),
    secret: secret.describe('Its secret.'),
  })
  .describe('An access key: sees its own storage root and the transfers made with it.');

const accessKeyId = z.string().regex(/^[^:\s]+$/, 'must be the id of an access key, without colon or space');

const bearer = z
  .strictObject({
    accessKey: accessKeyId.describe('Id of the access key whose token verification key belongs to `privateKey`.'),
    privateKey: secret
      .refine(isRsaPrivateKey, 'must hold an RSA private key as PEM')
      .describe('RSA private key (PEM) with which the tokens are signed.'),
    scope: z
      .enum(['user', 'admin'])
      .default('user')
      .describe('user: the node applies the viewer’s permissions. admin: the whole storage of the access key.'),
    lifeSeconds: z.int().min(60).max(86_400).default(3600).describe('Seconds for which a minted token is valid.'),
  })
  .describe('How tokens are minted for single viewers (actAs: viewer).');

/** Callers' bearer tokens are of one access key, whose id goes with them (aspera-node-api.md §1.2). */
function checkTokens(settings: Unchecked, report: Report): void {
  const { actAs: how, tokenScheme, tokenAccessKey } = settings;
  checkForwarding(settings, report);
  const isBearer = how === 'forward' && tokenScheme === 'bearer';
  if (isBearer && tokenAccessKey === undefined) {
    report(['tokenAccessKey'], 'is needed with actAs: forward: the access key that callers’ bearer tokens are of');
  }
  const isUnused = how === 'service' || how === 'viewer' || tokenScheme === 'basic';
  if (isUnused && tokenAccessKey !== undefined) {
    report(['tokenAccessKey'], 'is sent only with actAs: forward and tokenScheme: bearer');
  }
}

/** With `actAs: forward` the gateway may have no credential of its own. */
function checkOwnCredential({ actAs: how, nodeUser: user, accessKey: key }: Unchecked, report: Report): void {
  if (user !== undefined && key !== undefined) report([], 'needs only one of nodeUser and accessKey');
  const isNeeded = how === 'service' || how === 'viewer';
  if (isNeeded && user === undefined && key === undefined) report([], 'needs nodeUser or accessKey');
}

const memberOf = (value: unknown, name: string): unknown => Reflect.get(Object(value), name);

function checkBearer({ actAs: how, bearer: minting, renewEarlyMs: earlyMs }: Unchecked, report: Report): void {
  if (how === 'viewer' && minting === undefined) {
    report(['bearer'], 'actAs: viewer needs bearer, with which tokens are minted for viewers');
  }
  const life = memberOf(minting, 'lifeSeconds');
  if (typeof life === 'number' && typeof earlyMs === 'number' && life * 1000 <= earlyMs) {
    report(['bearer', 'lifeSeconds'], 'a token must live longer than renewEarlyMs');
  }
}

/** One Aspera node (HSTS) as it stands in the configuration. */
export const nodeConfig = withRule(
  z.strictObject({
    ...httpSource,
    ...actAs,
    tokenScheme: z
      .enum(['bearer', 'basic'])
      .default('bearer')
      .describe(
        'What callers’ tokens are (actAs: forward). bearer: bearer tokens of an access key, which may not call what takes paths. basic: name and password of a node user, or id and secret of an access key, with a colon between them, in base64.',
      ),
    tokenAccessKey: accessKeyId
      .optional()
      .describe('Id of the access key that callers’ bearer tokens are of (actAs: forward).'),
    visibility,
    renewEarlyMs,
    retentionHours: z
      .number()
      .positive()
      .default(36)
      .describe(
        'Hours for which the node keeps ended transfers: `activity_retention` of its aspera.conf. What is older is told to be unknown, never to be absent.',
      ),
    nodeUser: nodeUser.optional(),
    accessKey: accessKey.optional(),
    bearer: bearer.optional(),
  }),
  (settings, report) => {
    checkOwnCredential(settings, report);
    checkTokens(settings, report);
    checkBearer(settings, report);
  },
);

export type NodeConfig = z.output<typeof nodeConfig>;

import { createPrivateKey } from 'node:crypto';
import { z } from 'zod';
import { actAs, httpSource, renewEarlyMs, secret, visibility } from '../../config/blocks.ts';
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

const bearer = z
  .strictObject({
    accessKey: z
      .string()
      .regex(/^[^:\s]+$/, 'must be the id of an access key, without colon or space')
      .describe('Id of the access key whose token verification key belongs to `privateKey`.'),
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

/** One Aspera node (HSTS) as it stands in the configuration. */
export const nodeConfig = z
  .strictObject({
    ...httpSource,
    ...actAs,
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
  })
  .refine((config) => (config.nodeUser === undefined) !== (config.accessKey === undefined), {
    message: 'needs exactly one of nodeUser and accessKey',
  })
  .refine((config) => config.actAs === 'service' || config.bearer !== undefined, {
    message: 'actAs: viewer needs bearer, with which tokens are minted for viewers',
    path: ['bearer'],
  })
  .refine((config) => config.bearer === undefined || config.bearer.lifeSeconds * 1000 > config.renewEarlyMs, {
    message: 'a token must live longer than renewEarlyMs',
    path: ['bearer', 'lifeSeconds'],
  });

export type NodeConfig = z.output<typeof nodeConfig>;

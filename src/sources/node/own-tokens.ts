import { createPrivateKey } from 'node:crypto';
import { SourceError } from '../../transport/source-error.ts';
import { mintBearerToken } from './bearer-token.ts';
import type { NodeConfig } from './config.ts';
import type { OwnTokenKind } from './types.ts';

/** A token for a transfer spec that no server was asked for, as the spec spells it (aspera-node-api.md §1.4). */
export interface OwnToken {
  readonly token: string;
  readonly accessKey: string;
  /** Undefined for a secret, which does not end. */
  readonly expiresAt: Date | undefined;
}

export interface OwnTokenRequest {
  readonly kind: OwnTokenKind;
  /** Seconds for which a bearer token is to be valid; what the configuration says when left out. */
  readonly lifeSeconds: number | undefined;
}

/** Makes tokens from what the configuration holds. @throws SourceError when it does not hold what is needed */
export type MakeOwnToken = (request: OwnTokenRequest, subject: string | undefined) => OwnToken;

type Refuse = (message: string, code?: 'BAD_INPUT' | 'SOURCE_FORBIDDEN') => SourceError;

/**
 * Of scope `user` whatever the gateway's own tokens have: with one of scope `admin` a spec would open the whole storage
 * to whoever holds it.
 */
function createMint({ bearer, name }: NodeConfig, now: () => number, refuse: Refuse) {
  const privateKey = bearer && createPrivateKey(bearer.privateKey.reveal());
  return (lifeSeconds: number | undefined, subject: string | undefined): OwnToken => {
    if (bearer === undefined || privateKey === undefined || subject === undefined) {
      throw refuse(`${name} has no bearer tokens: they are made where the source acts as the viewer (actAs: viewer).`);
    }
    const life = lifeSeconds ?? bearer.lifeSeconds;
    if (life > bearer.lifeSeconds) {
      throw refuse(`A bearer token of ${name} is valid for at most ${bearer.lifeSeconds} seconds.`, 'BAD_INPUT');
    }
    const { accessKey } = bearer;
    // The payload has whole seconds only, and the node compares with those.
    const expiresAtMs = (Math.floor(now() / 1000) + life) * 1000;
    const token = mintBearerToken({ accessKey, privateKey, scope: 'user', userId: subject, expiresAtMs });
    return { token: `Bearer ${token}`, accessKey, expiresAt: new Date(expiresAtMs) };
  };
}

/** Whoever has a token of the node needs none of the gateway's, and gets none that opens more. */
const forwards = ({ name }: NodeConfig) =>
  `${name} is called with the tokens of its callers: the gateway makes none for it, and lends nobody its own.`;

/** Since HSTS 4.3 only access keys may be used so, not node users (aspera-node-api.md §10.4). */
function basicToken({ accessKey, actAs, name }: NodeConfig, refuse: Refuse): OwnToken {
  if (actAs === 'viewer') throw refuse(`${name} acts in the viewer's name and lends nobody the gateway's own secret.`);
  if (accessKey === undefined) {
    throw refuse(`${name} is called as a node user, and nodes take Basic tokens of access keys only.`);
  }
  const { id, secret } = accessKey;
  const token = `Basic ${Buffer.from(`${id}:${secret.reveal()}`).toString('base64')}`;
  return { token, accessKey: id, expiresAt: undefined };
}

export function createOwnTokens(config: NodeConfig, now: () => number): MakeOwnToken {
  const refuse: Refuse = (message, code = 'SOURCE_FORBIDDEN') =>
    new SourceError(code, message, { source: config.name });
  const mint = createMint(config, now, refuse);
  return ({ kind, lifeSeconds }, subject) => {
    if (config.actAs === 'forward') throw refuse(forwards(config));
    if (kind === 'BEARER') return mint(lifeSeconds, subject);
    if (lifeSeconds === undefined) return basicToken(config, refuse);
    throw refuse('A secret has no life: leave `tokenLifeSeconds` out, or ask for a bearer token.', 'BAD_INPUT');
  };
}

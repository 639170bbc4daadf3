import { createPrivateKey, type KeyObject } from 'node:crypto';
import { z } from 'zod';
import {
  actAs,
  checkForwarding,
  httpSource,
  milliseconds,
  type Report,
  renewEarlyMs,
  secret,
  type Unchecked,
  visibility,
  withRule,
} from '../../config/blocks.ts';

/** RS256 refuses shorter keys (RFC 7518 §3.3). */
const MIN_MODULUS_BITS = 2048;

/** Reads PKCS#8 ("PRIVATE KEY") and PKCS#1 ("RSA PRIVATE KEY"); an OpenSSH key is refused by Node, as by IBM's tools. */
export function readPrivateKey(pem: string): KeyObject | undefined {
  try {
    // Environment files hold no line breaks, so keys come with `\n` spelt out; no PEM has a backslash of its own.
    const key = createPrivateKey(pem.replaceAll('\\n', '\n'));
    const bits = key.asymmetricKeyDetails?.modulusLength ?? 0;
    return key.asymmetricKeyType === 'rsa' && bits >= MIN_MODULUS_BITS ? key : undefined;
  } catch {
    return undefined;
  }
}

const privateKey = secret.refine(
  (value) => readPrivateKey(value.reveal()) !== undefined,
  'must be an unencrypted RSA key of at least 2048 bits in PEM (openssl genrsa 2048); Faspex knows no OpenSSH keys',
);

/** Callers bring tokens of their own with `actAs: forward`; whatever else is asked for needs the API client. */
function checkGrant(settings: Unchecked, report: Report): void {
  const { actAs: how, clientId, privateKey: key, serviceUser } = settings;
  checkForwarding(settings, report);
  if (how !== 'service' && how !== 'viewer') return;
  if (clientId === undefined) report(['clientId'], 'is missing');
  if (key === undefined) report(['privateKey'], 'is missing');
  if (how === 'service' && serviceUser === undefined) {
    report(['serviceUser'], 'is needed with actAs: service: the Faspex user in whose name the gateway acts');
  }
}

/**
 * One Faspex 5 server: a JWT-bearer API client of it (aspera-apps-api.md §2.1), and whom it acts for; or the header in
 * which callers send tokens of it.
 */
export const faspexConfig = withRule(
  z.strictObject({
    ...httpSource,
    url: httpSource.url.describe('Root of Faspex 5, normally https://HOST/aspera/faspex.'),
    ...actAs,
    visibility,
    clientId: z
      .string()
      .min(1)
      .optional()
      .describe(
        'Client id of the API client (Admin > Configurations > API clients) with JWT grant enabled. Not needed with actAs: forward.',
      ),
    privateKey: privateKey
      .optional()
      .describe(
        'RSA private key, PEM, whose public half the API client or the user has. Not needed with actAs: forward.',
      ),
    clientSecret: secret.optional().describe('Secret of a confidential API client; most JWT clients need none.'),
    serviceUser: z
      .string()
      .min(1)
      .optional()
      .describe('Username or e-mail of the Faspex user the gateway acts as (needed with actAs: service).'),
    clockSkewMs: milliseconds
      .default(300_000)
      .describe('Milliseconds by which the times in a signed assertion are set back, for clocks that differ.'),
    renewEarlyMs,
    tokenPath: z
      .string()
      .startsWith('/', 'must start with /')
      .default('/auth/token')
      .describe('Path of the token endpoint below the root.'),
  }),
  checkGrant,
);

export type FaspexConfig = z.output<typeof faspexConfig>;

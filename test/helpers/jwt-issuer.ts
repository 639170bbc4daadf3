import { exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose';
import { type Served, serve } from './serve.ts';

/** An identity provider: a real server that publishes its keys, and the private halves to sign tokens with. */
export interface JwtIssuer {
  readonly issuer: string;
  readonly audience: string;
  readonly jwksUrl: string;
  readonly server: Served;
  /** The public key that signs at present. */
  publicKey(): JWK;
  /** A token that is good for five minutes unless the claims say otherwise; `undefined` leaves a claim out. */
  sign(claims?: Readonly<Record<string, unknown>>): Promise<string>;
  /** Signs with a new key from now on. `publish` false: without telling anybody. */
  rotate(options?: { publish: boolean }): Promise<void>;
  /** Answers every later request for its keys in this way; nothing given: as it should. */
  answerWith(status?: number, body?: string): void;
}

async function createKey(number: number) {
  const { publicKey, privateKey } = await generateKeyPair('ES256', { extractable: true });
  const kid = `key-${number}`;
  return { kid, privateKey, publicKey: { ...(await exportJWK(publicKey)), kid, alg: 'ES256', use: 'sig' } };
}

export async function startJwtIssuer(issuer = 'https://login.example.com/'): Promise<JwtIssuer> {
  let key = await createKey(1);
  let number = 1;
  let published = [key.publicKey];
  let fault: { status: number; body: string } | undefined;
  const server = await serve((_request, response) => {
    response.statusCode = fault?.status ?? 200;
    response.setHeader('content-type', 'application/json');
    response.end(fault?.body ?? JSON.stringify({ keys: published }));
  });
  const audience = 'gateway';
  return {
    issuer,
    audience,
    jwksUrl: `${server.origin}/jwks.json`,
    server,
    publicKey: () => key.publicKey,
    sign: (claims = {}) => {
      const seconds = Math.floor(Date.now() / 1000);
      const standard = { iss: issuer, aud: audience, sub: 'ada', iat: seconds, exp: seconds + 300 };
      return new SignJWT({ ...standard, ...claims })
        .setProtectedHeader({ alg: 'ES256', kid: key.kid })
        .sign(key.privateKey);
    },
    rotate: async ({ publish } = { publish: true }) => {
      number += 1;
      key = await createKey(number);
      if (publish) published = [...published, key.publicKey];
    },
    answerWith: (status, body) => {
      fault = status === undefined ? undefined : { status, body: body ?? '' };
    },
  };
}
